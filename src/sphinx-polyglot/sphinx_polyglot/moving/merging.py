"""One script of marks from its copies and catalogues; one header of a gallery, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.aligned import Difference, aligned
from sphinx_polyglot.moving.catalogue import read_catalogue, translated
from sphinx_polyglot.moving.composed import composed, marked
from sphinx_polyglot.moving.copies import Copy, read_copy
from sphinx_polyglot.moving.headings import titled
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.lesson import read_header, read_script
from sphinx_polyglot.source.marks import filled


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
    first = next(iter(scripts))
    if len(scripts) == len(sources) and len(set(map(read_text, scripts.values()))) == 1:
        return _unmarked(scripts[first], output, f"the copies in {' and '.join(sources)} are the same")
    copies, notes = _copies(sources, scripts, read_copy if scripts[first].suffix == ".py" else _read_header)
    if not any(_has_prose(copy) for code, copy in copies.items() if code != first):
        return _unmarked(scripts[first], output, "none of it is translated", notes)
    notes += [note for code in scripts for note in (*copies[code].notes, *_moved(copies[code]))]
    if scripts[first].suffix != ".py":
        result = Merged("\n".join(marked(copies)) + "\n", notes=notes)
        read_header(output, output.stem, result.text, list(sources), result.faults)
        return result
    rows, differences = aligned(copies, base or first)
    result = Merged(composed(copies, rows, base or first), differences, notes)
    read_script(output, output.stem, result.text, list(sources), result.faults)
    return result


def _unmarked(path: Path, output: Path, reason: str, notes: Iterable[SourceError] = ()) -> Merged:
    """The script as it is, which is for all languages."""
    message = f"{reason}; it stays without marks until it is translated"
    return Merged(read_text(path), notes=[*notes, SourceError(output, 1, message)])


def _has_prose(copy: Copy) -> bool:
    return bool(copy.head) or any(cell.is_prose and cell.lines for cell in copy.cells)


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
