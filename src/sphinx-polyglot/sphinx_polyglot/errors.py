"""Faults in what authors write, and how they are told: the thing, the place and the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.errors import SphinxError

#: Lines of a notebook have numbers, too: line 2 of cell 3 is 3002.
CELL = 1000


def place(path: Path | str, line: int) -> str:
    """A file and a line, as messages tell it.

    >>> place("10_means.py", 7), place("10_means.ipynb", 3002)
    ('10_means.py:7', '10_means.ipynb: cell 3, line 2')
    """
    if is_cell_line(path, line):
        return f"{path}: cell {line // CELL}, line {line % CELL}"
    return f"{path}:{line}"


def line_name(path: Path | str, line: int) -> str:
    """What goes on after "line" or "lines" where a message names one of the same file.

    >>> line_name("10_means.py", 7), line_name("10_means.ipynb", 3002)
    ('7', '2 of cell 3')
    """
    return f"{line % CELL} of cell {line // CELL}" if is_cell_line(path, line) else str(line)


def is_cell_line(path: Path | str, line: int) -> bool:
    """Whether this is a line of a notebook's cell, and not one of its file."""
    return str(path).endswith(".ipynb") and line > CELL


class SourceError(Exception):
    """A fault in a source file: the thing, the place and the remedy; ``also`` are those found with it."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{place(path, line)}: {message}")
        self.path, self.line, self.message = path, line, message
        self.also: list[SourceError] = []


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
