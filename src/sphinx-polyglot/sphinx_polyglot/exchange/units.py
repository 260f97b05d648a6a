"""The prose of a project, piece by piece: each has a name that stays, its text, its translation, its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.exchange.heads import head_of
from sphinx_polyglot.source.files import read_text
from sphinx_polyglot.source.origins import digest_of
from sphinx_polyglot.source.places import Place, places

TITLE = "title"


@dataclass(frozen=True)
class Pair:
    """From which language into which, by their codes; ``tells`` is whether marks tell what they were made from."""

    source: str
    target: str
    tells: bool = False


@dataclass(frozen=True)
class Source:
    """A script, a gallery's header or a page; what has no ``title`` is the guide of the zip."""

    path: Path
    key: str
    has_title: bool = True


@dataclass(frozen=True)
class Unit:
    """What is translated in one go: a title, a block of prose, a comment; ``target`` is empty where it is not yet.

    ``line`` is where the text stands, and ``place`` is its block; ``is_head`` tells the block that has the title,
    ``is_stale`` a translation whose original has changed since.
    """

    origin: Source
    part: str
    place: Place
    source: str
    target: str
    line: int
    is_head: bool = False
    is_stale: bool = False

    @property
    def id(self) -> str:
        """``lessons/10_tensors:2.1``: the lesson, the stretches of code above, the block's number there."""
        return f"{self.origin.key}:{self.part}"

    @property
    def told(self) -> str:
        """Its place, for messages."""
        return f"{self.origin.path}:{self.line}"


def units_of(origin: Source, languages: Sequence[str], pair: Pair) -> Iterator[Unit]:
    """The units of one file, from one language into another."""
    found = [place for place in places(read_text(origin.path), origin.path, languages) if pair.source in place.written]
    for place in found:
        lines = place.written[pair.source].lines
        if origin.has_title and place is found[0]:
            yield from _head(origin, place, pair)
        elif lines:
            text, translation = ("\n".join(place.texts(language)) for language in (pair.source, pair.target))
            stale = _is_stale(place, pair)
            yield Unit(origin, place.part, place, text, translation, lines[0][1], is_stale=stale)


def _head(origin: Source, place: Place, pair: Pair) -> Iterator[Unit]:
    """The title, and the text below it if there is one."""
    head, translated = (head_of(place.texts(language)) for language in (pair.source, pair.target))
    line, state = place.written[pair.source].lines[0][1], {"is_head": True, "is_stale": _is_stale(place, pair)}
    yield Unit(origin, TITLE, place, head.title.strip(), translated.title.strip(), line, **state)
    if head.text:
        yield Unit(origin, place.part, place, head.text, translated.text, line + 2 + len(head.gap), **state)


def _is_stale(place: Place, pair: Pair) -> bool:
    digest = place.written[pair.target].digest if pair.target in place.written else ""
    return pair.tells and bool(digest) and digest != digest_of(place.written[pair.source].lines)
