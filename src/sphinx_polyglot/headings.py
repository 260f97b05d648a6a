"""The same section tree in every language, and no label twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_polyglot.lesson import UNDERLINE, Lesson
from sphinx_polyglot.marks import Line, SourceError

LABEL = re.compile(r"\.\. _([^:`]+):\s*$")


def headings(lines: list[Line]) -> list[tuple[str, str, str, int]]:
    """Underline, label, text and line number of each heading.

    >>> headings([(".. _a:", 1), ("", 2), ("One", 3), ("---", 4)])
    [('-', 'a', 'One', 3)]
    """
    found = []
    for index, (text, number) in enumerate(lines[:-1]):
        mark = UNDERLINE.fullmatch(lines[index + 1][0])
        if mark and text.strip() and not text[0].isspace() and not UNDERLINE.fullmatch(text):
            above = [line for line, _ in lines[:index] if line.strip()]
            label = LABEL.match(above[-1]) if above else None
            found.append((mark[1], label[1] if label else "", text, number))
    return found


def heading_faults(lesson: Lesson) -> Iterator[SourceError]:
    """Headings stand in the same order, with the same labels, in every language."""
    for prose in lesson.prose:
        if not prose:
            continue
        first, *others = prose
        wanted = headings(prose[first])
        for _, label, text, number in wanted:
            if not label:
                yield SourceError(
                    lesson.path, number, f'the heading "{text}" has no label; put ".. _name:" and a blank line above it'
                )
        for language in others:
            yield from _heading_differences(lesson, first, wanted, language, headings(prose[language]))


def _heading_differences(lesson: Lesson, first: str, wanted: list, language: str, found: list) -> Iterator[SourceError]:
    for ours, theirs in zip(wanted, found, strict=False):
        if ours[:2] != theirs[:2]:
            yield SourceError(
                lesson.path,
                theirs[3],
                f'the heading "{theirs[2]}" ({language}) has label "{theirs[1]}" and underline "{theirs[0]}", '
                f'but "{ours[2]}" ({first}, line {ours[3]}) has "{ours[1]}" and "{ours[0]}"; give both the same',
            )
            return
    for more, here, fewer in ((wanted[len(found) :], first, language), (found[len(wanted) :], language, first)):
        for _, _, text, number in more:
            yield SourceError(
                lesson.path,
                number,
                f'the heading "{text}" ({here}) is missing in {fewer}; add it there or remove it here',
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
                        f'the label "{label[1]}" is already at {other.path}:{line}; give one another name',
                    )
                seen.setdefault(name, (lesson, number))
