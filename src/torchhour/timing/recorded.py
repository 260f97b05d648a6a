"""Times that were recorded on a machine with an accelerator, for pages built on one without.

Each is a file that ``python -m torchhour.timing.record`` wrote there; nobody types numbers in. There need
be none. Reading them takes no torch.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Where recordings lie; lessons and notebooks carry it along.
FOLDER = Path(__file__).parent / "recordings"
HEAD = "# Written by python -m torchhour.timing.record from what it measured. Record anew instead of editing.\n"


class RecordingError(RuntimeError):
    """A recording cannot be used; the message has the file, the fault and the remedy."""


@dataclass(frozen=True)
class Recording:
    """What a machine measured: the median seconds of a training step, by width, in float32 and in bfloat16.

    ``device`` is the accelerator's name, ``kind`` its type as PyTorch writes it, such as
    ``cuda``. ``torch`` is the version with what it was built for, ``batch`` the pictures in a batch.
    """

    device: str
    kind: str
    torch: str
    system: str
    date: datetime.date
    batch: int
    float32: Mapping[int, float]
    bfloat16: Mapping[int, float]

    def toml(self) -> str:
        """The recording as the text of its file.

        >>> day = datetime.date(2026, 1, 31)
        >>> print(Recording("a name", "cpu", "2.0", "Linux", day, 4, {6: 0.5}, {6: 0.25}).toml().partition("\\n")[2])
        device = "a name"
        kind = "cpu"
        torch = "2.0"
        system = "Linux"
        date = 2026-01-31
        batch = 4
        <BLANKLINE>
        [float32] # seconds of a training step, by width
        6 = 0.5
        <BLANKLINE>
        [bfloat16] # the same under autocast
        6 = 0.25
        <BLANKLINE>
        """
        texts = "".join(f'{name} = "{plain(getattr(self, name))}"\n' for name in ("device", "kind", "torch", "system"))
        numbers = f"date = {self.date.isoformat()}\nbatch = {self.batch}\n"
        wide = f"\n[float32] # seconds of a training step, by width\n{_lines(self.float32)}"
        return HEAD + texts + numbers + wide + f"\n[bfloat16] # the same under autocast\n{_lines(self.bfloat16)}"


def plain(text: str) -> str:
    """Text without what a string of TOML would have to escape.

    >>> plain('a "name"')
    'a  name '
    """
    return re.sub(r'["\\\x00-\x1f\x7f]', " ", text)


def _lines(seconds: Mapping[int, float]) -> str:
    return "".join(f"{width} = {value!r}\n" for width, value in seconds.items())


def read_recording(path: Path) -> Recording:
    """Read one file.

    Raises ``RecordingError`` where it is no recording.

    >>> import tempfile
    >>> recording = Recording("a", "cpu", "2.0", "Linux", datetime.date(2026, 1, 31), 4, {6: 0.5}, {6: 0.25})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.toml")
    ...     _ = path.write_text(recording.toml(), "utf-8")
    ...     read_recording(path) == recording
    True
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        seconds = {name: _by_width(values.pop(name)) for name in ("float32", "bfloat16")}
        return Recording(**values, **seconds)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        remedy = "record anew with `python -m torchhour.timing.record`, or delete it"
        raise RecordingError(f"{path}: not a recording ({error}); {remedy}") from error


def _by_width(table: Mapping[str, object]) -> dict[int, float]:
    seconds = {int(width): float(value) for width, value in table.items()}
    if not seconds or min(seconds.values()) <= 0:
        raise ValueError("seconds are positive, and at least one width has them")
    return seconds


def recordings(folder: Path | None = None) -> list[Recording]:
    """All recordings in a folder, by default the library's own, in the order of their file names; there may be none.

    Raises ``RecordingError`` where one of them is none.

    >>> recordings(Path("no such folder"))
    []
    """
    return [read_recording(path) for path in sorted((folder or FOLDER).glob("*.toml"))]
