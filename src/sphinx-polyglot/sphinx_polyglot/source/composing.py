"""A block with other prose in some of its languages, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sphinx_polyglot.source.lesson import COMMENT
from sphinx_polyglot.source.marks import Segment
from sphinx_polyglot.source.places import Place


def rewritten(place: Place, new: Mapping[str, Sequence[str]], lines: list[str]) -> list[str]:
    """The lines of a block in which some languages have new prose, each with its end.

    A docstring may begin on the line of the first mark, and end on the last line of the prose.
    """
    begin, end = place.lines.start - 1, place.lines.stop - 1
    _, _, prose = max(place.written.values(), key=lambda segment: segment[1])
    quotes = not place.syntax.prefix
    opening = lines[begin][: lines[begin].index("%%")] if quotes else ""
    last = prose[-1][0] if quotes and prose else lines[end - 1].rstrip("\r\n")
    closing, newline = lines[end - 1].removeprefix(last), lines[begin][len(lines[begin].rstrip("\r\n")) :] or "\n"
    old = [lines[begin].removeprefix(opening), *lines[begin + 1 : end]]
    old[-1] = old[-1].removesuffix(closing) + newline
    made = (_comment if place.is_comment else _block)(place, new, old, newline)
    made[-1] = made[-1].removesuffix(newline) + closing
    return [opening + made[0], *made[1:]]


def _block(place: Place, new: Mapping[str, Sequence[str]], old: list[str], newline: str) -> list[str]:
    """One language after the other, each below its mark; between them stays what stood there."""
    syntax, at, made = place.syntax, 0, []
    blank = syntax.prefix.strip() + newline
    for language in syntax.languages:
        fresh = [f"{syntax.prefix}{text}{newline}" if text else blank for text in new.get(language, ())]
        if language in place.written:
            mark, first, end = (line - place.lines.start for line in _span(place.written[language]))
            made += old[at:mark] if at or not made else [blank]
            made += [*old[mark:first], *(fresh or old[first:end])]
            at = end
        elif fresh:
            made += [*([blank] if made else []), syntax.written(language) + newline, *fresh]
    return made


def _span(segment: Segment) -> tuple[int, int, int]:
    """The lines of a mark, of its first line of prose, and of what follows the last."""
    _, mark, prose = segment
    return (mark, prose[0][1], prose[-1][1] + 1) if prose else (mark, mark + 1, mark + 1)


def _comment(place: Place, new: Mapping[str, Sequence[str]], old: list[str], newline: str) -> list[str]:
    """A line for each language, indented as the code is."""
    indent, order = COMMENT.match(old[0])[1], place.syntax.order
    made = {language: old[number - place.lines.start] for language, number, _ in place.written.values()}
    in_order = list(made) == sorted(made, key=order)
    made |= {language: f"{indent}# {language}: {text}{newline}" for language, (text,) in new.items()}
    return [made[language] for language in (sorted(made, key=order) if in_order else made)]
