"""What ``conf.py`` says, for verbs that start no Sphinx."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError
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
    check_languages(config, path)
    return config


def check_languages(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` where ``conf.py``, at ``path``, names a language that is none.

    >>> check_languages({"polyglot_languages": {"fr": "fr", "de": "de"}, "polyglot_drafts": {"fr": "en"}}, "conf.py")
    Traceback (most recent call last):
    ...
    sphinx.errors.ConfigError: conf.py: polyglot_drafts has "en" stand in for fr; name one of de
    """
    languages, drafts = config["polyglot_languages"], config.get("polyglot_drafts", {})
    for code, name in languages.items():
        if not _is_language(name):
            message = f'polyglot_languages has "{name}" for {code}, which is no language'
            raise ConfigError(f'{path}: {message}; write it like "fr" or "zh_CN"')
    complete = [code for code in languages if code not in drafts]
    for draft, stand_in in drafts.items():
        if draft not in languages:
            raise ConfigError(f'{path}: polyglot_drafts has "{draft}"; add it to polyglot_languages or remove it here')
        if stand_in not in complete:
            names = ", ".join(complete) or "none yet, since all languages are drafts"
            raise ConfigError(f'{path}: polyglot_drafts has "{stand_in}" stand in for {draft}; name one of {names}')


def _is_language(name: object) -> bool:
    try:
        return Locale.parse(name) is not None
    except (TypeError, ValueError, UnknownLocaleError):
        return False


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
