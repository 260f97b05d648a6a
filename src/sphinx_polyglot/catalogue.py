"""Translations in ``locale_dirs``: Sphinx compiles them, trusts what it compiled, and never looks again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path

from sphinx.application import Sphinx

from sphinx_polyglot.marks import SourceError

#: A line of a catalogue, if it is neither empty nor a comment.
ENTRY = re.compile(r'\s*(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*')


def note_catalogues(app: Sphinx, config) -> None:
    """``config-inited``: an edit of a translation shows on every page."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _catalogues(app.srcdir, config.locale_dirs, config.language):
        digest.update(path.read_bytes())
    config.polyglot_catalogues = digest.hexdigest()


def catalogue_faults(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> Iterator[SourceError]:
    """Lines that Sphinx would read in part, without a word."""
    for path in _catalogues(sourcedir, locale_dirs, language):
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#") and not ENTRY.fullmatch(line):
                message = f"{line.strip()} is no line of a catalogue"
                yield SourceError(
                    path, number, f'{message}; write msgid "…" or msgstr "…", and each quote within as \\"'
                )


def remove_broken(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> None:
    """Remove what a build compiled in part: Sphinx would show English in its place, without a word.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp(), "locale/zh_CN/LC_MESSAGES")
    >>> folder.mkdir(parents=True)
    >>> for name in ("sphinx.po", "sphinx.mo"):
    ...     (folder / name).touch()
    >>> remove_broken(folder.parents[2], ["locale"], "zh_CN")
    >>> [path.name for path in folder.iterdir()]
    ['sphinx.po']
    """
    for path in _catalogues(sourcedir, locale_dirs, language):
        compiled = path.with_suffix(".mo")
        if compiled.is_file() and not _is_whole(compiled):
            compiled.unlink()


def _catalogues(sourcedir: Path, locale_dirs: Iterable[str], language: str) -> Iterator[Path]:
    for folder in locale_dirs:
        yield from sorted(Path(sourcedir, folder, language, "LC_MESSAGES").rglob("*.po"))


def _is_whole(compiled: Path) -> bool:
    try:
        with compiled.open("rb") as file:
            GNUTranslations(file)
    except Exception:  # whatever is wrong with it, Sphinx makes it again
        return False
    return True


def setup(app: Sphinx) -> None:
    """Register what tells Sphinx that a translation changed."""
    app.add_config_value("polyglot_catalogues", "", "env")
    app.connect("config-inited", note_catalogues)
