"""Catalogues of all prose for translators."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.check.terms import Glossary
from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.exchange.catalogue import Catalogue, Entry
from sphinx_polyglot.exchange.formats import read_catalogue
from sphinx_polyglot.exchange.sources import Sources
from sphinx_polyglot.exchange.tidy import trimmed, underlined
from sphinx_polyglot.exchange.units import TITLE, Pair, Unit, units_of

LONGEST = 100


def catalogues(sources: Sources, pair: Pair, config: Configuration, confdir: Path) -> Iterator[tuple[str, Catalogue]]:
    """A catalogue of each file that has prose, by its key."""
    names = config.settings.languages
    for origin in sources.files:
        units = units_of(origin, sources.languages, pair)
        entries = [_entry(unit, pair, sources.glossary, confdir) for unit in units]
        if entries:
            head = (origin.path, names[pair.source], names[pair.target], entries)
            yield origin.key, Catalogue(*head, project=config["project"] or origin.key)


def check_overwriting(fresh: dict[Path, Catalogue], confdir: Path) -> None:
    """Refuse to write over what a translator has done and nobody has imported.

    Raises:
        LessonError: the places where that would be lost.
    """
    found = []
    for path, catalogue in fresh.items():
        if path.exists():
            known = {entry.target for entry in catalogue.entries}
            found += list(_lost(path, known))
    if found:
        raise LessonError(told(found, confdir))


def _lost(path: Path, known: set[str]) -> Iterator[SourceError]:
    for entry in read_catalogue(path).entries:
        text = trimmed(entry.target)
        if text and entry.is_new and not {text, underlined(text), text.strip()} & known:
            message = "this translation is in no source yet, and would be lost; import it, or export with --overwrite"
            yield SourceError(path, entry.line, message)


def _entry(unit: Unit, pair: Pair, glossary: Glossary, confdir: Path) -> Entry:
    """What a translator gets; a translation whose original has changed is to be looked at once more."""
    place = Path(os.path.relpath(unit.origin.path, confdir)).as_posix(), unit.line
    return Entry(unit.id, unit.source, unit.target, tuple(_notes(unit, pair, glossary)), place, unit.is_stale)


def _notes(unit: Unit, pair: Pair, glossary: Glossary) -> Iterator[str]:
    """What stands around the text, and the terms in it."""
    if unit.part == TITLE:
        yield "The title of the page."
    elif unit.place.is_comment:
        yield "A comment in the code; one line."
    if unit.place.below and unit.part != TITLE:
        yield f"Above the line: {unit.place.below[:LONGEST]}"
    text = unit.source.casefold()
    for term in glossary.terms:
        pattern, names = term.patterns.get(pair.source), term.names.get(pair.target)
        if pattern and names and term.may_stand_in(text) and any(match[1] for match in pattern.finditer(unit.source)):
            yield f"Term: {term.names[pair.source][0]} = {names[0]}"
