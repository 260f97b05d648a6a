"""Faults in what authors write, and how they are told: the thing, the place and the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.errors import SphinxError

#: Lines of a notebook have numbers, too: line 2 of cell 3 is 3002.
CELL = 1000


def is_cell_line(path: Path | str, line: int) -> bool:
    """Whether this is a line of a notebook's cell, and not one of its file."""
    return str(path).endswith(".ipynb") and line > CELL


class LineOf(int):
    """The number of a line that stands in another file than its lesson's: in ``path``."""

    path: Path

    def __new__(cls, number: int, path: Path):
        line = super().__new__(cls, number)
        line.path = path
        return line

    def __getnewargs__(self) -> tuple[int, Path]:
        return int(self), self.path

    def __add__(self, more: int) -> LineOf:
        return LineOf(int(self) + more, self.path)


def file_of(path: Path | str, line: int) -> Path | str:
    """The file in which a line of the lesson at ``path`` stands."""
    return line.path if isinstance(line, LineOf) else path


def place(path: Path | str, line: int) -> str:
    """A file and a line, as messages tell it.

    >>> place("10_means.py", 7), place("10_means.py", LineOf(7, Path("10_means.fr.py"))), place("10_means.ipynb", 3002)
    ('10_means.py:7', '10_means.fr.py:7', '10_means.ipynb: cell 3, line 2')
    """
    if is_cell_line(path, line):
        return f"{path}: cell {line // CELL}, line {line % CELL}"
    return f"{file_of(path, line)}:{int(line)}"


def line_name(path: Path | str, line: int) -> str:
    """What goes on after "line" or "lines" where a message names one of the same lesson.

    >>> line_name("10_means.py", 7), line_name("10_means.py", LineOf(7, Path("10_means.fr.py")))
    ('7', '7 of 10_means.fr.py')
    >>> line_name("10_means.ipynb", 3002)
    '2 of cell 3'
    """
    if is_cell_line(path, line):
        return f"{line % CELL} of cell {line // CELL}"
    return f"{int(line)} of {line.path.name}" if isinstance(line, LineOf) else str(line)


class SourceError(Exception):
    """A fault in a source file: the thing, the place and the remedy; ``also`` are those found with it."""

    def __init__(self, path: Path | str, line: int, message: str):
        path = file_of(path, line)
        super().__init__(f"{place(path, line)}: {message}")
        self.path, self.line, self.message = path, line, message
        self.also: list[SourceError] = []

    def __reduce__(self) -> tuple:
        return SourceError, (self.path, self.line, self.message)


def raise_all(faults: list[SourceError]) -> None:
    """Raise the first fault, if there is one; the others go with it."""
    if faults:
        first, *first.also = faults
        raise first


def hand_on(faults: list[SourceError], found: list[SourceError] | None) -> None:
    """Hand faults on to ``found``, so that reading goes on; without that list, raise them."""
    if found is None:
        raise_all(faults)
    else:
        found += faults


class LessonError(SphinxError):
    """Faults in the lessons, one a line."""

    category = "Lesson error"


def told(found: Iterable[SourceError], confdir: Path) -> str:
    """Faults, one a line, in the order of their files and lines."""
    in_order = sorted(found, key=lambda fault: (str(fault.path), fault.line))
    return "\n".join(map(str, in_order)).replace(f"{confdir}{os.sep}", "")
