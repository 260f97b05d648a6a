"""Translations from a catalogue of gettext, put in place of the paragraphs that they translate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po
from docutils.utils import column_width

from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.copies import Cell, Copy
from sphinx_polyglot.source.lesson import UNDERLINE
from sphinx_polyglot.source.marks import Line

#: What stands before the text of a paragraph: its indentation, and the mark of a list, a field or a directive.
PREFIXES = (
    re.compile(r"[ \t]*"),
    re.compile(r"[ \t]*(?:(?:[-*+•|]|\(?(?:\d+|[A-Za-z#])[.)])[ \t]+)+"),
    re.compile(r"[ \t]*(?:\.\. (?:\|[^|]+\| )?(?:[\w:-]+::|\[[^\]]+\])|:[^:`]+:)[ \t]+"),
)
WORD = re.compile(r"[^\W\d_]{2}")
#: Messages that Sphinx-Gallery adds to each page.
OF_GALLERY = re.compile(r"sphx_glr_|:download:`|sphinx-gallery\.|Total running time|Estimated memory")


@dataclass
class Catalogue:
    """Messages by their text, with single blanks; ``used`` are those that found a place."""

    path: Path
    messages: dict[str, Message] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def translation(self, text: str) -> str | None:
        """The translation of a paragraph, if there is one that is not fuzzy."""
        key = " ".join(text.split())
        message = self.messages.get(key)
        if message is None or message.fuzzy or not message.string:
            return None
        self.used.add(key)
        return " ".join(str(message.string).split())

    def unused(self, path: Path) -> Iterator[SourceError]:
        """Translations for the page of the script at ``path`` that found no place in it."""
        for key, message in self.messages.items():
            names = {PurePosixPath(place).stem for place, _ in message.locations}
            lost = key not in self.used and message.string not in ("", message.id) and not OF_GALLERY.search(key)
            if lost and (path.stem in names or not names):
                shown = key if len(key) < 50 else f"{key[:48]}…"
                told = f'the translation of "{shown}" found no place in {path.name}; put it there by hand'
                yield SourceError(self.path, message.lineno, told)


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue at ``path``.

    Raises:
        SourceError: it is none.
    """
    try:
        with path.open("rb") as file:
            entries = read_po(file, abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise SourceError(path, getattr(error, "lineno", 0) + 1, f"this is no catalogue: {error}; correct it") from None
    texts = {" ".join(entry.id.split()): entry for entry in entries if isinstance(entry.id, str) and entry.id}
    return Catalogue(path, texts)


def translated(copy: Copy, catalogue: Catalogue) -> tuple[Copy, list[Line]]:
    """The copy in the catalogue's language, and the first line of each paragraph that it does not translate.

    A cell without any translation is empty; in others, the source stands in for what is missing.
    """
    missing: list[Line] = []

    def of(lines: list[Line]) -> list[Line]:
        written, replaced = _translated(lines, catalogue)
        words = [(text, number) for text, number in inventory(lines).plain if _is_text(text)]
        left = [line for line in words if line[1] not in replaced]
        missing.extend(line for line in left if line[1] - 1 not in {number for _, number in left})
        return written if not left or len(left) < len(words) else []

    cells = [Cell(True, of(cell.lines)) if cell.is_prose else cell for cell in copy.cells]
    head = of(copy.head)
    return Copy(copy.path, [], head, cells, copy.comments, copy.joined, copy.inside), missing


def _is_text(text: str) -> bool:
    return bool(WORD.search(text)) and not UNDERLINE.fullmatch(text)


def _translated(lines: list[Line], catalogue: Catalogue) -> tuple[list[Line], set[int]]:
    """The lines with the translations in them, and the numbers of those that one replaces."""
    written: list[Line] = []
    replaced: set[int] = set()
    index = 0
    while index < len(lines):
        if found := _paragraph(lines, index, catalogue):
            prefix, text, end = found
            same = (prefix + text).split() == " ".join(line for line, _ in lines[index:end]).split()
            written += lines[index:end] if same else [(prefix + text, lines[index][1])]
            replaced |= {number for _, number in lines[index:end]}
            index = end + (not prefix and _is_underlined(written, lines, index, end))
        else:
            written.append(lines[index])
            index += 1
    return written, replaced


def _paragraph(lines: list[Line], index: int, catalogue: Catalogue) -> tuple[str, str, int] | None:
    """What stands before the paragraph that begins here, its translation, and where it ends; the longest counts."""
    stop = index
    while stop < len(lines) and lines[stop][0].strip():
        stop += 1
    for end in range(stop, index, -1):
        text = "\n".join(line for line, _ in lines[index:end])
        for prefix in dict.fromkeys(match[0] for pattern in PREFIXES if (match := pattern.match(text))):
            translation = catalogue.translation(text[len(prefix) :])
            if translation is not None:
                return prefix, translation, end
    return None


def _is_underlined(written: list[Line], lines: list[Line], index: int, end: int) -> bool:
    """Whether this was a title; the line below it, and the one above if there is one, become as wide as it is now."""
    if end == len(lines) or not UNDERLINE.fullmatch(lines[end][0]):
        return False
    line = lines[end][0].strip()
    rule = line[0] * column_width(written[-1][0])
    if index and lines[index - 1][0].strip() == line:
        written[-2] = (rule, written[-2][1])
    written.append((rule, lines[end][1]))
    return True
