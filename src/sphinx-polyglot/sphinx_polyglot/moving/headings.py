"""Headings of prose: the title at its begin, and pieces that are the same in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sphinx_polyglot.source.lesson import UNDERLINE
from sphinx_polyglot.source.marks import Line, Prose, filled

LABEL = re.compile(r"\.\. _.+:\s*")


def titled(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """A docstring that begins with its title, as the format asks for it, and what stood above that, now below.

    >>> titled([("Nav", 1), ("", 2), ("====", 3), ("Mean", 4), ("====", 5)])
    ([('Mean', 4), ('====', 5), ('', 1), ('Nav', 1)], [('Nav', 1)])
    """
    places = _headings(lines)
    if not places or places[0] == 0 and not _is_overlined(lines, 0):
        return lines, []
    place = places[0] + _is_overlined(lines, places[0])
    above, title, below = filled(lines[: places[0]]), lines[place : place + 2], filled(lines[place + 2 :])
    gap = [("", lines[0][1])]
    return [*title, *(gap + above if above else []), *(gap + below if below else [])], above


def paired(cells: Mapping[str, list[list[Line]]]) -> list[Prose]:
    """Blocks of the cells of each language: one after the other, or cut at headings where their number differs.

    >>> paired({"en": [[("A", 1)], [("B", 3)]], "zh": [[("甲乙", 1)]]})
    [{'en': [('A', 1), ('', 1), ('B', 3)], 'zh': [('甲乙', 1)]}]
    """
    if len({len(stretch) for stretch in cells.values()}) > 1:
        cells = _cut(cells)
    number = len(next(iter(cells.values())))
    blocks = ({code: stretch[index] for code, stretch in cells.items() if stretch[index]} for index in range(number))
    return [block for block in blocks if block]


def _cut(cells: Mapping[str, list[list[Line]]]) -> dict[str, list[list[Line]]]:
    """Each language's prose as one, cut at its headings if all have the same."""
    whole: dict[str, list[Line]] = {}
    for code, stretch in cells.items():
        lines: list[Line] = []
        for cell in filter(None, stretch):
            lines += [*([("", lines[-1][1])] if lines else []), *cell]
        whole[code] = lines
    levels = {tuple(_level(lines, place) for place in _headings(lines)) for lines in whole.values()}
    if len(levels) > 1:
        return {code: [lines] for code, lines in whole.items()}
    return {code: _pieces(lines) for code, lines in whole.items()}


def _pieces(lines: list[Line]) -> list[list[Line]]:
    """What stands above the first heading, empty where that is nothing, and each heading with what follows it."""
    begins = [0, *(_label(lines, place) for place in _headings(lines)), len(lines)]
    return [filled(lines[begin:end]) for begin, end in zip(begins, begins[1:], strict=False)]


def _headings(lines: list[Line]) -> list[int]:
    """The places of headings; of one with a line above it, that line's."""
    found = []
    for place in range(len(lines) - 1):
        above = place == 0 or not lines[place - 1][0].strip() or LABEL.fullmatch(lines[place - 1][0])
        text = lines[place][0]
        if above and (
            _is_overlined(lines, place)
            or re.match(r"\w|\W*\w", text)
            and not text.startswith((" ", ".. "))
            and UNDERLINE.fullmatch(lines[place + 1][0])
        ):
            found.append(place)
    return found


def _is_overlined(lines: list[Line], place: int) -> bool:
    texts = [text.rstrip() for text, _ in lines[place : place + 3]]
    return len(texts) == 3 and bool(UNDERLINE.fullmatch(texts[0]) and texts[1].strip()) and texts[0] == texts[2]


def _level(lines: list[Line], place: int) -> str:
    return lines[place][0][0] * 2 if _is_overlined(lines, place) else lines[place + 1][0][0]


def _label(lines: list[Line], place: int) -> int:
    """Where the labels above a heading begin."""
    while place and (not lines[place - 1][0].strip() or LABEL.fullmatch(lines[place - 1][0])):
        place -= 1
    return place
