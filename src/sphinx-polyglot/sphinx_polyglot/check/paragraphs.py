"""The paragraphs of a block: as many in each language, so that the switch leads from one to its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx_polyglot.check.inventory import Inventory
from sphinx_polyglot.errors import SourceError, line_name
from sphinx_polyglot.source.marks import Line, Prose


def number_faults(path: Path, prose: Prose) -> Iterator[SourceError]:
    """A paragraph that one language has and another has not, or has twice.

    >>> prose = {"zh": [("甲。", 3), ("", 4), ("乙。", 5)], "en": [("A.", 7)]}
    >>> [str(fault) for fault in number_faults(Path("a.rst"), prose)]
    ['a.rst:3: paragraphs begin in lines 3, 5 in zh, 7 in en; write as many in each']
    """
    begins = {code: _begins(lines) for code, lines in prose.items()}
    if _differ(begins):
        names = {code: ", ".join(line_name(path, line) for line in lines) for code, lines in begins.items()}
        told = ", ".join(f"{lines or 'none'} in {code}" for code, lines in names.items())
        line = min(lines[0] for lines in begins.values() if lines)
        yield SourceError(path, line, f"paragraphs begin in lines {told}; write as many in each")


def split(prose: Prose, inventories: dict[str, Inventory]) -> Iterator[dict[str, Inventory]]:
    """The inventories of each paragraph, or those of the block where the languages have not as many of them."""
    begins = {code: _begins(prose[code]) for code in inventories}
    if _differ(begins):
        yield inventories
        return
    for number in range(1, max(map(len, begins.values()), default=0) + 1):
        yield {code: _part(found, begins[code], number) for code, found in inventories.items()}


def _begins(lines: Iterable[Line]) -> list[int]:
    """Where text begins below an empty line."""
    above, begins = "", []
    for text, number in lines:
        if text.strip() and not above.strip():
            begins.append(number)
        above = text
    return begins


def _differ(begins: dict[str, list[int]]) -> bool:
    return len(set(map(len, begins.values()))) > 1


def _part(found: Inventory, begins: list[int], number: int) -> Inventory:
    """What stands in one paragraph, the first being number 1."""
    items = [item for item in found.items if bisect_right(begins, item.line) == number]
    return Inventory(items, [line for line in found.plain if bisect_right(begins, line[1]) == number])
