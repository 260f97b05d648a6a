"""What a lesson measured, which no second run repeats: where two runs are compared, it is masked.

Only the lessons below measure. A time stands right before its unit where they print it, ``12.3 ms``, and a
ratio of times before its sign, ``4.1×``; a figure that shows times says "seconds" or "milliseconds" on an
axis. All else that they print and draw has to be the same.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping

#: The lessons that may print what they measured; no other does.
LESSONS = ("60_training_faster", "70_accelerators", "95_solutions")
#: A number right before a unit, or a fraction before the sign of a ratio, and the blanks that align it.
NUMBER = re.compile(r" *\d[\d,]*(?:\.\d+)?(?= ?(?:s|ms|seconds|images/s)\b)| *\d+\.\d+(?=×(?!\d))")
#: What an axis of measured times says, in each language.
UNIT = re.compile(r"seconds|秒")
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
ENCODED = re.compile(r"(?<=data:image/svg\+xml;base64,)[A-Za-z0-9+/=]+")
#: What is put together from the texts of all lessons.
TOGETHER = ("searchindex.js", "searchtexts.js")


def masked(files: Mapping[str, bytes] | None) -> dict[str, bytes]:
    """The files of a tree, by name, without what was measured; of an archive, what is in it.

    >>> masked({"70_accelerators.rst": b"took 12.3 ms, 5 steps", "30_networks.rst": b"took 12.3 ms"})
    {'70_accelerators.rst': b'took# ms, 5 steps', '30_networks.rst': b'took 12.3 ms'}
    """
    found = {}
    for name, content in (files or {}).items():
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {f"{name}/{member}": archive.read(member) for member in archive.namelist()}
            found |= masked(inside)
        else:
            found[name] = _without(name, content)
    return found


def _without(name: str, content: bytes) -> bytes:
    measures = any(lesson in name for lesson in LESSONS) or name.endswith(TOGETHER)
    if not measures and b"<svg" not in content:
        return content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    text = DRAWING.sub(lambda drawing: undrawn(drawing[0]), text)
    if measures:
        text = timeless(ENCODED.sub(lambda data: undrawn(base64.b64decode(data[0]).decode()), text))
    return text.encode()


def timeless(text: str) -> str:
    """A text without the times in it.

    >>> timeless("6        1.83 ms, 12 steps of 3×32 in 0.1 s: 4.1×")
    '6# ms, 12 steps of 3×32 in# s:#×'
    """
    return NUMBER.sub("#", text)


def undrawn(svg: str) -> str:
    """A drawing, unless it shows times: of those, only the words, whose numbers are measured as well.

    >>> undrawn("<svg><text>12</text><text>seconds a step</text></svg>"), undrawn("<svg><text>12</text></svg>")
    ('seconds a step', '<svg><text>12</text></svg>')
    """
    words = re.findall(r"<text\b[^>]*>([^<]*)</text>", svg)
    if not any(map(UNIT.search, words)):
        return svg
    return " ".join(word for word in words if not re.fullmatch(r"[\d.,−-]*", word))
