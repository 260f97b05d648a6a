"""What ``conf.py`` says, for verbs that start no Sphinx, and whether it can be so."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from babel import Locale, UnknownLocaleError
from sphinx.application import Sphinx
from sphinx.config import Config, eval_config_file
from sphinx.errors import ConfigError
from sphinx.util.tags import Tags
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from sphinx_polyglot import SETTINGS

#: Settings of others that are read here, and what they are where ``conf.py`` leaves them out.
OTHERS = {"project": "", "locale_dirs": [], "templates_path": [], "html_static_path": [], "sphinx_gallery_conf": {}}
#: Dictionaries of texts.
TEXTS = {"polyglot_drafts", "polyglot_distributions", "polyglot_about", "polyglot_facts", "polyglot_clouds"}
TEXTS |= {"polyglot_install_hints", "polyglot_watched"}
#: How close a name is to that of a setting when it is taken for a slip, of 1.
NEARLY = 0.9
#: What a setting holds, in words.
KINDS = {
    dict: "a dictionary, {…: …}",
    list: "a list, […]",
    str: 'a text, "…"',
    float: "a number",
}


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
    except ConfigError as error:
        raise ConfigError(_fault(path, error)) from error
    finally:
        os.environ.clear()
        os.environ.update(environment)
    for name in ("polyglot_languages", "sphinx_gallery_conf"):
        if not config.get(name):
            raise ConfigError(f"{path}: {name} is not set; set it there")
    if "sphinx_polyglot" not in config.get("extensions", []):
        raise ConfigError(f'{path}: extensions does not name "sphinx_polyglot"; add it there')
    check_settings(config, path)
    return config


def _fault(path: Path, error: ConfigError) -> str:
    """Why ``conf.py`` cannot be run, in one line, with the line where that shows."""
    cause = error.__cause__ or error.__context__
    if cause is None:
        return f"{path}: {error}"
    lines = [frame.lineno for frame in traceback.extract_tb(cause.__traceback__) if frame.filename == str(path)]
    if isinstance(cause, SyntaxError) and cause.filename in (str(path), "<string>", None):
        lines = [cause.lineno or 1]
    said = cause.msg if isinstance(cause, SyntaxError) else cause
    what = "it ends the program" if isinstance(cause, SystemExit) else f"{type(cause).__name__}: {said}"
    return f"{path}:{lines[-1] if lines else 1}: {what}; correct it"


def check_settings(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` where ``conf.py``, at ``path``, sets what cannot be.

    >>> check_settings({"polyglot_languages": ["zh", "en"]}, "conf.py")
    Traceback (most recent call last):
    ...
    sphinx.errors.ConfigError: conf.py: polyglot_languages is ['zh', 'en']; write a dictionary, {…: …}
    """
    for name, default in {**OTHERS, **SETTINGS}.items():
        if name in config and not isinstance(config[name], _types(default)):
            raise ConfigError(f"{path}: {name} is {config[name]!r}; write {KINDS[_types(default)[0]]}")
    for name, value in config.items():
        if name.startswith("polyglot_") and name not in SETTINGS:
            close = get_close_matches(name, SETTINGS, 1) or sorted(SETTINGS)
            raise ConfigError(f"{path}: there is no setting {name}; write {close[0]}, or call your own name otherwise")
        if name in TEXTS:
            _check_texts(name, value, path)
    _check_galleries(config, path)
    if config.get("polyglot_timeout", 1) <= 0:
        raise ConfigError(f"{path}: polyglot_timeout is {config['polyglot_timeout']}; write seconds, more than 0")
    _check_languages(config, path)


def refuse_misspelt(app: Sphinx, config: Config) -> None:
    """``config-inited``: Sphinx passes over a name that is nearly one of its settings."""
    known = [value.name for value in config]
    for name in set(config._raw_config) - set(known):  # no public name for what conf.py says
        for close in get_close_matches(name, known, 1, NEARLY):
            raise ConfigError(f"conf.py: there is no setting {name}; write {close}, or call your own name otherwise")


def _check_texts(name: str, setting: Mapping, path: Path | str) -> None:
    for key, value in setting.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise ConfigError(f'{path}: {name} has {key!r}: {value!r}; write a text for a text, "…": "…"')


def _check_galleries(config: Mapping, path: Path | str) -> None:
    """Sphinx-Gallery pairs the folders of scripts with those of their pages."""
    settings = config.get("sphinx_gallery_conf", {})
    pairs = [settings.get(name) for name in ("examples_dirs", "gallery_dirs")]
    counts = [1 if isinstance(folders, str | Path) else len(folders or ()) for folders in pairs]
    if counts[0] != counts[1]:
        message = f"sphinx_gallery_conf has {counts[0]} examples_dirs and {counts[1]} gallery_dirs"
        raise ConfigError(f"{path}: {message}; write one for each")


def _types(default: object) -> tuple[type, ...]:
    """What may stand where this is the default; the first is told."""
    more = {dict: (dict,), list: (list, tuple, set), str: (str, Path), float: (float, int)}
    return more[type(default)]


def _check_languages(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` where a language is none.

    >>> _check_languages({"polyglot_languages": {"fr": "fr", "de": "de"}, "polyglot_drafts": {"fr": "en"}}, "conf.py")
    Traceback (most recent call last):
    ...
    sphinx.errors.ConfigError: conf.py: polyglot_drafts has "en" stand in for fr; name one of de
    """
    languages, drafts = config["polyglot_languages"], config.get("polyglot_drafts", {})
    for code, name in languages.items():
        if not (isinstance(code, str) and code.isidentifier()):
            message = f"polyglot_languages has {code!r}, which cannot be a mark and a folder's name"
            raise ConfigError(f'{path}: {message}; write small letters, like "fr"')
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
