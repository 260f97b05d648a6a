"""Copies of a script, aligned by their code: what stands at the same place in each, and where their code differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest

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
    own = list(items_of(copies[base]))
    rows: list[Row] = [{base: item} for item in own]
    inserted: dict[int, list[Row]] = defaultdict(list)
    differences = []
    for code in (code for code in copies if code != base):
        other = list(items_of(copies[code]))
        for (above, first), (end, last) in pairwise(_anchors(own, other)):
            mine, theirs = own[above + 1 : end], other[first + 1 : last]
            for place, has_partner, item in _placed(mine, theirs, above + 1):
                if has_partner:
                    rows[place][code] = item
                elif kept := _without_code(item):
                    _insert(inserted[_free(own, copies[base], place, kept)], code, kept)
            if last < len(other):
                rows[end][code] = other[last]
            differences += _differences(mine, theirs, (base, code))
    placed = [row for index in range(len(rows) + 1) for row in (*inserted[index], *rows[index : index + 1])]
    return placed, differences


def _anchors(own: list[Item], other: list[Item]) -> list[tuple[int, int]]:
    """The places of lines of code that are the same in both, from before the first item to behind the last."""
    codes = [[index for index, item in enumerate(items) if item.kind == CODE] for items in (own, other)]
    lines = [[items[index].lines[0][0] for index in places] for items, places in zip((own, other), codes, strict=True)]
    blocks = SequenceMatcher(None, *lines, autojunk=False).get_matching_blocks()
    same = [(codes[0][a + step], codes[1][b + step]) for a, b, size in blocks for step in range(size)]
    return [(-1, -1), *same, (len(own), len(other))]


def _placed(mine: list[Item], theirs: list[Item], begin: int) -> Iterator[tuple[int, bool, Item]]:
    """Each of their items with its partner's place, or with the one below the partner of an item above it."""
    pairs, below = _pairs(mine, theirs), begin
    for index, item in enumerate(theirs):
        place = begin + pairs[index] if index in pairs else below
        yield place, index in pairs, item
        below = place + (index in pairs)


def _pairs(mine: list[Item], theirs: list[Item]) -> dict[int, int]:
    """The places in theirs of what has a partner in mine, and its place there: of a kind that both have as often,
    one after the other; of others, what stands in the same order of kinds.
    """
    pairs = {}
    for kind in (CODE, COMMENT, PROSE):
        own, other = ([index for index, item in enumerate(items) if item.kind == kind] for items in (mine, theirs))
        if len(own) == len(other):
            pairs |= dict(zip(other, own, strict=True))
    matcher = SequenceMatcher(None, *([item.kind for item in items] for items in (mine, theirs)), autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        for step in range(size):
            if mine[a + step].kind != CODE and a + step not in pairs.values():
                pairs.setdefault(b + step, a + step)
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
