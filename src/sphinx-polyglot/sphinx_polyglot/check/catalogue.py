"""Translations in ``locale_dirs``: Sphinx compiles them, trusts what it compiled, and never looks again."""

from __future__ import annotations

import contextlib
import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from sphinx.application import Sphinx

from sphinx_polyglot.check.entries import entry_faults
from sphinx_polyglot.disk.records import give_way
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.hidden import hidden_faults

#: A line of a catalogue, if it is neither empty nor a comment.
ENTRY = re.compile(r'\s*(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*')
KEYWORD = re.compile(r"msg(?:ctxt|id_plural|id|str)\b(?!\[)")
#: An entry that was made a comment; gettext's own, which begin with "#~", are out of use.
COMMENTED = re.compile(r'#\s*(?:msgid|msgstr)\s+".+"')
#: A backslash before what no string has after one.
ODD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\[^\"\\abfnrtv0-7x])")


def note_catalogues(app: Sphinx, config) -> None:
    """``config-inited``: an edit of a translation shows on every page."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _catalogues(app.srcdir, config.locale_dirs, config.language):
        with contextlib.suppress(OSError):  # told where it is checked
            digest.update(path.read_bytes())
    config.polyglot_catalogues = digest.hexdigest()


def all_catalogue_faults(
    sourcedir: Path, locale_dirs: Iterable[str], languages: Iterable[str]
) -> Iterator[SourceError]:
    """The faults of the catalogues of several languages."""
    for language in languages:
        yield from catalogue_faults(sourcedir, locale_dirs, language)


def catalogue_faults(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> Iterator[SourceError]:
    """What Sphinx would read in part or not at all, without a word, and what would fail where it is shown."""
    for path in _catalogues(sourcedir, locale_dirs, language):
        try:
            text = read_text(path)
        except SourceError as fault:
            yield fault
            continue
        broken = list(_line_faults(path, text))
        yield from broken or entry_faults(path, text, language)
    for compiled in _files(sourcedir, locale_dirs, language, "*.mo"):
        if not compiled.with_suffix(".po").exists():
            message = f"the catalogue {compiled.stem}.po, of which this was made, is missing"
            yield SourceError(compiled, 1, f"{message}; restore it, or remove this file")


def _line_faults(path: Path, text: str) -> Iterator[SourceError]:
    if path.read_bytes().startswith(BOM_UTF8):
        message = "this begins with a byte order mark, which hides the first line from Sphinx"
        yield SourceError(path, 1, f"{message}; save the file as UTF-8 without one")
    yield from hidden_faults(path, numbered(text))
    above = ""
    for line, number in numbered(text):
        if KEYWORD.match(line):
            if above == KEYWORD.match(line)[0] == "msgstr":
                yield SourceError(path, number, "this msgstr has no msgid; restore that, or remove the msgstr")
            above = KEYWORD.match(line)[0]
        if COMMENTED.match(line):
            yield SourceError(path, number, f"{line} is a comment, and not used; remove the # or the entry")
        if not line.startswith("#") and (odd := ODD_ESCAPE.search(line)):
            yield SourceError(path, number, f'"{odd[1]}" stands for nothing; write \\\\ for a backslash, or remove it')
        if line.strip() and not line.lstrip().startswith("#") and not ENTRY.fullmatch(line):
            message = f"{line.strip()} is no line of a catalogue"
            yield SourceError(path, number, f'{message}; write msgid "…" or msgstr "…", and each quote within as \\"')


def remove_stale(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> None:
    """Remove what a build compiled in part, or from other text: Sphinx looks at its date only.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp(), "locale/zh_CN/LC_MESSAGES")
    >>> folder.mkdir(parents=True)
    >>> for name in ("sphinx.po", "sphinx.mo"):
    ...     (folder / name).touch()
    >>> remove_stale(folder.parents[2], ["locale"], "zh_CN")
    >>> [path.name for path in folder.iterdir()]
    ['sphinx.po']
    """
    for path in _catalogues(sourcedir, locale_dirs, language):
        compiled = path.with_suffix(".mo")
        give_way(compiled)
        if compiled.is_file() and not _is_current(path, compiled):
            compiled.unlink()


def _catalogues(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> Iterator[Path]:
    return _files(sourcedir, locale_dirs, language, "*.po")


def _files(sourcedir: Path, locale_dirs: Iterable[str], language: str, pattern: str) -> Iterator[Path]:
    for folder in locale_dirs:
        yield from sorted(Path(sourcedir, folder, language, "LC_MESSAGES").rglob(pattern))


def _is_current(path: Path, compiled: Path) -> bool:
    try:
        with path.open("rb") as source, compiled.open("rb") as made:
            return _messages(read_po(source)) == _messages(read_mo(made))
    except Exception:  # whatever is wrong with it, Sphinx makes it again
        return False


def _messages(catalogue: Catalog) -> dict:
    """What is translated; a compiled catalogue holds no more."""
    return {message.id: message.string for message in catalogue if message.id and message.string and not message.fuzzy}
