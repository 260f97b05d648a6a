"""The same section tree in every language; labels with the lesson's name, and no label twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docutils.utils import column_width

from sphinx_polyglot.errors import SourceError, line_name, place
from sphinx_polyglot.source.files import NOTEBOOKS
from sphinx_polyglot.source.lesson import UNDERLINE, Lesson
from sphinx_polyglot.source.marks import Line

NUMBERED = re.compile(r"\d+_(\w+)\.(?:py|ipynb|md)")
NUMBER = re.compile(r"^\d+_")
LABEL = re.compile(r"\.\. _([^:`]+):\s*$")


class Heading(NamedTuple):
    """A heading, its level shown by its underline; without a label, ``label`` is empty."""

    underline: str
    label: str
    text: str
    line: int
    width: int = 0

    @property
    def lacks(self) -> int:
        """How many marks its underline is short of; a Han character counts as two."""
        return max(column_width(self.text.rstrip()) - self.width, 0)


def headings(lines: list[Line]) -> list[Heading]:
    """The headings of one language.

    >>> headings([(".. _a:", 1), ("", 2), ("One", 3), ("---", 4)])
    [Heading(underline='-', label='a', text='One', line=3, width=3)]
    """
    found = []
    for index, (text, number) in enumerate(lines[:-1]):
        mark = UNDERLINE.fullmatch(lines[index + 1][0])
        if mark and text.strip() and not text[0].isspace() and not UNDERLINE.fullmatch(text):
            above = [line for line, _ in lines[:index] if line.strip()]
            label = LABEL.match(above[-1]) if above else None
            found.append(Heading(mark[1], label[1] if label else "", text, number, len(mark[0].rstrip())))
    return found


def heading_faults(lesson: Lesson) -> Iterator[SourceError]:
    """Headings have labels, and stand in the same order on the same levels in every language."""
    name = _name(lesson)
    for prose in lesson.prose:
        trees = {language: headings(lines) for language, lines in prose.items()}
        first = next(iter(trees), "")
        for heading in trees.get(first, []):
            if not heading.label:
                label = "(name)=" if str(lesson.path).endswith(NOTEBOOKS) else ".. _name:"
                message = f'the heading "{heading.text}" has no label; put "{label}" and a blank line above it'
                yield SourceError(lesson.path, heading.line, message)
            elif name and not NUMBER.sub("", heading.label).replace("_", "-").startswith(f"{name}-"):
                message = f'the label "{heading.label}" does not begin with the lesson\'s name; write "{name}-…"'
                yield SourceError(lesson.path, heading.line, message)
        yield from _short(lesson, trees)
        for language in list(trees)[1:]:
            yield from _missing(lesson, first, language, trees)
            yield from _unequal(lesson, first, language, trees)


def _name(lesson: Lesson) -> str:
    """What labels begin with: ``batch-norm`` in ``55_batch_norm.py``, nothing where there is no number."""
    found = NUMBERED.fullmatch(Path(lesson.path).name)
    return found[1].replace("_", "-") if found else ""


def _short(lesson: Lesson, trees: dict[str, list[Heading]]) -> Iterator[SourceError]:
    short = {heading.line: heading for found in trees.values() for heading in found if heading.lacks}
    for heading in short.values():
        message = f'the underline of "{heading.text}" is shorter than the heading'
        yield SourceError(lesson.path, heading.line + 1, f'{message}; add "{heading.underline * heading.lacks}"')


def _missing(lesson: Lesson, first: str, second: str, trees: dict[str, list[Heading]]) -> Iterator[SourceError]:
    for here, there in ((first, second), (second, first)):
        for heading in trees[here][len(trees[there]) :]:
            message = f'the heading "{heading.text}" ({here}) is missing in {there}; add it there or remove it here'
            yield SourceError(lesson.path, heading.line, message)


def _unequal(lesson: Lesson, first: str, second: str, trees: dict[str, list[Heading]]) -> Iterator[SourceError]:
    """The first pair on two levels, or with each other's labels; a label that one language lacks is told elsewhere."""
    shared = set.intersection(*({heading.label for heading in trees[language]} for language in (first, second)))
    for ours, theirs in zip(trees[first], trees[second], strict=False):
        moved = ours.label != theirs.label and {ours.label, theirs.label} <= shared
        if ours.underline != theirs.underline or moved:
            yield _differs(lesson, (first, ours), (second, theirs))
            yield _differs(lesson, (second, theirs), (first, ours))
            return


def _differs(lesson: Lesson, mine: tuple[str, Heading], other: tuple[str, Heading]) -> SourceError:
    (here, heading), (there, counterpart) = mine, other
    there_line = line_name(lesson.path, counterpart.line)
    return SourceError(
        lesson.path,
        heading.line,
        f'the heading "{heading.text}" ({here}) has label "{heading.label}" and underline "{heading.underline}", '
        f'but "{counterpart.text}" ({there}, line {there_line}) has "{counterpart.label}" and '
        f'"{counterpart.underline}"; give both the same',
    )


def label_faults(lesson: Lesson, seen: dict[str, tuple[Lesson, int]]) -> Iterator[SourceError]:
    """No label stands twice in one language of the whole gallery."""
    for prose in lesson.prose:
        for language, lines in prose.items():
            for text, number in lines:
                if not (label := LABEL.match(text)):
                    continue
                name = f"{language}:{label[1]}"
                if name in seen:
                    other, line = seen[name]
                    yield SourceError(
                        lesson.path,
                        number,
                        f'the label "{label[1]}" is already at {place(other.path, line)}; give one another name',
                    )
                seen.setdefault(name, (lesson, number))
