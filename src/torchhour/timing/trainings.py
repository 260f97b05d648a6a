"""What lesson 60 reached on real CIFAR-10, as recorded by ``tests/measure_training.py``; nobody types numbers in.

Each file holds some runs of the lesson on one machine, with the seconds of each training and the share of
pictures that the network named rightly afterwards.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from torchhour.timing.recorded import RecordingError, plain

#: Where these recordings lie; lessons and notebooks carry it along.
FOLDER = Path(__file__).parent / "trainings"
HEAD = "# Written by tests/measure_training.py from what it measured. Measure anew instead of editing.\n"
LISTS = ("seconds", "validation", "test")


@dataclass(frozen=True)
class Row:
    """One way to train, run by run: its seconds, and the shares of right answers, from 0 to 1.

    ``test`` is empty where the network was not shown the test set.

    >>> Row([2.0, 4.0], [0.5, 0.75], []).mean("seconds")
    3.0
    """

    seconds: Sequence[float]
    validation: Sequence[float]
    test: Sequence[float]

    def mean(self, name: str) -> float:
        """The mean of ``seconds``, ``validation`` or ``test`` over the runs; raises where it has none."""
        return mean(getattr(self, name))


@dataclass(frozen=True)
class Trainings:
    """The ways to train by name, in the order in which the lesson tries them, and what they ran on."""

    cpu: str
    cores: int
    torch: str
    torchvision: str
    system: str
    date: datetime.date
    rows: Mapping[str, Row]

    def toml(self) -> str:
        """The recording as the text of its file.

        >>> row = Row([2.5], [0.5], [])
        >>> print(Trainings("a CPU", 2, "2.0", "0.1", "Linux", datetime.date(2026, 1, 31), {"one": row}).toml())
        # Written by tests/measure_training.py from what it measured. Measure anew instead of editing.
        cpu = "a CPU"
        torch = "2.0"
        torchvision = "0.1"
        system = "Linux"
        cores = 2
        date = 2026-01-31
        <BLANKLINE>
        [rows."one"]
        seconds = [2.5]
        validation = [0.5]
        test = []
        <BLANKLINE>
        """
        texts = "".join(
            f'{name} = "{plain(getattr(self, name))}"\n' for name in ("cpu", "torch", "torchvision", "system")
        )
        numbers = f"cores = {self.cores}\ndate = {self.date.isoformat()}\n"
        return HEAD + texts + numbers + "".join(map(_lines, self.rows, self.rows.values()))


def _lines(name: str, row: Row) -> str:
    return f'\n[rows."{name}"]\n' + "".join(f"{kind} = {list(getattr(row, kind))!r}\n" for kind in LISTS)


def read_trainings(path: Path) -> Trainings:
    """Read one file.

    Raises ``RecordingError`` where it is no recording of trainings.

    >>> import tempfile
    >>> made = Trainings("a", 2, "2.0", "0.1", "Linux", datetime.date(2026, 1, 31), {"one": Row([2.5], [0.5], [])})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.toml")
    ...     _ = path.write_text(made.toml(), "utf-8")
    ...     read_trainings(path) == made
    True
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        rows = {name: Row(**{kind: row.pop(kind) for kind in LISTS}, **row) for name, row in values.pop("rows").items()}
        if not rows or any(min(row.seconds) <= 0 for row in rows.values()):
            raise ValueError("seconds are positive, and at least one training has them")
        return Trainings(**values, rows=rows)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        remedy = "measure anew with `python tests/measure_training.py`, or delete it"
        raise RecordingError(f"{path}: not a recording of trainings ({error}); {remedy}") from error


def all_trainings(folder: Path | None = None) -> list[Trainings]:
    """All recordings in a folder, by default the library's own, in the order of their file names; there may be none.

    Raises ``RecordingError`` where one of them is none.

    >>> all_trainings(Path("no such folder"))
    []
    """
    return [read_trainings(path) for path in sorted((folder or FOLDER).glob("*.toml"))]
