"""What is left in prose and readers should not meet: notes to self, a line that stands twice, markup that is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.marks import Line

#: What begins a directive, a label or a point of a list, where an empty line or its like stands above.
MARKUP = re.compile(r"(?:\.\.|[-*+•]|(?:\d+|#)[.)]) ")
NOTE = re.compile(r"\b(?:TODO|FIXME|XXX)\b|待译|待补", re.ASCII)


def note_faults(path: Path, plain: Iterable[Line]) -> Iterator[SourceError]:
    """Notes of what is still to be done, at most one a line.

    >>> [str(fault) for fault in note_faults(Path("a.py"), [("Done.", 3), ("TODO: more.", 4)])]
    ['a.py:4: "TODO" is left in what readers see; do it, or remove the note']
    """
    for text, number in plain:
        if found := NOTE.search(text):
            yield SourceError(path, number, f'"{found[0]}" is left in what readers see; do it, or remove the note')


def line_faults(path: Path, lines: Iterable[Line]) -> Iterator[SourceError]:
    """Lines as they were written that stand twice, and markup that is read as text for want of an empty line.

    >>> lines = [("The mean", 3), ("The mean", 4), (".. _mean:", 5), ("   is", 6), ("   is", 7)]
    >>> for fault in line_faults(Path("a.py"), lines):
    ...     print(fault)
    a.py:4: this line stands here twice; remove one
    a.py:5: ".. _mean:" right below text is text, too; put an empty line above it
    """
    for (above, _), (text, number) in pairwise(lines):
        if text == above and re.match(r"\w", text) and re.search(r"[^\W\d_]{2}", text):
            yield SourceError(path, number, "this line stands here twice; remove one")
        if MARKUP.match(text) and re.match(r"\S.*\w", above) and not MARKUP.match(above):
            yield SourceError(path, number, f'"{text}" right below text is text, too; put an empty line above it')


def star_faults(path: Path, stars: Iterable[Line]) -> Iterator[SourceError]:
    """Emphasis that does not end as it began."""
    for text, number in stars:
        message = f'"{text}" begins or ends no emphasis, and readers would see it'
        yield SourceError(path, number, f"{message}; pair it, or put a backslash before it")


def backquote_faults(path: Path, bare: Iterable[Line]) -> Iterator[SourceError]:
    """Single backquotes, which are code in Markdown and nothing in particular here."""
    for text, number in bare:
        shown = " ".join(text.split())
        message = f"`{shown}` stands in single backquotes, which mean nothing here"
        yield SourceError(path, number, f"{message}; write ``{shown}`` for code, or a role before it")
