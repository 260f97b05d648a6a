"""A lesson with an English original and a French translation, and seeded edits of the original."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.lesson import Lesson, read_script
from sphinx_polyglot.source.marks import Line
from sphinx_polyglot.source.origins import digest_of
from sphinx_polyglot.source.sidecar import parse_sidecar

LANGUAGES = Languages(["en", "fr"], {"fr": "en"})
#: English and French words for sentences that nobody need understand.
ENGLISH = "a tensor has one shape and every row of the matrix holds some values which we add up before they"
FRENCH = "un tenseur possède seul forme et chaque ligne de le matrice contient quelques qui nous somme ici avant ils"
WORDS = dict(zip(ENGLISH.split(), FRENCH.split(), strict=False))


@dataclass
class Text:
    """A block: its original and its translation, which tells the digest of what it was made from."""

    name: int
    english: list[str]
    french: list[str] = field(default_factory=list)
    digest: str = ""
    changed: bool = False


def digest(lines: Sequence[str]) -> str:
    return digest_of([(line, 0) for line in lines])


class Course:
    """One lesson, its title aside; ``seed`` decides its words and its edits."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.blocks = [self._block(number) for number in range(self.random.randint(4, 12))]
        self.gaps = {number for number in range(30) if self.random.random() < 0.5}

    def _block(self, name: int) -> Text:
        pairs = [self._sentence() for _ in range(self.random.randint(1, 4))]
        english, french = [one for one, _ in pairs], [f"F{name}.", *(other for _, other in pairs)]
        return Text(name, english, french, digest(english))

    def _sentence(self) -> tuple[str, str]:
        words = self.random.choices(list(WORDS), k=self.random.randint(4, 10))
        number = self.random.randint(2, 99999)
        return f"{' '.join(words)} {number}.", f"{' '.join(WORDS[word] for word in words)} {number}."

    def edit(self) -> str:
        """One edit of the English; its name."""
        kind = self.random.choice([self.change_word, self.add_sentence, self.change_number, self.move, self.insert])
        kind(self.random.randrange(len(self.blocks)))
        return kind.__name__

    def change_word(self, index: int) -> None:
        self._change(index, lambda line: line.replace(line.split()[0], "another", 1))

    def change_number(self, index: int) -> None:
        self._change(index, lambda line: f"{line.rpartition(' ')[0]} {self.random.randint(100000, 999999)}.")

    def add_sentence(self, index: int) -> None:
        block = self.blocks[index]
        block.english.insert(self.random.randint(0, len(block.english)), self._sentence()[0])
        block.changed = True

    def move(self, index: int) -> None:
        block = self.blocks.pop(index)
        self.blocks.insert(self.random.randint(0, len(self.blocks)), block)

    def insert(self, index: int) -> None:
        self.blocks.insert(index, Text(100 + len(self.blocks), [self._sentence()[0]]))

    def _change(self, index: int, change: Callable[[str], str]) -> None:
        block = self.blocks[index]
        line = self.random.randrange(len(block.english))
        block.english[line] = change(block.english[line])
        block.changed = True

    def script(self, with_french: bool) -> str:
        """The script; some blocks have code below them."""
        parts = ['"""\n%% en\nTitle\n=====\n"""\n']
        for index, block in enumerate(self.blocks):
            parts.append("# %% en\n" + "".join(f"# {line}  \n" for line in block.english))
            if with_french and block.french:
                parts.append(self._french(block))
            parts.append(f"\nx = {index}\n\n" if index in self.gaps else "\n")
        return "".join(parts)

    def sidecar(self, order: Sequence[Text]) -> str:
        """The file with the French, in the order that it had when it was written."""
        return "\n".join(self._french(block) for block in order if block.french)

    def _french(self, block: Text) -> str:
        return f"# %% fr {block.digest}\n" + "".join(f"# {line}\n" for line in block.french)

    def read(self, sidecar: str = "") -> Lesson:
        """The lesson as it is read, of one file or of two."""
        path, faults = Path("10_a.py"), []
        beside = [parse_sidecar(sidecar, Path("10_a.fr.py"), "fr", "en", faults)] if sidecar else []
        lesson = read_script(path, "lessons/10_a", self.script(not sidecar), LANGUAGES, faults, beside)
        assert not faults, faults
        return lesson


def first_line(path_lines: Sequence[Line]) -> str:
    return path_lines[0][0]


def stale(lesson: Lesson) -> set[str]:
    """The first lines of the translations that are told to be behind."""
    return {first_line(lesson.blocks[one.block]["fr"]) for one in lesson.translations if one.is_stale}


def lost(remarks: Sequence[SourceError], sidecar: str) -> set[str]:
    """The first lines of those that find no original."""
    return {sidecar.splitlines()[remark.line].removeprefix("# ") for remark in remarks}
