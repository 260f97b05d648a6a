"""Both languages of a block say the same: the same formulas, links, images, code and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.inventory import Inventory, Item
from sphinx_polyglot.marks import SourceError

#: How messages call an item.
NAMES = {
    "formula": "the formula {}",
    "label": 'the label "{}"',
    "link": "the link to {}",
    "image": "the image {}",
    "literal": "``{}``",
    "code": "the code {}",
    "number": "the number {}",
    "directive": 'the directive "{}"',
}
LONG = 60


def differences(path: Path, inventories: dict[str, Inventory]) -> Iterator[SourceError]:
    """What stands in one language of a block and in another does not.

    Values are compared, not how often each stands: a pronoun may serve one
    language where the other repeats a name.
    """
    for language, mine in inventories.items():
        for other, theirs in inventories.items():
            values = {(item.kind, item.value) for item in theirs.items}
            for item in _once(mine.items):
                if (item.kind, item.value) not in values:
                    yield _missing(path, item, language, other)


def _once(items: list[Item]) -> list[Item]:
    """The first of each value."""
    return list({(item.kind, item.value): item for item in reversed(items)}.values())[::-1]


def _missing(path: Path, item: Item, language: str, other: str) -> SourceError:
    value = item.value if len(item.value) <= LONG else f"{item.value[:LONG]}…"
    name = NAMES[item.kind].format(value)
    return SourceError(path, item.line, f"{language} has {name}, {other} has not; write it in both or in neither")
