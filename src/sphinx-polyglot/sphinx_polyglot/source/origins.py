"""What a translation was made from: each tells it in its mark, by a digest of that text, as in ``# %% fr 3f2a9c41``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.errors import file_of
from sphinx_polyglot.languages import translated_of
from sphinx_polyglot.source.marks import Block, Line


@dataclass(frozen=True)
class Translation:
    """A block in a language that is translated, ``language``, from another one, ``source``.

    It stands in ``path``, from its mark in ``line`` to ``end``. ``digest`` is what its mark tells, empty
    if nothing; ``original`` is what stands in ``source`` now, and ``block`` counts the blocks of prose.
    """

    language: str
    source: str
    path: Path
    line: int
    end: int
    digest: str
    original: Sequence[Line]
    block: int

    @property
    def now(self) -> str:
        """The digest that its mark would tell if it were made now."""
        return digest_of(self.original)

    @property
    def is_stale(self) -> bool:
        """Whether its original has changed since; of one that tells no digest, nothing is known."""
        return bool(self.digest) and self.digest != self.now


def digest_of(lines: Iterable[Line]) -> str:
    """A text in 8 digits, without its marks; blanks at the ends of lines do not count.

    >>> digest_of([("A tensor", 7), ("has a shape.", 8)]), digest_of([("A tensor  ", 1), ("has a shape.", 2)])
    ('3a73e47c', '3a73e47c')
    """
    text = "\n".join(line.rstrip() for line, _ in lines)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def translations_of(blocks: Iterable[Block], path: Path | str, languages: Sequence[str]) -> Iterator[Translation]:
    """The translations among the blocks of a file, whose originals are written, too."""
    for index, block in enumerate(block for block in blocks if block.prose is not None):
        for language, source in translated_of(languages).items():
            mark = block.marks.get(language)
            if mark and source in block.marks:
                end = block.prose[language][-1][1]
                file, original = Path(file_of(path, mark.line)), block.prose[source]
                yield Translation(language, source, file, mark.line, end, mark.digest, original, index)
