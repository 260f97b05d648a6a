"""The first block of a source: its title and the text below are translated apart, and written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_polyglot.exchange.tidy import underline


@dataclass(frozen=True)
class Head:
    """The first block in one language: its title, the line below, blank lines, and the text."""

    title: str = ""
    below: str = ""
    gap: tuple[str, ...] = ("",)
    text: str = ""


class HeadError(ValueError):
    """Why a first block cannot be written, and the remedy."""


def head_of(lines: Sequence[str]) -> Head:
    """Take the first block apart; of a language that it lacks, nothing is there.

    >>> head_of(["One", "===", "", "Begin."])
    Head(title='One', below='===', gap=('',), text='Begin.')
    """
    if len(lines) < 2:
        return Head()
    filled = [index for index, line in enumerate(lines) if index > 1 and line.strip()]
    begin = filled[0] if filled else len(lines)
    return Head(lines[0], lines[1], tuple(lines[2:begin]) or ("",), "\n".join(lines[begin:]))


def head_lines(source: Head, old: Head, title: str, text: str) -> list[str]:
    """The block with a new title, a new text or both; ``source`` is the same in the language translated from.

    >>> head_lines(Head("张量", "====", text="开始。"), Head(), "Tensors", "Begin.")
    ['Tensors', '=======', '', 'Begin.']

    Raises:
        HeadError: the language has no such block yet, and only one of the two.
    """
    if not old.title and not title:
        raise HeadError("its title is not translated yet; translate that as well")
    if not old.title and source.text and not text:
        raise HeadError("the text below this title is not translated yet; translate that as well")
    top = [title, underline(title, old.below or source.below)] if title else [old.title, old.below]
    rest = text or old.text
    return [*top, *old.gap, *rest.split("\n")] if rest else top
