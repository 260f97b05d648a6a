"""What things to play with have in common: computed by PyTorch, drawn without a script, moved by a small one."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
#: What takes the focus. JupyterLab has a use of its own for arrow keys, unless what has the focus refuses.
FOCUSED = re.compile(r'<(?:button|input|select)\b|\btabindex="0"')
REFUSED = ' data-lm-suppress-shortcuts="true"'


@dataclass
class Thing:
    """A thing to play with: what a page or a notebook shows of the last line of a cell.

    ``kind`` names its script, ``kind.js``, which defines ``start``; ``data`` is what the script moves through,
    ``figure`` what is seen without one, and ``controls`` the HTML that only a script brings to life. ``words``
    are those that the script itself writes: it finds each by its key, in the language of the page. What is heavy
    goes into ``later``, a text that the script is given once the reader comes near.

    Raises ``ValueError`` where ``data`` holds a number that is none, such as nan.

    >>> thing = Thing("descend", {"x": [0.5]}, "<svg></svg>", words={"step": "step"})
    >>> "data-thing" in thing._repr_html_()
    True
    """

    kind: str
    data: Mapping[str, object]
    figure: str
    controls: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    later: str = ""

    def __post_init__(self) -> None:
        for place in _not_finite(self.data, ""):
            message = f"{self.kind} was given a number that cannot be shown, at {place.lstrip('.')}"
            raise ValueError(
                f"{message}; look for a division by zero, a log of 0, or a learning rate that is too large"
            )

    def _repr_html_(self) -> str:
        """The figure, what moves it, and the words that it says."""
        data = html.escape(json.dumps(self.data, ensure_ascii=False, separators=(",", ":")))
        words = "".join(f'<span data-word="{key}">{html.escape(word)}</span>' for key, word in self.words.items())
        styles = (
            path.read_text("utf-8") for path in (FOLDER / "thing.css", FOLDER / f"{self.kind}.css") if path.exists()
        )
        controls = FOCUSED.sub(rf"\g<0>{REFUSED}", self.controls)
        needs = ""
        later = ""
        if self.later:
            needs = f' data-needs="{self.kind}"'
            later = f'<script data-when="shown">{_delivery(self.kind, self.later)}</script>'
        return (
            f'<div class="torchhour-thing torchhour-{self.kind}" role="group" data-thing="{data}"{needs}>'
            f"<style>{''.join(styles)}</style>{self.figure}"
            f'<div class="torchhour-controls" hidden>{controls}</div><div hidden>{words}</div>'
            f"<script>{_script(self.kind)}</script>{later}</div>"
        )


def _script(kind: str) -> str:
    """The script of a kind of thing, within what all have in common."""
    around, own = (FOLDER.joinpath(f"{name}.js").read_text("utf-8") for name in ("thing", kind))
    return around.replace("/* the script */", own).replace("/* the kind */", kind)


def _delivery(kind: str, text: str) -> str:
    """A script that hands a text to the things that need it."""
    return (
        f"for (const thing of document.querySelectorAll('[data-needs=\"{kind}\"]'))"
        f' thing.dispatchEvent(new CustomEvent("torchhour", {{ detail: {json.dumps(text)} }}));'
    )


def _not_finite(value: object, place: str) -> Iterator[str]:
    """Where numbers are none."""
    if isinstance(value, float) and not math.isfinite(value):
        yield place
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _not_finite(inside, f"{place}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inside in enumerate(value):
            yield from _not_finite(inside, f"{place}[{index}]")


def rounded(value: float, digits: int = 6) -> float:
    """A number in as many digits as a page can use, so that it takes less room.

    >>> rounded(0.123456789), rounded(1234567.89)
    (0.123457, 1234570.0)
    """
    return float(f"{value:.{digits}g}")
