"""Both languages of a block say the same: the same formulas, links, images, code and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.check.inventory import Inventory, Item
from sphinx_polyglot.errors import SourceError

#: How messages call an item.
NAMES = {
    "formula": "the formula {}",
    "label": 'the label "{}"',
    "link": "the link to {}",
    "image": "the image {}",
    "literal": "``{}``",
    "name": "the name {}",
    "code": "the code {}",
    "number": "the number {}",
    "printed": "the quotation :printed:`{}`",
    "directive": 'the directive "{}"',
    "only": 'a remark for "{}"',
}
LONG = 60


def differences(path: Path, inventories: dict[str, Inventory], elsewhere: bool = False) -> Iterator[SourceError]:
    """What stands in one language of a block and in another does not; each is told once, where it stands.

    ``elsewhere`` says that this is a paragraph, of a block that has the same in each language.
    Values are compared, not how often each stands: a pronoun may serve one
    language where the other repeats a name.
    """
    values = {code: {(item.kind, item.value) for item in found.items} for code, found in inventories.items()}
    told: set[tuple[str, str]] = set()
    for found in inventories.values():
        for item in _once(found.items):
            value = (item.kind, item.value)
            having, lacking = ([code for code in values if (value in values[code]) is has] for has in (True, False))
            if lacking and value not in told:
                yield _missing(path, item, having, lacking, elsewhere)
            told.add(value)


def _once(items: list[Item]) -> list[Item]:
    """The first of each value."""
    return list({(item.kind, item.value): item for item in reversed(items)}.values())[::-1]


def _missing(path: Path, item: Item, having: list[str], lacking: list[str], elsewhere: bool) -> SourceError:
    value = item.value if len(item.value) <= LONG else f"{item.value[:LONG]}…"
    name = NAMES[item.kind].format(value)
    has, has_not = ("have" if len(codes) > 1 else "has" for codes in (having, lacking))
    if elsewhere:
        message = f"{' and '.join(having)} {has} {name} here, {' and '.join(lacking)} in another paragraph"
        return SourceError(path, item.line, f"{message}; write the paragraphs in the same order")
    message = f"{' and '.join(having)} {has} {name}, {' and '.join(lacking)} {has_not} not"
    return SourceError(path, item.line, f"{message}; write it {all_or_none(len(having + lacking))}")


def all_or_none(languages: int) -> str:
    """Where something goes that not every language has.

    >>> all_or_none(2), all_or_none(3)
    ('in both or in neither', 'in all or in none')
    """
    return "in both or in neither" if languages == 2 else "in all or in none"
