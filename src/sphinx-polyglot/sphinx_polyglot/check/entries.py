"""The entries of a catalogue: none twice, and each translation with what the program fills in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.checkers import python_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

from sphinx_polyglot.errors import SourceError

#: What a program fills in, and what only a format of dates has, which each language writes in its own order.
PLACE = re.compile(r"%(?:\(\w+\))?[-#0+]?\d*(?:\.\d+)?[diouxXeEfFgGcrs]|\{\w*\}")
DATE = re.compile("%[aAbBYyHIMSp]")


class Entries(Catalog):
    """A catalogue that keeps every entry as it comes; babel keeps one of those that repeat."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.entries: list[Message] = []

    def __setitem__(self, id, message: Message) -> None:
        self.entries.append(message)
        super().__setitem__(id, message)


def entry_faults(path: Path, text: str, language: str) -> Iterator[SourceError]:
    """Faults of the entries, each at its msgid."""
    catalogue = Entries(language)
    try:
        PoFileParser(catalogue, abort_invalid=True).parse(io.StringIO(text))
        write_mo(io.BytesIO(), catalogue)
    except PoFileError as error:
        reason = str(error).rpartition(" on ")[0]
        yield SourceError(path, error.lineno + 1, f"{reason}; write a msgid and below it its msgstr")
        return
    except (ValueError, LookupError, IndexError, TypeError, AttributeError) as error:  # as Sphinx would be told
        yield SourceError(path, 1, f"this is no catalogue: {error}; correct its head, or the entry that has this")
        return
    seen: dict[tuple, int] = {}
    for entry in catalogue.entries:
        first = seen.setdefault((entry.context, _forms(entry.id)[0]), entry.lineno)
        if first != entry.lineno:
            message = f'msgid "{_forms(entry.id)[0]}" stands in line {first} already'
            yield SourceError(path, entry.lineno, f"{message}, and one of the translations is not used; remove one")
        if entry.id and entry.fuzzy:
            message = "the entry is marked as fuzzy, so that its translation is not used"
            yield SourceError(path, entry.lineno, f'{message}; look at it, and remove "fuzzy"')
        if entry.id and (fault := _misfit(entry)):
            yield SourceError(path, entry.lineno, fault)


def _misfit(entry: Message) -> str:
    """What a translation does not have, or has in excess."""
    wanted = [_places(form) for form in _forms(entry.id)]
    if DATE.search(_forms(entry.id)[0]):
        return ""
    for form in filter(None, _forms(entry.string)):
        places = _places(form)
        if places not in wanted:
            expected = " and ".join(wanted[-1]) or "nothing of the kind"
            message = f'the msgid has {expected}, its translation "{form}" has {" and ".join(places) or "not"}'
            return f"{message}; write the same in both"
    try:
        if any(wanted):  # not for what only looks like one, as "100 % done" does
            python_format(None, entry)
    except TranslationError as error:
        return f"{error}; write in the translation what the msgid has, in the same order"
    return ""


def _places(text: str) -> list[str]:
    return sorted(PLACE.findall(text.replace("%%", "")))


def _forms(text: str | tuple | list) -> tuple[str, ...]:
    """Singular and plural, or the one form there is."""
    return (text,) if isinstance(text, str) else tuple(text)
