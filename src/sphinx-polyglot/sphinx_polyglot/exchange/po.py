"""Catalogues in the format of gettext, which Poedit, Weblate and Crowdin read: PO."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import EXPORTED, Catalogue, Entry, base_of, digest, missing

SOURCE = "X-Source-Language"


def written(catalogue: Catalogue) -> str:
    """The text of a file."""
    polib = _library()
    file = polib.POFile()
    file.metadata = {
        "Project-Id-Version": catalogue.project,
        "Language": catalogue.target,
        SOURCE: catalogue.source,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in catalogue.entries:
        name, line = entry.place
        file.append(
            polib.POEntry(
                msgctxt=entry.id,
                msgid=entry.source,
                msgstr=entry.target,
                occurrences=[(name, str(line))],
                flags=["fuzzy"] * entry.fuzzy,
                comment="\n".join([*entry.notes, f"{EXPORTED}{digest(entry.target)}"]),
            )
        )
    return f"{file}\n"


def read(path: Path) -> Catalogue:
    """What a file holds; what its tool has struck out is left out.

    Raises:
        SourceError: this is no catalogue.
    """
    polib = _library()
    try:
        file = polib.pofile(str(path), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SourceError(path, 1, f"this is no PO file: {error}; export it again, or take it out") from None
    entries = [
        Entry(
            entry.msgctxt or "",
            entry.msgid,
            entry.msgstr,
            fuzzy=entry.fuzzy,
            line=entry.linenum,
            base=base_of(entry.comment),
        )
        for entry in file
        if not entry.obsolete
    ]
    return Catalogue(path, file.metadata.get(SOURCE, ""), file.metadata.get("Language", ""), entries)


def _library() -> ModuleType:
    try:
        import polib
    except ImportError:
        raise missing("polib") from None
    return polib
