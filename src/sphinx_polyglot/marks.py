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
    """A fault in a source file: the thing, the place and the remedy."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


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


def blocks(lines: Iterable[Line], syntax: Syntax, comments: set[int] | None = None) -> Iterator[Block]:
    """Cut ``lines`` at their marks; ``comments`` are a script's lines that may hold prose.

    Raises:
        SourceError: a mark is misspelt, or a language is missing.
    """
    return _blocks(_segments(lines, syntax, comments), syntax)


def _segments(lines: Iterable[Line], syntax: Syntax, comments: set[int] | None = None) -> Iterator[Segment]:
    """Cut at the marks; in a script, a line that is no comment ends the prose."""
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
        else:
            if language and not prose_allowed:
                yield language, begin, _filled(held)
                language, begin, held = "", number, []
            if language and comments is not None:
                text = text[1:].removeprefix(" ")
            held.append((text, number))
    yield language, begin, _filled(held)


def _blocks(segments: Iterable[Segment], syntax: Syntax) -> Iterator[Block]:
    """Gather the languages of one block, which follow one another as in the settings; check that none is missing."""
    prose: Prose = {}
    begin = 0
    for language, number, lines in [*segments, ("", 0, [("", 0)])]:
        if not language and not lines:
            continue
        if prose and (not language or syntax.order(language) <= syntax.order(list(prose)[-1])):
            yield Block(begin, _complete(prose, begin, syntax))
            prose = {}
        if language:
            begin = begin if prose else number
            prose = {**prose, language: lines}
        elif lines[0][1]:
            yield Block(lines[0][1], code=tuple(lines))


def _complete(prose: Prose, begin: int, syntax: Syntax) -> Prose:
    """``prose`` in every language, a draft's gaps filled; raise where one is missing."""
    prose = {code: prose.get(code) or prose.get(syntax.drafts.get(code, ""), []) for code in syntax.languages}
    present = " and ".join(language for language in syntax.languages if prose.get(language))
    for language in syntax.languages:
        if not prose.get(language):
            where = "above it" if present and syntax.order(language) < syntax.order(present.split()[0]) else "below it"
            mark = syntax.written(language)
            message = f'the block has {present or "no text"} but no {language}; add "{mark}" and its text {where}'
            raise SourceError(syntax.path, begin, message)
    return prose


def _filled(lines: list[Line]) -> list[Line]:
    """The lines without blank ones at either end."""
    numbers = [index for index, (text, _) in enumerate(lines) if text.strip()]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
