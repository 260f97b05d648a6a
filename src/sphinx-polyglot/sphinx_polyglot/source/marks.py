"""Marks cut a source into blocks: prose that stands once in each language, and what is for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from sphinx_polyglot.errors import SourceError

#: A comment in the code that is written in every language, a line for each.
COMMENT = re.compile(r"^(\s*)# (\w+): (.*)$")
#: What a translation's mark may tell: a digest of the text that it was made from.
DIGEST = "[0-9a-f]{8}"
#: A line as its author wrote it, and its number in the author's file.
Line = tuple[str, int]
#: The same prose in each language.
Prose = dict[str, list[Line]]


class Segment(NamedTuple):
    """A stretch in one language, none for code: the line it begins at, its lines, and the digest in its mark."""

    language: str
    number: int
    lines: list[Line]
    digest: str = ""


class Mark(NamedTuple):
    """Where a language of a block begins, and the digest of what it was translated from, if it tells."""

    line: int
    digest: str = ""


@dataclass(frozen=True)
class Syntax:
    """What counts as a mark in one part of one file."""

    path: Path | str
    words: tuple[str, ...]
    prefix: str = ""
    drafts: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        return [word for word in self.words if word != "end"]

    @property
    def mark(self) -> re.Pattern[str]:
        return re.compile(rf"{self.prefix}%% (\w+)(?:[ \t]+({DIGEST}))?\s*")

    @property
    def nearly(self) -> re.Pattern[str]:
        """A line meant as a mark, or as one of Sphinx-Gallery's, which take no part here."""
        words = "|".join(map(re.escape, self.words))
        number_sign, least = (r"#+\s*", 0) if self.prefix else ("", 2)
        cell = "|# ?%%.*" if self.prefix else rf"|[%％]+[ \t]*(?:{words})[ \t]+[0-9a-z]+\s*"
        return re.compile(
            rf"\s*{number_sign}(?:[%％]+[ \t]*[\w-]{{{least},12}}|[%％#]*\s*(?:{words}))\s*{cell}", re.IGNORECASE
        )

    @property
    def signed(self) -> re.Pattern[str]:
        """A script's mark, where marks take no number sign."""
        return re.compile(rf"#+\s*[%％]+\s*({'|'.join(map(re.escape, self.words))})\s*")

    def order(self, language: str) -> int:
        """The place of a language in every block."""
        return self.languages.index(language)

    def written(self, language: str, digest: str = "") -> str:
        return f"{self.prefix}%% {language} {digest}".rstrip()

    def meant(self, text: str, language: str) -> str:
        """The word that was meant by a line that is nearly a mark, below prose in this language.

        >>> syntax = Syntax("a.py", ("zh", "en"), "# ")
        >>> syntax.meant("#%% EN", "zh"), syntax.meant("# %%", "zh"), syntax.meant("# %%", "")
        ('en', 'en', '')
        """
        word = re.sub(r"[#%％]", "", text).strip().lower().partition(" ")[0]
        close = get_close_matches(word, self.words, 1, 0.5)
        if close or language not in self.languages:
            return close[0] if close else ""
        return self.languages[(self.order(language) + 1) % len(self.languages)]


@dataclass(frozen=True)
class Block:
    """A cell of a script: prose in every language, or code.

    Exactly one of ``prose`` and ``code`` is filled; ``line`` is where it begins, and
    ``marks`` are those of the languages that are written, not filled in.
    """

    line: int
    prose: Prose | None = None
    code: tuple[Line, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)


def segments(
    lines: Iterable[Line], syntax: Syntax, found: list[SourceError], comments: set[int] | None = None
) -> Iterator[Segment]:
    """Cut ``lines`` at their marks; ``comments`` are a script's lines that may hold prose, any other ends it.

    A mark that is misspelt goes on to ``found``, and counts as the one that was meant.
    """
    language, begin, digest, held = "", 0, "", []
    for text, number in lines:
        prose_allowed = comments is None or number in comments
        word, told = _word(text, number, syntax, language, found) if prose_allowed else ("", "")
        if word:
            yield Segment(language, begin, filled(held), digest)
            language, begin, digest, held = "" if word == "end" else word, number, told, []
            continue
        if language and not prose_allowed:
            yield Segment(language, begin, filled(held), digest)
            language, begin, digest, held = "", number, "", []
        if language and comments is not None:
            text = text[1:].removeprefix(" ")
        held.append((text, number))
    yield Segment(language, begin, filled(held), digest)


def _word(text: str, number: int, syntax: Syntax, language: str, found: list[SourceError]) -> tuple[str, str]:
    """The word of a mark, of a misspelt one what was meant, and its digest; nothing for any other line."""
    mark = syntax.mark.fullmatch(text)
    if mark and mark[1] in syntax.words:
        if mark[2] and mark[1] not in syntax.translated:
            message = f"{mark[1]} is translated from no language that polyglot_translated tells"
            found.append(SourceError(syntax.path, number, f'{message}; write "{syntax.written(mark[1])}"'))
        return mark[1], mark[2] or ""
    return _meant(text, number, syntax, language, found), ""


def _meant(text: str, number: int, syntax: Syntax, language: str, found: list[SourceError]) -> str:
    if syntax.nearly.fullmatch(text):
        wanted = " or ".join(f'"{syntax.written(word)}"' for word in syntax.words)
        found.append(SourceError(syntax.path, number, f'"{text.strip()}" is not a mark; write {wanted}'))
        return syntax.meant(text, language)
    if not syntax.prefix and (signed := syntax.signed.fullmatch(text)):
        message = f'"{text.strip()}" has a number sign, which a docstring or a page does not take; write'
        found.append(SourceError(syntax.path, number, f'{message} "{syntax.written(signed[1])}"'))
        return signed[1]
    return ""


def filled(lines: list[Line]) -> list[Line]:
    """The lines without blank ones at either end."""
    numbers = [index for index, (text, _) in enumerate(lines) if text.strip()]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
