"""The glossary: a term is called the same everywhere, and by none of the renderings to avoid.

The glossary is a TOML file, a table for each term:

    [loss]
    zh = ["损失"]            # what it is called; the first is its name
    en = ["loss", "losses"]
    also.zh = ["损失函数"]    # what others call it, for whoever searches for that
    avoid.zh = ["代价"]      # not these, where another language says "loss"
    theme = "training"      # where the glossary's page shows it, and what it is
    text.zh = "衡量输出离正确答案有多远的一个数。"
    text.en = "A number that says how far the output is from the right answer."

    [avoid.zh]              # not these anywhere, and what to write instead
    "举个栗子" = "举个例子"

Where one language of a block names a term, so do the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from sphinx_polyglot.check.malformed import is_renderings, malformed
from sphinx_polyglot.check.parity import all_or_none
from sphinx_polyglot.check.tables import read_tables
from sphinx_polyglot.errors import SourceError, hand_on
from sphinx_polyglot.languages import drafts_of
from sphinx_polyglot.source.marks import Line, Prose


@dataclass(frozen=True)
class Term:
    """What one thing is called in each language, elsewhere also, and what not; ``text`` says what it is.

    ``longer`` are names of other things that have one of these names inside.
    """

    names: dict[str, list[str]]
    avoid: dict[str, list[str]] = field(default_factory=dict)
    compared: bool = True
    key: str = ""
    theme: str = ""
    text: Prose = field(default_factory=dict)
    longer: dict[str, list[str]] = field(default_factory=dict)
    line: int = 1
    also: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """For each language, what finds the term in a text."""
        return {
            language: _pattern(tuple(names), tuple(self.longer.get(language, [])))
            for language, names in self.names.items()
            if names
        }

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """The first word of each name, or its first character where that is Chinese."""
        names = [name for names in self.names.values() for name in names]
        return tuple({name.split()[0].casefold() if name.isascii() else name[0].casefold() for name in names})

    def may_stand_in(self, text: str) -> bool:
        """False where no language of a casefolded ``text`` can name the term: most terms, at little cost."""
        return any(beginning in text for beginning in self.beginnings)


@dataclass(frozen=True)
class Glossary:
    """The terms of a course, and what is avoided everywhere, by language; ``path`` is the file."""

    terms: list[Term] = field(default_factory=list)
    avoid: dict[str, dict[str, str]] = field(default_factory=dict)
    path: Path = Path()


def read_glossary(path: Path, languages: Sequence[str], found: list[SourceError] | None = None) -> Glossary:
    """Read the file; what is not as it should be goes on to ``found``, without that list it is raised."""
    faults: list[SourceError] = []
    content, tables = read_tables(path, "glossary", "polyglot_glossary", faults)
    lines = content.split("\n")
    avoid = tables.pop("avoid", {})
    if not (isinstance(avoid, dict) and all(map(is_renderings, avoid.values()))):
        message = '"avoid" is not one table a language; write [avoid.zh], and below it "…" = "…"'
        faults.append(SourceError(path, _line_of(lines, "avoid"), message))
        avoid = {}
    explained = any("text" in table for table in tables.values() if isinstance(table, dict))
    good = {}
    for key, table in tables.items():
        if fault := malformed(table, languages, explained):
            faults.append(SourceError(path, _line_of(lines, key), f'the term "{key}" {fault}'))
        else:
            good[key] = table
    terms = [_term(key, table, languages, lines) for key, table in good.items()]
    faults += _shared_names(path, terms)
    hand_on(faults, found)
    return Glossary([replace(term, longer=_longer(term, terms)) for term in terms], avoid, path)


def _shared_names(path: Path, terms: list[Term]) -> Iterator[SourceError]:
    """Terms with one name in some language: no text could tell which is meant."""
    seen: dict[tuple[str, str], str] = {}
    for term in terms:
        for language, names in term.names.items():
            other = seen.setdefault((language, names[0].casefold()), term.key) if names else term.key
            if other != term.key:
                message = f'the term "{term.key}" is called "{names[0]}" in {language}, and so is "{other}"'
                yield SourceError(path, term.line, f"{message}; leave the name to one of them")


def _term(key: str, table: dict, languages: Sequence[str], lines: list[str]) -> Term:
    """A term as it is written; in a draft, another language's sentence fills the gap."""
    drafts = drafts_of(languages)
    text = table.get("text", {})
    written = {code: code if code in text else drafts.get(code, "") for code in languages if text}
    return Term(
        {code: table.get(code, []) for code in languages},
        table.get("avoid", {}),
        table.get("compared", True),
        key,
        table.get("theme", ""),
        {
            code: _sentence(text.get(source, ""), _line_of(lines, key, f"text.{source}"))
            for code, source in written.items()
        },
        line=_line_of(lines, key),
        also=table.get("also", {}),
    )


def _sentence(text: str, number: int) -> list[Line]:
    return [(line, number) for line in text.split("\n")]


def _longer(term: Term, terms: list[Term]) -> dict[str, list[str]]:
    """By language, names of other terms that have one of this term's inside, unless all of theirs have.

    卷积核 has 卷积 inside, "kernel" has no "convolution": so 卷积核 does not name the convolution.
    """
    found: dict[str, list[str]] = {code: [] for code in term.names}
    for other in (other for other in terms if other is not term):
        shared = [code for code in term.names if term.names[code] and other.names[code]]
        inside = {code: _with_inside(other.names[code], term.names[code]) for code in shared}
        if any(inside[code] != other.names[code] for code in shared):
            for code in shared:
                found[code] += inside[code]
    return found


def _with_inside(names: list[str], shorter: list[str]) -> list[str]:
    return [name for name in names if any(short in name and short != name for short in shorter)]


def term_faults(path: Path, plain: dict[str, list[Line]], glossary: Glossary) -> Iterator[SourceError]:
    """Terms that one language of a block names and another does not, and renderings to avoid."""
    texts = {language: "\n".join(text for text, _ in lines) for language, lines in plain.items()}
    for language, lines in plain.items():
        for rendering, better in glossary.avoid.get(language, {}).items():
            for number in _lines_with(_pattern((rendering,)), texts[language], lines):
                yield SourceError(path, number, f'"{rendering}" is to be avoided; write "{better}"')
    everything = "\n".join(texts.values()).casefold()
    for term in (term for term in glossary.terms if term.compared or term.avoid):
        if not term.may_stand_in(everything):
            continue
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
                for number in _lines_with(_pattern((rendering,)), texts[language], lines):
                    yield SourceError(path, number, f'"{rendering}" is to be avoided for {name}; write {name}')
            if term.compared and not found[language]:
                yield _unnamed(path, term, (named, found[named][0]), (language, lines), all_or_none(len(texts)))


def _unnamed(path: Path, term: Term, named: tuple[str, int], silent: tuple[str, list[Line]], where: str) -> SourceError:
    (there, line), (here, lines) = named, silent
    number = next((number for text, number in lines if text.strip()), line)
    message = f'{there} names "{term.names[there][0]}" in line {line}, {here} from here on does not name'
    cure = f'an everyday word takes "compared = false" under [{term.key}] in the glossary'
    return SourceError(path, number, f'{message} "{term.names[here][0]}"; use the term {where}; {cure}')


def _lines_with(pattern: re.Pattern[str], text: str, lines: list[Line]) -> list[int]:
    """The author's lines in which a match begins."""
    places = [match.start() for match in pattern.finditer(text) if match[1]]
    return [lines[text.count("\n", 0, place)][1] for place in places]


@cache  # compiled once for all blocks, and for all languages of a build
def _pattern(names: tuple[str, ...], longer: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Names as words, whatever their case and line breaks, in the first group; an English plural is found too.

    What is ``longer`` is found as well, but not in the group.
    """
    wanted, passed = ("|".join(map(_word, sorted(words, key=len, reverse=True))) for words in (names, longer))
    return re.compile(f"{passed}|({wanted})" if passed else f"({wanted})", re.IGNORECASE)


def _word(name: str) -> str:
    if not name.isascii():  # a line of Chinese may break anywhere
        return r"(?:\n\s*)?".join(map(re.escape, name))
    return r"\b" + r"\s+".join(map(re.escape, name.split())) + r"(?:s|es)?\b"


def _line_of(lines: list[str], key: str, entry: str = "") -> int:
    """The line of a table's head or, if it is written out there, of one of its entries."""
    head = next((number for number, text in enumerate(lines, 1) if text.strip().strip("[]").strip('"') == key), 1)
    for number, text in enumerate(lines[head:], head + 1):
        if text.startswith("["):
            break
        if entry and text.startswith(f"{entry} "):
            return number
    return head
