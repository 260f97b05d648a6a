"""What ``conf.py`` says, for verbs that start no Sphinx."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sphinx.config import eval_config_file
from sphinx.errors import ConfigError
from sphinx.util.tags import Tags
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF


def read_settings(confdir: Path) -> dict:
    """The names that ``conf.py`` defines; the environment stays as it was.

    Raises:
        ConfigError: there is none, it fails, or it does not set up a course.
    """
    path, environment = confdir / "conf.py", dict(os.environ)
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file; name its folder with -c")
    try:
        config = eval_config_file(path, Tags())
    finally:
        os.environ.clear()
        os.environ.update(environment)
    for name in ("polyglot_languages", "sphinx_gallery_conf"):
        if not config.get(name):
            raise ConfigError(f"{path}: {name} is not set; set it there")
    return config


def galleries(config: Mapping, sourcedir: Path) -> list[tuple[Path, Path]]:
    """Pairs of a folder of scripts and the folder of the pages made of them.

    >>> config = {"sphinx_gallery_conf": {"examples_dirs": ["../gallery"], "gallery_dirs": "lessons"}}
    >>> [(str(scripts), str(pages)) for scripts, pages in galleries(config, Path("docs"))]
    [('gallery', 'docs/lessons')]
    """
    gallery = DEFAULT_GALLERY_CONF | config["sphinx_gallery_conf"]
    scripts, pages = (_folders(gallery[name], sourcedir) for name in ("examples_dirs", "gallery_dirs"))
    return list(zip(scripts, pages, strict=False))


def lesson_names(config: Mapping, sourcedir: Path) -> list[str]:
    """The names of all lessons, as their files are called."""
    return [path.stem for scripts, _ in galleries(config, sourcedir) for path in sorted(scripts.rglob("*.py"))]


def _folders(names: str | Path | list, sourcedir: Path) -> list[Path]:
    names = [names] if isinstance(names, str | Path) else names
    return [Path(os.path.normpath(sourcedir / name)) for name in names]
