"""Catalogues in XLIFF 1.2, which translation agencies and most of their tools read."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import EXPORTED, Catalogue, Entry, base_of, digest, missing
from sphinx_polyglot.languages import tag

EMPTY = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original={original} source-language={source} target-language={target} datatype="plaintext"><body/></file>
</xliff>
"""
#: The states of translations that somebody still has to look at begin so.
UNFINISHED = ("new", "needs-")


def written(catalogue: Catalogue) -> str:
    """The text of a file."""
    original = catalogue.entries[0].place[0]
    names = {"source": tag(catalogue.source), "target": tag(catalogue.target), "original": original}
    head = EMPTY.format(**{name: quoteattr(value) for name, value in names.items()})
    file = _parsed(head.encode())
    for entry in catalogue.entries:
        unit = file.addsourceunit(entry.source, original)
        unit.setid(entry.id)
        if entry.target:
            unit.target = entry.target
            unit.set_state_n(unit.S_NEEDS_REVIEW if entry.fuzzy else unit.S_TRANSLATED)
            unit.xmlelement.attrib.pop("approved", None)
        for note in (*entry.notes, f"{EXPORTED}{digest(entry.target)}"):
            unit.addnote(note, origin="developer")
        unit.addlocation("{}:{}".format(*entry.place))
    _remove_spare_names(file)
    return bytes(file).decode()


def read(path: Path) -> Catalogue:
    """What a file holds.

    Raises:
        SourceError: this is no XLIFF.
    """
    try:
        file = _parsed(path.read_bytes())
        entries = [_entry(unit) for unit in file.units if unit.source]
        return Catalogue(path, file.getsourcelanguage() or "", file.gettargetlanguage() or "", entries)
    except (OSError, ValueError, SyntaxError, StopIteration) as error:
        raise SourceError(path, 1, f"this is no XLIFF 1.2: {error}; export it again, or take it out") from None


def _entry(unit) -> Entry:
    element, target = unit.xmlelement, unit.getlanguageNode(lang=None, index=1)
    state = "" if target is None else target.get("state", "")
    return Entry(
        element.get("id", ""),
        unit.source,
        unit.target or "",
        fuzzy=state.startswith(UNFINISHED),
        line=element.sourceline or 0,
        base=base_of(unit.getnotes()),
    )


def _parsed(content: bytes):
    try:
        from translate.storage.xliff import Xliff1File
    except ImportError:
        raise missing("translate-toolkit") from None
    return Xliff1File.parsestring(content)


def _remove_spare_names(file) -> None:
    """The library declares the names of XLIFF 1.1, too, in each unit."""
    from lxml.etree import cleanup_namespaces

    cleanup_namespaces(file.document)
