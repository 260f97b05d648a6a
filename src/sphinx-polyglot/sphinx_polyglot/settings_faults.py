"""What ``conf.py`` sets that cannot be is told before anything is built, with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import get_args, get_origin

from babel import Locale, UnknownLocaleError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from sphinx_polyglot.settings import NAMES, OTHERS, PREFIX, TYPES

#: How close a name is to that of a setting when it is taken for a slip, of 1.
NEARLY = 0.9
#: What a setting holds, in words.
KINDS = {
    dict: "a dictionary, {…: …}",
    list: "a list, […]",
    str: 'a text, "…"',
    float: "a number",
    bool: "True or False",
}
#: What may stand where a type is asked for.
ACCEPTED = {dict: (dict,), list: (list, tuple, set), str: (str, Path), float: (float, int), bool: (bool, int)}


def check_settings(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` where ``conf.py``, at ``path``, sets what cannot be.

    >>> check_settings({"polyglot_languages": ["zh", "en"]}, "conf.py")
    Traceback (most recent call last):
    ...
    sphinx.errors.ConfigError: conf.py: polyglot_languages is ['zh', 'en']; write a dictionary, {…: …}
    """
    wanted = {name: type(default) for name, default in OTHERS.items()}
    wanted |= {PREFIX + name: get_origin(hint) or hint for name, hint in TYPES.items()}
    for name, kind in wanted.items():
        if name in config and not isinstance(config[name], ACCEPTED[kind]):
            raise ConfigError(f"{path}: {name} is {config[name]!r}; write {KINDS[kind]}")
    for name, value in config.items():
        if name.startswith(PREFIX) and name not in NAMES:
            close = get_close_matches(name, NAMES, 1) or sorted(NAMES)
            raise ConfigError(f"{path}: there is no setting {name}; write {close[0]}, or call your own name otherwise")
        if get_args(TYPES.get(name.removeprefix(PREFIX))) == (str, str) and name != "polyglot_languages":
            _check_texts(name, value, path)
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


def _check_languages(config: Mapping, path: Path | str) -> None:
    """Raise ``ConfigError`` where a language is none.

    >>> _check_languages({"polyglot_languages": {"fr": "fr", "de": "de"}, "polyglot_drafts": {"fr": "en"}}, "conf.py")
    Traceback (most recent call last):
    ...
    sphinx.errors.ConfigError: conf.py: polyglot_drafts has "en" stand in for fr; name one of de
    """
    languages, drafts = config.get("polyglot_languages", {}), config.get("polyglot_drafts", {})
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
    _check_translated({**drafts, **config.get("polyglot_translated", {})}, languages, path)


def _check_translated(translated: Mapping[str, str], languages: Mapping[str, str], path: Path | str) -> None:
    for language, source in translated.items():
        for code in (language, source):
            if code not in languages:
                message = f'polyglot_translated has "{code}"'
                raise ConfigError(f"{path}: {message}; add it to polyglot_languages or remove it here")
        above = [language]
        while source in translated and source not in above:
            above.append(source)
            source = translated[source]
        if source in above:
            message = f"polyglot_translated has {source} be translated from itself"
            raise ConfigError(f"{path}: {message}; leave out the language that is written first")


def _is_language(name: object) -> bool:
    try:
        return Locale.parse(name) is not None
    except (TypeError, ValueError, UnknownLocaleError):
        return False
