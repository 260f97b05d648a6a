"""Copies of a script, aligned by their code: what stands at the same place in each, and where their code differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from sphinx_polyglot.moving.copies import Copy
from sphinx_polyglot.moving.items import CODE, COMMENT, PROSE, Item, items_of
from sphinx_polyglot.source.marks import Line

#: What stands at one place, by language.
Row = dict[str, Item]


@dataclass(frozen=True)
class Difference:
    """Lines of code that are not the same in two languages; where one has none, it is empty."""

    languages: tuple[str, str]
    lines: tuple[Line | None, Line | None]


def aligned(copies: Mapping[str, Copy], base: str) -> tuple[list[Row], list[Difference]]:
    """The rows in the order of the copy ``base``, and all differences of code from it."""
    items = {code: list(items_of(copy)) for code, copy in copies.items()}
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
