"""Marks cut a source into blocks: prose that stands once in each language, and what is for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: A line as its author wrote it, and its number in the author's file.
Line = tuple[str, int]
#: The same prose in each language.
Prose = dict[str, list[Line]]
#: Language (none for code), the line it begins at, its lines.
Segment = tuple[str, int, list[Line]]


class SourceError(Exception):
    """A fault in a source file: the thing, the place and the remedy; ``also`` are those found with it."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message
        self.also: list[SourceError] = []


def raise_all(faults: list[SourceError]) -> None:
    """Raise the first fault, if there is one; the others go with it."""
    if faults:
        first, *first.also = faults
        raise first


class Languages(tuple):
    """The codes of a course's languages, in the order in which they stand in each block.

    ``drafts`` names those whose translation is under way: where one is missing,
    the language that it maps to stands in.
    """

    drafts: Mapping[str, str]

    def __new__(cls, codes: Iterable[str], drafts: Mapping[str, str] | None = None):
        languages = super().__new__(cls, codes)
        languages.drafts = dict(drafts or {})
        return languages


@dataclass(frozen=True)
class Syntax:
    """What counts as a mark in one part of one file."""

    path: Path | str
    words: tuple[str, ...]
    prefix: str = ""
    drafts: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        return [word for word in self.words if word != "end"]

    @property
    def mark(self) -> re.Pattern[str]:
        return re.compile(rf"{self.prefix}%% (\w+)\s*")

    @property
    def nearly(self) -> re.Pattern[str]:
        """A line meant as a mark, or as one of Sphinx-Gallery's, which take no part here."""
        words = "|".join(map(re.escape, self.words))
        number_sign, least = (r"#+\s*", 0) if self.prefix else ("", 2)
        return re.compile(
            rf"\s*{number_sign}(?:[%％]+[ \t]*[\w-]{{{least},12}}|[%％#]*\s*(?:{words}))\s*", re.IGNORECASE
        )

    @property
    def signed(self) -> re.Pattern[str]:
        """A script's mark, where marks take no number sign."""
        return re.compile(rf"#+\s*[%％]+\s*({'|'.join(map(re.escape, self.words))})\s*")

    def order(self, language: str) -> int:
        """The place of a language in every block."""
        return self.languages.index(language)

    def written(self, language: str) -> str:
        return f"{self.prefix}%% {language}"


@dataclass(frozen=True)
class Block:
    """A cell of a script: prose in every language, or code.

    Exactly one of ``prose`` and ``code`` is filled; ``line`` is where it begins.
    """

    line: int
    prose: Prose | None = None
    code: tuple[Line, ...] = ()


def segments(lines: Iterable[Line], syntax: Syntax, comments: set[int] | None = None) -> Iterator[Segment]:
    """Cut ``lines`` at their marks; ``comments`` are a script's lines that may hold prose, any other ends it.

    Raises:
        SourceError: a mark is misspelt.
    """
    language, begin, held = "", 0, []
    for text, number in lines:
        prose_allowed = comments is None or number in comments
        mark = syntax.mark.fullmatch(text) if prose_allowed else None
        if mark and mark[1] in syntax.words:
            yield language, begin, _filled(held)
            language, begin, held = "" if mark[1] == "end" else mark[1], number, []
        elif prose_allowed and syntax.nearly.fullmatch(text):
            wanted = " or ".join(f'"{syntax.written(word)}"' for word in syntax.words)
            raise SourceError(syntax.path, number, f'"{text.strip()}" is not a mark; write {wanted}')
        elif not syntax.prefix and (signed := syntax.signed.fullmatch(text)):
            message = f'"{text.strip()}" has a number sign, which a docstring or a page does not take; write'
            raise SourceError(syntax.path, number, f'{message} "{syntax.written(signed[1])}"')
        else:
            if language and not prose_allowed:
                yield language, begin, _filled(held)
                language, begin, held = "", number, []
            if language and comments is not None:
                text = text[1:].removeprefix(" ")
            held.append((text, number))
    yield language, begin, _filled(held)


def _filled(lines: list[Line]) -> list[Line]:
    """The lines without blank ones at either end."""
    numbers = [index for index, (text, _) in enumerate(lines) if text.strip()]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
