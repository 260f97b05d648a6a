"""One script of marks from its copies and catalogues; one header of a gallery, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.aligned import Difference, aligned
from sphinx_polyglot.moving.catalogue import read_catalogue, translated
from sphinx_polyglot.moving.composed import composed, marked
from sphinx_polyglot.moving.copies import Copy, filled, read_copy
from sphinx_polyglot.moving.headings import titled
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.lesson import read_header, read_script


@dataclass
class Merged:
    """A script's text, where the code of its copies differs, what its author should know, and what is left to do."""

    text: str
    differences: list[Difference] = field(default_factory=list)
    notes: list[SourceError] = field(default_factory=list)
    faults: list[SourceError] = field(default_factory=list)


def merged(sources: Mapping[str, Path], output: Path, base: str = "") -> Merged:
    """One script of the sources, by language: copies of it, and catalogues (``.po``) of the first that is none.

    The code is that of ``base``, of the first copy where that is empty.

    Raises:
        SourceError: one of them cannot be read.
    """
    scripts = {code: path for code, path in sources.items() if path.suffix != ".po"}
    if len(scripts) == len(sources) and len(texts := set(map(read_text, scripts.values()))) == 1:
        message = f"the copies in {' and '.join(sources)} are the same; it stays without marks until it is translated"
        return Merged(texts.pop(), notes=[SourceError(output, 1, message)])
    is_header = next(iter(scripts.values())).suffix != ".py"
    copies, notes = _copies(sources, scripts, _read_header if is_header else read_copy)
    notes += [note for code in scripts for note in (*copies[code].notes, *_moved(copies[code]))]
    faults: list[SourceError] = []
    if is_header:
        text = "\n".join(marked(copies)) + "\n"
        read_header(output, output.stem, text, list(sources), faults)
        return Merged(text, notes=notes, faults=faults)
    rows, differences = aligned(copies, base or next(iter(scripts)))
    text = composed(copies, rows, base or next(iter(scripts)))
    read_script(output, output.stem, text, list(sources), faults)
    return Merged(text, differences, notes, faults)


def _read_header(path: Path) -> Copy:
    return Copy(path, head=filled(numbered(read_text(path))))


def _copies(sources: Mapping[str, Path], scripts: Mapping[str, Path], read) -> tuple[dict[str, Copy], list]:
    """The copies in the order of the sources, and what a catalogue does not translate or has in excess."""
    first, notes = next(iter(scripts)), []
    copies = {code: read(path) for code, path in scripts.items()}
    for code in (code for code in sources if code not in scripts):
        catalogue = read_catalogue(sources[code])
        copies[code], missing = translated(copies[first], catalogue)
        message = f"is not in {code} yet; translate it in the new script"
        notes += [SourceError(scripts[first], number, f'"{_short(text)}" {message}') for text, number in missing]
        notes += catalogue.unused(scripts[first])
    return {code: copies[code] for code in sources}, notes


def _moved(copy: Copy) -> list[SourceError]:
    above = titled(copy.head)[1]
    message = "what stood above the title stands below it now, as the format begins with a title; see whether it fits"
    return [SourceError(copy.path, above[0][1], message)] if above else []


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) < 50 else f"{text[:48]}…"
