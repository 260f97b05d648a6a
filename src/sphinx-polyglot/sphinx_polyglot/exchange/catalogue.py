"""A catalogue of translations, whatever its format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import tag

#: What a note says of the translation that went out, so that it shows which side changed it since.
EXPORTED = "Translation when exported: "
BASE = re.compile(rf"{EXPORTED}(\w+)")
NOT_YET = "none"


@dataclass(frozen=True)
class Entry:
    """A text, its translation if there is one, and what a translator should know of it.

    ``id`` and ``place`` tell where it comes from, ``line`` where it stands in the catalogue.
    ``base`` is the digest of the translation that went out; it is empty where a tool dropped it.
    """

    id: str
    source: str
    target: str = ""
    notes: tuple[str, ...] = ()
    place: tuple[str, int] = ("", 0)
    fuzzy: bool = False
    line: int = 0
    base: str = ""

    @property
    def is_new(self) -> bool:
        """Whether a translator wrote or changed the translation."""
        return bool(self.target) and digest(self.target) != self.base


@dataclass(frozen=True)
class Catalogue:
    """The entries of one source, and Sphinx's names of its languages."""

    path: Path
    source: str
    target: str
    entries: list[Entry] = field(default_factory=list)
    project: str = ""


def digest(text: str) -> str:
    """A text in a few digits.

    >>> digest("One"), digest("")
    ('8b125077', 'none')
    """
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else NOT_YET


def base_of(notes: str) -> str:
    """The digest in an entry's notes, if there is one."""
    found = BASE.search(notes)
    return found[1] if found else ""


def code_of(name: str, languages: Mapping[str, str], path: Path) -> str:
    """The code of a language as a tool calls it: ``zh_Hans`` is ``zh`` where no other Chinese is.

    >>> code_of("zh-Hans", {"zh": "zh_CN", "en": "en"}, "a.po")
    'zh'

    Raises:
        SourceError: it is none of these languages.
    """
    wanted = tag(name).casefold()
    for names in (dict(languages), {code: code for code in languages}):
        for code, other in names.items():
            if tag(other).casefold() == wanted:
                return code
    near = [code for code, other in languages.items() if wanted.split("-")[0] == tag(other).casefold().split("-")[0]]
    if len(near) == 1:
        return near[0]
    names = " or ".join(languages.values())
    raise SourceError(path, 1, f'the catalogue is for the language "{name}"; write {names} in its head')


def missing(distribution: str) -> ConfigError:
    """What is told where a library is not installed that only those need who exchange catalogues."""
    message = f"catalogues of this kind are read and written by {distribution}, which is not installed"
    return ConfigError(f"{message}; run: python -m pip install {distribution}")
