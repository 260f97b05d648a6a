"""The words in figures, which code writes in one language, in every language.

They come from the glossary, ``loss`` where it has a term of that name, and from a TOML file of the project:

    same = ["SGD", "Adam"]         # these are called so everywhere

    ["loss after {} epochs"]       # a text as the code writes it; {} is a number
    zh = "{} 轮后的损失"

An entry leaves out the language in which the code writes. Letters that neither has are a fault of the figure;
names of code are set in a typewriter's letters, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sphinx_polyglot.check.tables import read_tables
from sphinx_polyglot.check.terms import Glossary, read_glossary
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import drafts_of

NUMBER = re.compile(r"(?<![\w.])[-−+]?\d+(?:[.,]\d+)*%?(?!\w)")
#: Between the parts of a text that may be said one by one, as in "cat → dog".
BETWEEN = re.compile(rf"(\s*[→←↔≠≈<>:;,()=/|+·×\n]\s*|\s+[-–—]\s+|\s*{NUMBER.pattern}\s*)")
LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass
class FigureWords:
    """What a text of a figure is called, by its casefolded letters and then by language.

    ``drafts`` are the languages that may lack it, each with the one that stands in.
    """

    table: dict[str, dict[str, str]] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, language: str) -> str | None:
        """The text in a language; ``None`` where it has letters of which nothing is known.

        >>> words = FigureWords({"loss": {"zh": "损失"}, "after {} epochs": {"zh": "{} 轮后"}})
        >>> [words.say(text, "zh") for text in ("loss", "Loss: 0.5", "after 3 epochs", "x")]
        ['损失', '损失: 0.5', '3 轮后', 'x']
        >>> words.say("accuracy", "zh") is None
        True
        """
        if not LETTERS.search(text):
            return text
        names, values = self._named(text)
        if names is not None:
            said = names.get(language) or names.get(self.drafts.get(language, ""))
            return _filled(said, values) if said else text
        parts = BETWEEN.split(text)
        if len(parts) == 1:
            return None
        said_parts = [part if BETWEEN.fullmatch(part) else self.say(part, language) for part in parts]
        return None if None in said_parts else "".join(said_parts)

    def lends(self, text: str, language: str) -> bool:
        """Whether another language stands in for a text, or for a part of it.

        >>> words = FigureWords({"loss": {"zh": "损失"}, "adam": {}}, {"fr": "en"})
        >>> [words.lends(text, "fr") for text in ("loss = 0.5", "Adam")], words.lends("loss", "zh")
        ([True, False], False)
        """
        if language not in self.drafts or not LETTERS.search(text):
            return False
        names, _values = self._named(text)
        if names is not None:
            return bool(names) and language not in names
        parts = BETWEEN.split(text)
        return len(parts) > 1 and any(self.lends(part, language) for part in parts)

    def _named(self, text: str) -> tuple[dict[str, str] | None, Sequence[str]]:
        """What the table has of a text, and the numbers that go into it."""
        for key, values in ((text, ()), (NUMBER.sub("{}", text), NUMBER.findall(text))):
            if (names := self.table.get(" ".join(key.split()).casefold())) is not None:
                return names, values
        return None, ()


def _filled(said: str, values: Sequence[str]) -> str:
    """What is said, a number where each {} stands; of a pattern that a script fills in, they stay."""
    left = iter(values)
    return re.sub(r"\{\}", lambda _: next(left), said) if values else said


@cache
def _words(path: Path | None, glossary: Path | None, languages: Sequence[str], state: tuple) -> FigureWords:
    words = _of_glossary(read_glossary(glossary, languages) if glossary else Glossary())
    for text, names in _read(path, languages, []).items() if path else ():
        words.table.setdefault(text, names)
    words.drafts = drafts_of(languages)
    return words


def figure_words(path: Path | None, glossary: Path | None, languages: Sequence[str]) -> FigureWords:
    """All that is known of words in figures; read again when one of the files changed."""
    files = [file.stat() for file in (path, glossary) if file and file.exists()]
    return _words(path, glossary, languages, tuple((state.st_mtime_ns, state.st_size) for state in files))


def figure_word_faults(path: Path, languages: Sequence[str]) -> list[SourceError]:
    """What is wrong in the file."""
    faults: list[SourceError] = []
    _read(path, languages, faults)
    return faults


def _of_glossary(glossary: Glossary) -> FigureWords:
    """Each name of a term leads to its first name in the other languages, and stays in its own."""
    words = FigureWords()
    for term in glossary.terms:
        first = {language: names[0] for language, names in term.names.items() if names}
        for language, names in term.names.items():
            for name in names:
                own = {other: called for other, called in first.items() if other != language}
                words.table.setdefault(name.casefold(), own)
    return words


def _read(path: Path, languages: Sequence[str], faults: list[SourceError]) -> dict[str, dict[str, str]]:
    """The file's table."""
    content, tables = read_tables(path, "file with words of figures", "polyglot_figure_words", faults)
    same = tables.pop("same", [])
    if not isinstance(same, list) or not all(isinstance(text, str) for text in same):
        faults.append(SourceError(path, 1, '"same" is no list of texts; write same = ["…"], above all tables'))
        same = []
    table: dict[str, dict[str, str]] = {text.casefold(): {} for text in same}
    for text, names in tables.items():
        number = next((n for n, line in enumerate(content.split("\n"), 1) if line.startswith("[") and text in line), 1)
        wrong = [SourceError(path, number, f'"{text}" {fault}') for fault in _wrong(text, names, languages)]
        faults += wrong
        if not wrong:
            table[" ".join(text.split()).casefold()] = names
    return table


def _wrong(text: str, names: object, languages: Sequence[str]) -> Iterator[str]:
    """What is wrong with an entry, and the remedy."""
    if not isinstance(names, dict) or not all(isinstance(name, str) and name.strip() for name in names.values()):
        yield 'is no table of texts; write ["…"], and below it zh = "…"'
        return
    if unknown := next((code for code in names if code not in languages), ""):
        yield f'has "{unknown}", which is none of the languages; write one of {", ".join(languages)}'
    drafts = drafts_of(languages)
    lacking = [code for code in languages if code not in names and code not in drafts]
    if len(lacking) > 1:
        yield f"lacks {' and '.join(lacking)}; only the language in which the code writes may be left out"
    for code, name in names.items():
        if name.count("{}") != text.count("{}"):
            yield f"has another count of {{}} in {code}; a number of the figure goes into each"
