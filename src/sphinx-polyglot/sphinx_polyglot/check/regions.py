"""Folded lines of code: whether each region ends, and says what it does."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.regions import RegionError, parts


def region_faults(lesson: Lesson) -> Iterator[SourceError]:
    """The first fault of each cell."""
    for cell in lesson.cells:
        try:
            parts("\n".join(text for text, _ in cell))
        except RegionError as error:
            yield SourceError(lesson.path, cell[min(error.line, len(cell) - 1)][1], str(error))
