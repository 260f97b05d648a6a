"""A block with other prose in some of its languages, line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sphinx_polyglot.source.marks import COMMENT, DIGEST, Segment
from sphinx_polyglot.source.places import Place

#: The digest in a mark, and what stands before it.
MARK = re.compile(rf"(%% \w+)(?:[ \t]+{DIGEST})?")


class Edit(NamedTuple):
    """New prose of one language, without number signs; ``line`` is any line of its block or comment.

    ``digest`` goes into its mark; without one, a mark stays as it is.
    """

    line: int
    language: str
    lines: Sequence[str]
    digest: str = ""


def rewritten(place: Place, new: Mapping[str, Edit], lines: list[str]) -> list[str]:
    """The lines of a block in which some languages have new prose, each with its end.

    A docstring may begin on the line of the first mark, and end on the last line of the prose.
    """
    begin, end = place.lines.start - 1, place.lines.stop - 1
    prose = max(place.written.values(), key=lambda segment: segment.number).lines
    quotes = not place.syntax.prefix
    opening = lines[begin][: lines[begin].index("%%")] if quotes else ""
    last = prose[-1][0] if quotes and prose else lines[end - 1].rstrip("\r\n")
    closing, newline = lines[end - 1].removeprefix(last), lines[begin][len(lines[begin].rstrip("\r\n")) :] or "\n"
    old = [lines[begin].removeprefix(opening), *lines[begin + 1 : end]]
    old[-1] = old[-1].removesuffix(closing) + newline
    made = (_comment if place.is_comment else _block)(place, new, old, newline)
    made[-1] = made[-1].removesuffix(newline) + closing
    return [opening + made[0], *made[1:]]


def _block(place: Place, new: Mapping[str, Edit], old: list[str], newline: str) -> list[str]:
    """One language after the other, each below its mark; between them stays what stood there."""
    syntax, at, made = place.syntax, 0, []
    blank = syntax.prefix.strip() + newline
    for language in syntax.languages:
        edit = new.get(language)
        fresh = [f"{syntax.prefix}{text}{newline}" if text else blank for text in edit.lines] if edit else []
        if language in place.written:
            mark, first, end = (line - place.lines.start for line in _span(place.written[language]))
            made += old[at:mark] if at or not made else [blank]
            head = [MARK.sub(rf"\1 {edit.digest}", old[mark], count=1)] if edit and edit.digest else [old[mark]]
            made += [*head, *old[mark + 1 : first], *(fresh or old[first:end])]
            at = end
        elif edit:
            made += [*([blank] if made else []), syntax.written(language, edit.digest) + newline, *fresh]
    return made


def _span(segment: Segment) -> tuple[int, int, int]:
    """The lines of a mark, of its first line of prose, and of what follows the last."""
    mark, prose = segment.number, segment.lines
    return (mark, prose[0][1], prose[-1][1] + 1) if prose else (mark, mark + 1, mark + 1)


def _comment(place: Place, new: Mapping[str, Edit], old: list[str], newline: str) -> list[str]:
    """A line for each language, indented as the code is."""
    indent, order = COMMENT.match(old[0])[1], place.syntax.order
    made = {language: old[segment.number - place.lines.start] for language, segment in place.written.items()}
    in_order = list(made) == sorted(made, key=order)
    made |= {language: f"{indent}# {language}: {edit.lines[0]}{newline}" for language, edit in new.items()}
    return [made[language] for language in (sorted(made, key=order) if in_order else made)]
