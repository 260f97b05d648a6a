"""Copies of a script, aligned by their code: what stands at the same place in each, and where their code differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest

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

    @property
    def key(self) -> str:
        """What is the same in every language: code, or the kind of what is not."""
        return f"{CODE} {self.lines[0][0]}" if self.kind == CODE else self.kind


#: What stands at one place, by language.
Row = dict[str, Item]


@dataclass(frozen=True)
class Difference:
    """Lines of code that are not the same in two languages; where one has none, it is empty."""

    languages: tuple[str, str]
    lines: tuple[Line | None, Line | None]


def aligned(copies: Mapping[str, Copy], base: str) -> tuple[list[Row], list[Difference]]:
    """The rows in the order of the copy ``base``, and all differences of code from it."""
    items = {code: list(_items(copy)) for code, copy in copies.items()}
    rows: list[Row] = [{base: item} for item in items[base]]
    inserted: dict[int, list[Row]] = defaultdict(list)
    differences = []
    for code in (code for code in copies if code != base):
        own, other = items[base], items[code]
        matcher = SequenceMatcher(None, [item.key for item in own], [item.key for item in other], autojunk=False)
        for _, begin, end, first, last in matcher.get_opcodes():
            mine, theirs = own[begin:end], other[first:last]
            pairs = _pairs(mine, theirs)
            for index, item in enumerate(theirs):
                if index in pairs:
                    rows[begin + pairs[index]][code] = item
                elif kept := _without_code(item):
                    place = _free(own, copies[base], begin + min(index, end - begin), kept)
                    _insert(inserted[place], code, kept)
            differences += _differences(mine, theirs, (base, code))
    placed = [row for index in range(len(rows) + 1) for row in (*inserted[index], *rows[index : index + 1])]
    return placed, differences


def _pairs(mine: list[Item], theirs: list[Item]) -> dict[int, int]:
    """Of each kind that both have as often, one after the other: the place in theirs, and the one in mine."""
    pairs = {}
    for kind in (CODE, COMMENT, PROSE):
        own, other = ([index for index, item in enumerate(items) if item.kind == kind] for items in (mine, theirs))
        if len(own) == len(other):
            pairs |= dict(zip(other, own, strict=True))
    return pairs


def _without_code(item: Item) -> Item | None:
    """What is kept of an item at whose place the base has none."""
    if item.kind != CODE:
        return item
    text, number = item.lines[0]
    indent = text[: len(text) - len(text.lstrip())]
    return Item(COMMENT, [(f"{indent}# {item.note}", number)]) if item.note else None


def _free(own: list[Item], copy: Copy, place: int, item: Item) -> int:
    """The place nearest to this one where prose or a comment cuts no code."""
    if item.kind == PROSE:
        while place < len(own) and own[place].kind != PROSE and own[place].lines[0][1] in copy.inside:
            place += 1
    return place


def _insert(rows: list[Row], code: str, item: Item) -> None:
    """Put prose or a comment where others inserted the same kind, or below all."""
    for row in rows:
        if code not in row and next(iter(row.values())).kind == item.kind:
            row[code] = item
            return
    rows.append({code: item})


def _differences(mine: list[Item], theirs: list[Item], languages: tuple[str, str]) -> Iterator[Difference]:
    own, other = ([item.lines[0] for item in items if item.kind == CODE] for items in (mine, theirs))
    for one, two in zip_longest(own, other):
        if not (one and two and one[0] == two[0]):
            yield Difference(languages, (one, two))


def _items(copy: Copy) -> Iterator[Item]:
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
