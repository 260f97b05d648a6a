"""The folders of Sphinx-Gallery: scripts, and the pages made of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sphinx.errors import ConfigError
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from sphinx_polyglot.source.files import NOTEBOOKS

#: The names of the page that begins a gallery.
HEADER = "GALLERY_HEADER.rst"
HEADERS = {"GALLERY_HEADER", "README", "readme"}


def gallery_pairs(settings: Mapping) -> list[tuple[str, str]]:
    """Pairs of a folder of scripts and the folder of their pages, as ``sphinx_gallery_conf`` has them.

    >>> gallery_pairs({"examples_dirs": ["../gallery"], "gallery_dirs": "lessons"}), gallery_pairs({})
    ([('../gallery', 'lessons')], [('../examples', 'auto_examples')])
    """
    sources, targets = (_listed(settings, name) for name in ("examples_dirs", "gallery_dirs"))
    return list(zip(sources, targets, strict=False))


def galleries(settings: Mapping, sourcedir: Path) -> list[tuple[Path, Path]]:
    """The same pairs, as seen from the folder of the sources.

    >>> settings = {"examples_dirs": ["../gallery"], "gallery_dirs": "lessons"}
    >>> [(str(scripts), str(pages)) for scripts, pages in galleries(settings, Path("docs"))]
    [('gallery', 'docs/lessons')]
    """
    return [tuple(Path(os.path.normpath(sourcedir / name)) for name in pair) for pair in gallery_pairs(settings)]


def lesson_names(settings: Mapping, sourcedir: Path) -> list[str]:
    """The names of all lessons, as their files are called."""
    found = (path for scripts, _ in galleries(settings, sourcedir) for path in sorted(scripts.rglob("*")))
    return [path.stem for path in found if path.suffix in (".py", *NOTEBOOKS)]


def excluded(settings: Mapping, srcdir: Path, stage: Path) -> list[str]:
    """Patterns of what lies among the sources, is no page, and would be read as one.

    >>> excluded({"examples_dirs": "examples"}, Path("doc"), Path("doc/build/stage"))
    ['build/stage', 'examples', '**/.ipynb_checkpoints', '**/.sphinx-polyglot']
    """
    folders = [stage, *(scripts for scripts, _ in galleries(settings, srcdir))]
    inside = [folder.relative_to(srcdir).as_posix() for folder in folders if folder.is_relative_to(srcdir)]
    return [*inside, "**/.ipynb_checkpoints", "**/.sphinx-polyglot"]


def check_folders(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` unless each folder of scripts has one for its pages."""
    settings = config.get("sphinx_gallery_conf", {})
    counts = [len(_listed(settings, name)) for name in ("examples_dirs", "gallery_dirs")]
    if counts[0] != counts[1]:
        message = f"sphinx_gallery_conf has {counts[0]} examples_dirs and {counts[1]} gallery_dirs"
        raise ConfigError(f"{path}: {message}; write one for each")


def check_scripts(settings: Mapping, srcdir: Path) -> None:
    """Raise ``ConfigError`` where a folder of scripts is not there."""
    for folder, _ in galleries(settings, srcdir):
        if not folder.is_dir():
            message = f"examples_dirs names {folder.name}, and there is no folder {folder}"
            raise ConfigError(f"conf.py: {message}; make it, or correct the name, as seen from {srcdir}")


def _listed(settings: Mapping, name: str) -> list[str]:
    """One setting as Sphinx-Gallery reads it: a folder or several, or its own default."""
    folders = settings.get(name, DEFAULT_GALLERY_CONF[name])
    return [str(folders)] if isinstance(folders, str | Path) else [str(folder) for folder in folders]
