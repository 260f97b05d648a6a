"""What a copy holds, one after the other: lines of code, comments, prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from sphinx_polyglot.moving.copies import Cell, Copy
from sphinx_polyglot.source.marks import Line
from sphinx_polyglot.source.stray import PRAGMA

CODE, COMMENT, PROSE = "code", "comment", "prose"


@dataclass(frozen=True)
class Item:
    """A line of code, a run of comments, or the cells of prose between two cells of code.

    ``note`` is the comment behind a line of code, which stands as ``written`` in the copy; ``gap`` counts the blank
    lines above.
    """

    kind: str
    lines: list[Line]
    gap: int = 0
    note: str = ""
    written: str = ""
    cells: list[list[Line]] = field(default_factory=list)


def items_of(copy: Copy) -> Iterator[Item]:
    """The items of a copy, in order."""
    stretch: list[list[Line]] = []
    gap = 0
    for cell in [*copy.cells, Cell(False, [])]:
        if cell.is_prose:
            stretch.append(cell.lines)
            continue
        if stretch:
            yield Item(PROSE, stretch[0], gap, cells=stretch)
            stretch = []
        yield from _of_code(copy, cell.lines)
        gap = len(list(takewhile(lambda line: not line[0].strip(), reversed(cell.lines))))


def _of_code(copy: Copy, lines: list[Line]) -> Iterator[Item]:
    """The items of one cell: comments that follow one another are one item, each line of code is one."""
    gap, run, above = 0, [], 0
    for text, number in [*lines, ("", 0)]:
        code, note = _parted(copy, text, number)
        if note is not None and not code:
            above, run, gap = (above if run else gap), [*run, (text, number)], 0
            continue
        if run:
            yield Item(COMMENT, run, above)
            run = []
        if code or number in copy.joined:
            yield Item(CODE, [(code, number)], gap, note or "", text)
            gap = 0
        else:
            gap += 1


def _parted(copy: Copy, text: str, number: int) -> tuple[str, str | None]:
    """The code in a line and its comment; what tools read in a comment is code."""
    column = copy.comments.get(number)
    note = None if column is None else comment_text(text[column:])
    if note is None or PRAGMA.match(note):
        return (text if number + 1 in copy.joined else text.rstrip()), None
    return text[:column].rstrip(), note


def comment_text(comment: str) -> str:
    """A comment without its number sign and the blank after it."""
    return comment.strip().lstrip("#").removeprefix(" ")
