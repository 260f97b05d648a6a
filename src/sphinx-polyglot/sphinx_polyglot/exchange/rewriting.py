"""One source with the translations that it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import Entry
from sphinx_polyglot.exchange.heads import HeadError, head_lines, head_of
from sphinx_polyglot.exchange.units import TITLE, Pair, Unit
from sphinx_polyglot.source.files import read_exactly
from sphinx_polyglot.source.origins import digest_of
from sphinx_polyglot.source.writing import Edit, with_prose


@dataclass(frozen=True)
class Translation:
    """A text for a unit, and the entry of a catalogue that it comes from."""

    path: Path
    entry: Entry
    unit: Unit
    text: str

    def fault(self, message: str) -> SourceError:
        """Why it is not taken, with its place in the catalogue."""
        return SourceError(self.path, self.entry.line, message)


def rewritten(
    path: Path,
    translations: Iterable[Translation],
    pair: Pair,
    languages: Sequence[str],
    faults: list[SourceError],
) -> tuple[str, int]:
    """The new text of a source, and how many translations it has taken; why it took not all goes on to ``faults``."""
    blocks: dict[str, list[Translation]] = defaultdict(list)
    for translation in translations:
        blocks[translation.unit.place.part].append(translation)
    text, edits = read_exactly(path), {}
    for part, block in blocks.items():
        try:
            edits[part] = _edit(block, pair)
        except HeadError as error:
            faults += [translation.fault(f"{translation.unit.told}: {error}") for translation in block]
    try:
        changed = with_prose(text, path, languages, edits.values())
    except SourceError:
        edits = _harmless(text, path, languages, edits, blocks, faults)
        changed = with_prose(text, path, languages, edits.values())
    return changed, sum(len(blocks[part]) for part in edits)


def _harmless(
    text: str,
    path: Path,
    languages: Sequence[str],
    edits: Mapping[str, Edit],
    blocks: Mapping[str, list[Translation]],
    faults: list[SourceError],
) -> dict[str, Edit]:
    """The edits that the source takes, each tried alone."""
    good = {}
    for part, edit in edits.items():
        try:
            with_prose(text, path, languages, [edit])
            good[part] = edit
        except SourceError as error:
            faults += [translation.fault(f"it would break {error}") for translation in blocks[part]]
    return good


def _edit(block: list[Translation], pair: Pair) -> Edit:
    """The new prose of one block; a title and the text below it are one.

    Its mark tells what it was made from, if all of it comes from the catalogue.

    Raises:
        HeadError: one of the two is lacking.
    """
    texts = {translation.unit.part: translation.text for translation in block}
    unit = block[0].unit
    if not unit.is_head:
        lines, is_whole = texts[unit.part].split("\n"), True
    else:
        source, old = (head_of(unit.place.texts(language)) for language in (pair.source, pair.target))
        lines = head_lines(source, old, texts.get(TITLE, ""), texts.get(unit.place.part, ""))
        is_whole = len(texts) == 1 + bool(source.text)
    tells = pair.tells and is_whole and not unit.place.is_comment
    digest = digest_of(unit.place.written[pair.source].lines) if tells else ""
    return Edit(unit.place.lines.start, pair.target, lines, digest)
