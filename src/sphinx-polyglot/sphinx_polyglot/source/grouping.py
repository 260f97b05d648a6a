"""Gather the languages of each block, which follow one another as in the settings; tell where one is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sphinx_polyglot.errors import SourceError, hand_on
from sphinx_polyglot.source.marks import Block, Line, Mark, Prose, Segment, Syntax, segments
from sphinx_polyglot.source.stray import stray_fault


def blocks(
    lines: Iterable[Line], syntax: Syntax, comments: set[int] | None = None, found: list[SourceError] | None = None
) -> list[Block]:
    """Cut ``lines`` into blocks; ``comments`` are a script's lines that may hold prose.

    Faults go on to ``found``; without that list they are raised.

    Raises:
        SourceError: a mark is misspelt, or a language is missing.
    """
    faults: list[SourceError] = []
    groups = written(lines, syntax, comments, faults)
    faults += _faults(groups, syntax)
    hand_on(faults, found)
    return [_block(group, syntax) for group in groups]


def written(
    lines: Iterable[Line], syntax: Syntax, comments: set[int] | None, faults: list[SourceError]
) -> list[list[Segment]]:
    """The languages of each block as they are written, none filled, and each stretch of code."""
    return list(_groups(list(segments(lines, syntax, faults, comments)), syntax))


def _groups(parts: Iterable[Segment], syntax: Syntax) -> Iterator[list[Segment]]:
    """The languages of each block, and each stretch of code."""
    run: list[Segment] = []
    for segment in [*parts, Segment("", 0, [("", 0)])]:
        if segment.language:
            run.append(segment)
        elif segment.lines:
            yield from _in_one_block(run, syntax)
            run = []
            if segment.lines[0][1]:
                yield [segment._replace(number=segment.lines[0][1])]


def _in_one_block(run: list[Segment], syntax: Syntax) -> Iterator[list[Segment]]:
    """Cut prose with no code between: where all languages come as often, one that comes again begins a block."""
    counts = Counter(segment.language for segment in run)
    paired = len(set(counts.values())) == 1
    group: list[Segment] = []
    for segment in run:
        above = [written.language for written in group]
        here = segment.language
        if group and (here in above if paired else syntax.order(here) <= syntax.order(above[-1])):
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _faults(groups: list[list[Segment]], syntax: Syntax) -> Iterator[SourceError]:
    """Languages in the wrong order, parted by code, or missing; each block tells one fault for each language."""
    told = False
    for index, group in enumerate(groups):
        if not group[0][0]:
            continue
        yield from _misplaced(group, syntax)
        stray = _stray(groups[index : index + 2], syntax)
        parted = _lacking(group, syntax) and _parted(groups[index : index + 3], syntax)
        if stray:
            yield stray
        elif parted:
            yield parted
        if not parted and not told:
            yield from _missing(group, syntax)
        told = bool(parted)


def _stray(groups: list[list[Segment]], syntax: Syntax) -> SourceError | None:
    """What goes on as a comment where a script's prose ended at an empty line."""
    if not syntax.prefix or len(groups) < 2 or groups[1][0][0]:
        return None
    return stray_fault(syntax, groups[1][0][2])


def _misplaced(group: list[Segment], syntax: Syntax) -> Iterator[SourceError]:
    for (above, *_), (language, number, *_) in pairwise(group):
        if syntax.order(language) < syntax.order(above):
            message = (
                f'"{syntax.written(language)}" stands below {above}; {language} comes first: move it above {above}'
            )
            yield SourceError(syntax.path, number, message)


def _parted(groups: list[list[Segment]], syntax: Syntax) -> SourceError | None:
    """What stands between the languages of one block: prose, something else, and the prose that is missed."""
    if len(groups) < 3 or groups[1][0][0] or groups[2][0][0] not in _lacking(groups[0], syntax):
        return None
    above, below = ([segment.language for segment in group] for group in (groups[0], groups[2]))
    if set(above) & set(below):
        return None
    what = "code stands" if syntax.prefix else "text for every language stands"
    message = f"{what} between {above[-1]} and {below[0]} of one block; move it below {below[-1]}"
    return SourceError(syntax.path, groups[1][0][1], message)


def _missing(group: list[Segment], syntax: Syntax) -> Iterator[SourceError]:
    present = [language for language in syntax.languages if _prose(group).get(language)]
    if not present and group[0][0]:
        yield SourceError(syntax.path, group[0][1], "no text stands below this mark; write it, or remove the mark")
        return
    for language in _lacking(group, syntax):
        where = "above" if present and syntax.order(language) < syntax.order(present[0]) else "below"
        message = f"the block has {' and '.join(present) or 'no text'} but no {language}"
        remedy = f'add "{syntax.written(language)}" and its text {where} it'
        yield SourceError(syntax.path, group[0][1], f"{message}; {remedy}")


def _lacking(group: list[Segment], syntax: Syntax) -> list[str]:
    """The languages that neither are written nor have one that stands in."""
    prose = _prose(group)
    return [code for code in syntax.languages if not prose.get(code) and not prose.get(syntax.drafts.get(code, ""))]


def _prose(group: list[Segment]) -> Prose:
    return {segment.language: segment.lines for segment in group}


def _block(group: list[Segment], syntax: Syntax) -> Block:
    """A block in every language; what is missing is filled, for a draft from the language that stands in."""
    language, begin, lines, _ = group[0]
    if not language:
        return Block(begin, code=tuple(lines))
    prose = _prose(group)
    any_text = next((lines for lines in prose.values() if lines), [("", begin)])
    drafts = {code: prose.get(syntax.drafts.get(code, "")) for code in syntax.languages}
    marks = {segment.language: Mark(segment.number, segment.digest) for segment in group if segment.lines}
    return Block(begin, {code: prose.get(code) or drafts[code] or any_text for code in syntax.languages}, marks=marks)
