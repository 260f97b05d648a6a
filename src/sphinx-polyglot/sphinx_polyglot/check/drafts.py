"""How much of a draft is still to be translated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sphinx_polyglot.check.terms import Glossary
from sphinx_polyglot.source.lesson import Lesson


def to_be_translated(lessons: Iterable[Lesson], glossary: Glossary, draft: str, stand_in: str) -> str:
    """One line that counts what another language stands in for."""
    counts = {"block": 0, "comment": 0, "term": 0}
    for lesson in lessons:
        counts["block"] += sum(block[draft] == block[stand_in] for block in _blocks(lesson))
        counts["comment"] += sum(comment[draft] == comment[stand_in] for comment in lesson.comments)
    counts["term"] = sum(
        not term.names[draft] or bool(term.text) and term.text[draft] == term.text[stand_in] for term in glossary.terms
    )
    return f"{draft}: {_told(counts)}"


def _told(counts: dict[str, int]) -> str:
    """In words.

    >>> _told({"block": 0, "comment": 1}), _told({"block": 2, "comment": 0})
    ('1 comment is still to be translated', '2 blocks are still to be translated')
    """
    told = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items() if count]
    if not told:
        return "all is translated; remove it from polyglot_drafts in conf.py"
    verb = "is" if sum(counts.values()) == 1 else "are"
    return f"{', '.join(told[:-1])}{' and ' if told[:-1] else ''}{told[-1]} {verb} still to be translated"


def _blocks(lesson: Lesson) -> Iterator[dict]:
    """The first block by its title, as its text may be empty; a line that stands in has the other's number."""
    yield lesson.titles
    yield from lesson.blocks[1:]
