"""Translations whose original has changed since: each is told with what changed, and stops no build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from sphinx_polyglot.check.history import former_texts
from sphinx_polyglot.errors import SourceError, file_of, place
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.marks import Line, Prose
from sphinx_polyglot.source.origins import Translation

#: Tells the faults of a lesson.
FaultsOf = Callable[[Lesson], Iterable[SourceError]]


def without_stale(lesson: Lesson) -> Lesson:
    """The lesson with originals in the place of stale translations: nothing in these is a fault that stops a build."""
    titles, blocks, prose = dict(lesson.titles), list(lesson.blocks), list(lesson.prose)
    for one in (one for one in lesson.translations if one.is_stale):
        if one.block == 0:
            titles[one.language] = titles[one.source]
        block = blocks[one.block]
        prose = [_exchanged(part, block, one) for part in prose]
        blocks[one.block] = {**block, one.language: block[one.source]}
    return replace(lesson, titles=titles, blocks=blocks, prose=prose)


def _exchanged(part: Prose, block: Prose, one: Translation) -> Prose:
    """The same stretch of prose where it has the original, in which that takes the place of its translation."""
    lines, translated, original = part.get(one.language, []), block[one.language], block[one.source]
    if not original or original[0] not in part.get(one.source, []):
        return part
    first = lines.index(translated[0]) if translated else 0
    return {**part, one.language: [*lines[:first], *original, *lines[first + len(translated) :]]}


def remarks(lessons: Iterable[Lesson], language: str, languages: Languages, faults_of: FaultsOf) -> list[SourceError]:
    """All that is to be told of the translations into a language, and is no fault."""
    found: list[SourceError] = []
    for lesson in lessons:
        found += [remark for remark in lesson.remarks if remark.path in _sidecars(lesson, language)]
        stale = [one for one in lesson.translations if one.is_stale and one.language == language]
        if stale:
            others = {str(fault) for fault in faults_of(without_stale(lesson))}
            unlike = [fault for fault in faults_of(_only(lesson, language)) if str(fault) not in others]
            found += _told(lesson, stale, languages, unlike)
    return found


def _sidecars(lesson: Lesson, language: str) -> list[Path]:
    return [path for path in lesson.sidecars if path.stem.endswith(f".{language}")]


def _only(lesson: Lesson, language: str) -> Lesson:
    """The lesson without the stale translations into other languages."""
    kept = [one for one in lesson.translations if one.language != language]
    return without_stale(replace(lesson, translations=kept))


def _told(
    lesson: Lesson, stale: list[Translation], languages: Languages, unlike: list[SourceError]
) -> Iterator[SourceError]:
    """Each stale translation, with what changed in its original, where git knows it, and what is now ``unlike``."""
    files = {Path(file_of(lesson.path, one.original[0][1])): one.source for one in stale}
    former: dict[str, list[str]] = {}
    for path, source in files.items():
        former |= former_texts(path, source, {one.digest for one in stale}, languages)
    for one in stale:
        message = f"{one.source} has changed since this was translated; correct it, then run"
        message = f'{message} "sphinx-polyglot confirm {one.language} {one.path}"'
        details = _changes(former[one.digest], one.original) if one.digest in former else []
        here = [fault for fault in unlike if place(fault.path, fault.line) in _places(lesson, one)]
        details += [f"{place(fault.path, fault.line)}: {fault.message}" for fault in here]
        unlike = [fault for fault in unlike if fault not in here]
        yield SourceError(one.path, one.line, "\n".join([message, *(f"    {line}" for line in details)]))
    yield from unlike


def _places(lesson: Lesson, one: Translation) -> set[str]:
    """Where the languages of its block stand."""
    titles = [list(lesson.titles.values())] if one.block == 0 else []
    return {
        place(lesson.path, number) for lines in (*titles, *lesson.blocks[one.block].values()) for _, number in lines
    }


def _changes(former: list[str], now: Iterable[Line]) -> list[str]:
    """The lines that went, and those that came.

    >>> _changes(["A tensor", "has 3 axes.", "See."], [("A tensor", 7), ("has 4 axes.", 8), ("See.", 9)])
    ['-has 3 axes.', '+has 4 axes.']
    """
    lines = list(unified_diff(former, [line for line, _ in now], n=0, lineterm=""))
    return [line for line in lines[2:] if not line.startswith("@@")]


def counted(lessons: Iterable[Lesson], language: str, source: str) -> str:
    """How many translations are behind, and of how many nothing is known; empty where there is nothing to tell.

    >>> from sphinx_polyglot.source.lesson import read_page
    >>> text = "%% en\\nNow\\n===\\n\\n%% fr 00000000\\nAlors\\n=====\\n\\n%% end\\n"
    >>> counted([read_page(Path("a.rst"), "a", text, Languages(["en", "fr"], {"fr": "en"}))], "fr", "en")
    'fr: 1 block is behind en'
    """
    known = [one for lesson in lessons for one in lesson.translations if one.language == language]
    stale, silent = sum(one.is_stale for one in known), sum(not one.digest for one in known)
    told = [f"{stale} {'block is' if stale == 1 else 'blocks are'} behind {source}"] if stale else []
    noun = "" if stale else "block " if silent == 1 else "blocks "
    told += [f"{silent} {noun}{'has' if silent == 1 else 'have'} no digest"] if silent else []
    return f"{language}: {', '.join(told)}" if told else ""
