"""The guide that lies in the zip of all lessons: its headings, numbers and addresses in each language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx_polyglot.check.inventory import NUMBER, URL, Inventory, Item
from sphinx_polyglot.check.parity import differences
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.hidden import hidden_faults
from sphinx_polyglot.source.marks import Block, Line
from sphinx_polyglot.source.script import parse_page

HEADING = re.compile(r"#{1,6}(?=\s|$)")
NEARLY = re.compile(r"#{1,6}[^#\s]")


def _heading_faults(guide: Path, blocks: Iterable[Block]) -> Iterator[SourceError]:
    """The guide is Markdown: headings that are none, and languages with other ones; code is no heading."""
    for block in blocks:
        levels = {}
        for language, lines in (block.prose or {}).items():
            fenced, levels[language] = False, []
            for text, number in lines:
                fenced ^= text.startswith("```")
                if not fenced and NEARLY.match(text):
                    yield SourceError(guide, number, f'"{text}" is no heading; put a blank after "#"')
                levels[language] += [found[0] for found in [HEADING.match(text)] if found and not fenced]
        if len({tuple(found) for found in levels.values()}) > 1:
            told = " and ".join(f"{language} {len(found)}" for language, found in levels.items())
            yield SourceError(guide, block.line, f"the headings differ: {told}; write them in all on the same levels")


def _number_faults(guide: Path, blocks: Iterable[Block]) -> Iterator[SourceError]:
    """Numbers and addresses that one language of the guide has and another has not."""
    for block in blocks:
        yield from differences(guide, {language: _shared(lines) for language, lines in (block.prose or {}).items()})


def _shared(lines: Iterable[Line]) -> Inventory:
    found = Inventory()
    for text, number in lines:
        found.items += [Item("link", address, number) for address in URL.findall(text)]
        found.items += [Item("number", value.replace(",", ""), number) for value in NUMBER.findall(URL.sub("", text))]
    return found


def guide_faults(guide: Path, codes: Languages) -> Iterator[SourceError]:
    """Languages that the guide lacks, and what differs between them; a guide that is not there is told later."""
    try:
        if guide.is_file():
            text = read_text(guide)
            yield from hidden_faults(guide, numbered(text))
            blocks = list(parse_page(text, guide, codes))
            yield from (*_heading_faults(guide, blocks), *_number_faults(guide, blocks))
    except SourceError as fault:
        yield from (fault, *fault.also)
