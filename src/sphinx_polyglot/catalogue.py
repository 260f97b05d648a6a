"""Translations in ``locale_dirs``: Sphinx compiles them, trusts what it compiled, and never looks again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path

from sphinx.application import Sphinx


def note_catalogues(app: Sphinx, config) -> None:
    """``config-inited``: an edit of a translation shows on every page."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _catalogues(app.srcdir, config.locale_dirs, config.language):
        digest.update(path.read_bytes())
    config.polyglot_catalogues = digest.hexdigest()


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
