"""The glossary: a term is called the same everywhere, and by none of the renderings to avoid.

The glossary is a TOML file, a table for each term:

    [loss]
    zh = ["损失"]            # what it is called; the first is its name
    en = ["loss", "losses"]
    avoid.zh = ["代价"]      # not these, where another language says "loss"

    [avoid.zh]              # not these anywhere, and what to write instead
    "举个栗子" = "举个例子"

Where one language of a block names a term, so do the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sphinx_polyglot.marks import Line, SourceError


@dataclass(frozen=True)
class Term:
    """What one thing is called in each language, and what not."""

    names: dict[str, list[str]]
    avoid: dict[str, list[str]] = field(default_factory=dict)
    compared: bool = True

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """For each language, what finds the term in a text."""
        return {language: _pattern(names) for language, names in self.names.items() if names}


@dataclass(frozen=True)
class Glossary:
    """The terms of a course, and what is avoided everywhere, by language."""

    terms: list[Term] = field(default_factory=list)
    avoid: dict[str, dict[str, str]] = field(default_factory=dict)


def read_glossary(path: Path, languages: Sequence[str]) -> Glossary:
    """Read the file; raise ``SourceError`` where it is not what it should be."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SourceError(path, 1, "there is no such glossary; correct polyglot_glossary in conf.py") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SourceError(path, int(line[1]) if line else 1, f"this is not TOML: {error}; correct it") from None
    avoid = tables.pop("avoid", {})
    for key, table in tables.items():
        for language in (code for code in languages if code not in getattr(languages, "drafts", {})):
            if not _is_list_of_names(table.get(language)):
                line = _line_of(path, key)
                raise SourceError(
                    path, line, f'the term "{key}" lacks a list of names in {language}; add {language} = ["…"]'
                )
    terms = [
        Term({code: table.get(code, []) for code in languages}, table.get("avoid", {}), table.get("compared", True))
        for table in tables.values()
    ]
    return Glossary(terms, avoid)


def term_faults(path: Path, plain: dict[str, list[Line]], glossary: Glossary) -> Iterator[SourceError]:
    """Terms that one language of a block names and another does not, and renderings to avoid."""
    texts = {language: "\n".join(text for text, _ in lines) for language, lines in plain.items()}
    for language, lines in plain.items():
        for rendering, better in glossary.avoid.get(language, {}).items():
            for number in _lines_with(_pattern([rendering]), texts[language], lines):
                yield SourceError(path, number, f'"{rendering}" is to be avoided; write "{better}"')
    for term in glossary.terms:
        found = {
            code: _lines_with(pattern, texts[code], plain[code])
            for code, pattern in term.patterns.items()
            if code in texts
        }
        for language in found:
            lines = plain[language]
            named = next((other for other in found if other != language and found[other]), "")
            if not named:
                continue
            name = f'"{term.names[language][0]}"'
            for rendering in term.avoid.get(language, []):
                for number in _lines_with(_pattern([rendering]), texts[language], lines):
                    yield SourceError(path, number, f'"{rendering}" is to be avoided for {name}; write {name}')
            if term.compared and not found[language]:
                yield _unnamed(path, term, (named, found[named][0]), (language, lines))


def _unnamed(path: Path, term: Term, named: tuple[str, int], silent: tuple[str, list[Line]]) -> SourceError:
    (there, line), (here, lines) = named, silent
    number = next((number for text, number in lines if text.strip()), line)
    return SourceError(
        path,
        number,
        f'{there} names "{term.names[there][0]}" in line {line}, {here} from here on does not name '
        f'"{term.names[here][0]}"; use the term in both or in neither',
    )


def _lines_with(pattern: re.Pattern[str], text: str, lines: list[Line]) -> list[int]:
    """The author's lines in which a match begins."""
    return [lines[text.count("\n", 0, match.start())][1] for match in pattern.finditer(text)]


def _pattern(names: list[str]) -> re.Pattern[str]:
    """Names as words, whatever their case and line breaks; an English plural is found too."""
    return re.compile("|".join(_word(name) for name in sorted(names, key=len, reverse=True)), re.IGNORECASE)


def _word(name: str) -> str:
    if not name.isascii():  # a line of Chinese may break anywhere
        return r"(?:\n\s*)?".join(map(re.escape, name))
    return r"\b" + r"\s+".join(map(re.escape, name.split())) + r"(?:s|es)?\b"


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name for name in value)


def _line_of(path: Path, key: str) -> int:
    lines = path.read_text("utf-8").split("\n")
    return next((number for number, text in enumerate(lines, 1) if text.strip().strip("[]").strip('"') == key), 1)
