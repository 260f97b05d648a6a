"""Faults in what authors write, and how they are told: the thing, the place and the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.errors import SphinxError


class SourceError(Exception):
    """A fault in a source file: the thing, the place and the remedy; ``also`` are those found with it."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message
        self.also: list[SourceError] = []


def raise_all(faults: list[SourceError]) -> None:
    """Raise the first fault, if there is one; the others go with it."""
    if faults:
        first, *first.also = faults
        raise first


def hand_on(faults: list[SourceError], found: list[SourceError] | None) -> None:
    """Hand faults on to ``found``, so that reading goes on; without that list, raise them."""
    if found is None:
        raise_all(faults)
    else:
        found += faults


class LessonError(SphinxError):
    """Faults in the lessons, one a line."""

    category = "Lesson error"


def told(found: Iterable[SourceError], confdir: Path) -> str:
    """Faults, one a line, in the order of their files and lines."""
    in_order = sorted(found, key=lambda fault: (str(fault.path), fault.line))
    return "\n".join(map(str, in_order)).replace(f"{confdir}{os.sep}", "")
