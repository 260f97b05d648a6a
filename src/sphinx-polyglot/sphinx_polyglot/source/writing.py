"""Put other prose into a source: only the lines of that prose change, and all else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.composing import Edit, rewritten
from sphinx_polyglot.source.files import plain_ends
from sphinx_polyglot.source.places import Place, places

#: A line with its end, as Python has them.
LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
BYTE_ORDER_MARK = "\ufeff"


def with_prose(text: str, path: Path, languages: Sequence[str], edits: Iterable[Edit]) -> str:
    """The text of a source with other prose in these places; a language that a block lacks is added to it.

    Each end of a line stays as it is in ``text``; a line that is new has that of its block's first line.

    >>> page = "%% zh\\n一\\n%% en\\nOne\\n%% end\\n"
    >>> print(with_prose(page, Path("a.rst"), ["zh", "en", "fr"], [Edit(1, "fr", ["Un"])]), end="")
    %% zh
    一
    %% en
    One
    <BLANKLINE>
    %% fr
    Un
    %% end

    Raises:
        SourceError: no block stands there, or the new prose would not be read back as it is.
    """
    mark = BYTE_ORDER_MARK * text.startswith(BYTE_ORDER_MARK)
    text = text.removeprefix(mark)
    before = places(plain_ends(text), path, languages)
    wanted: dict[str, dict[str, Edit]] = {place.part: {} for place in before}
    for edit in edits:
        place = place_at(before, edit.line, path)
        _check_lines(edit, place, path)
        wanted[place.part][edit.language] = edit
    lines = LINE.findall(text)
    for place in reversed(before):
        if new := wanted[place.part]:
            lines[place.lines.start - 1 : place.lines.stop - 1] = rewritten(place, new, lines)
    changed = "".join(lines)
    _check_read_back(before, wanted, changed, path, languages)
    return mark + changed


def place_at(found: Iterable[Place], line: int, path: Path) -> Place:
    """The block or comment that has this line.

    Raises:
        SourceError: none has it.
    """
    for place in found:
        if line in place.lines:
            return place
    raise SourceError(path, line, "no block of prose stands here; name the line of a mark, or one of its text")


def _check_lines(edit: Edit, place: Place, path: Path) -> None:
    """Refuse what could not be one block, or one comment.

    Raises:
        SourceError: with the line that is to blame.
    """
    if place.is_comment and len(edit.lines) != 1:
        raise SourceError(path, edit.line, "a comment is one line in each language; write it as one")
    syntax, written = place.syntax, [f"{place.syntax.prefix}{text}" for text in edit.lines]
    for text in [] if place.is_comment else written:
        if syntax.nearly.fullmatch(text) or (not syntax.prefix and syntax.signed.fullmatch(text)):
            raise SourceError(path, edit.line, f'"{text}" would be read as a mark; write this line another way')
    if not any(text.strip() for text in edit.lines[:1]) or not edit.lines[-1].strip():
        raise SourceError(path, edit.line, "a blank line begins or ends the prose, or there is none; remove it")


def _check_read_back(
    before: Iterable[Place],
    wanted: Mapping[str, Mapping[str, Edit]],
    changed: str,
    path: Path,
    languages: Sequence[str],
) -> None:
    """Make sure that the new text has the new prose, and all the other as before.

    Raises:
        SourceError: it has not, as where quotes end the docstring; or it is no longer Python.
    """
    after = {place.part: _texts(place) for place in places(plain_ends(changed), path, languages)}
    for place in before:
        new = {language: list(edit.lines) for language, edit in wanted[place.part].items()}
        if after.pop(place.part, None) != {**_texts(place), **new}:
            message = "with the new prose, this block would be read as something else"
            raise SourceError(path, place.lines.start, f"{message}; look for quotes, and for what looks like a mark")
    for part in after:
        raise SourceError(path, 1, f"with the new prose, there would be one more block, {part}; look for quotes")


def _texts(place: Place) -> dict[str, list[str]]:
    return {language: place.texts(language) for language in place.written}
