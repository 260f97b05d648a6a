"""What is to be checked besides the galleries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.gallery.folders import excluded
from sphinx_polyglot.gallery.reading import page_files
from sphinx_polyglot.settings import Settings


@dataclass(frozen=True)
class Scope:
    """The files of the glossary, of the zip's guide and of figures' words, if there are any, and those of the pages;
    the role of single backquotes, and where which of Sphinx's languages are translated.
    """

    glossary: Path | None = None
    guide: Path | None = None
    figure_words: Path | None = None
    pages: Sequence[Path] = ()
    default_role: str | None = None
    locale_dirs: Sequence[str] = ()
    languages: Sequence[str] = ()


def scope(settings: Settings, others: Mapping, srcdir: Path, confdir: Path, languages: Sequence[str]) -> Scope:
    """What ``conf.py`` says of it; ``others`` are the settings of Sphinx and Sphinx-Gallery."""
    conf, stage = others["sphinx_gallery_conf"], confdir / settings.stage_dir
    left_out = [*(others["exclude_patterns"] or []), *excluded(conf, srcdir, stage)]
    return Scope(
        confdir / settings.glossary if settings.glossary else None,
        confdir / settings.bundle_readme if settings.bundle_readme else None,
        confdir / settings.figure_words if settings.figure_words else None,
        page_files(srcdir, conf, left_out),
        others["default_role"],
        others["locale_dirs"],
        languages,
    )
