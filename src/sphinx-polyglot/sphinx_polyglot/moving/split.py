"""Take a script of marks apart again: an ordinary script of Sphinx-Gallery for each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from sphinx_polyglot.errors import SourceError, raise_all
from sphinx_polyglot.moving.composed import commented, docstring
from sphinx_polyglot.source.files import numbered
from sphinx_polyglot.source.marks import COMMENT, DIGEST, Line, Segment, Syntax, filled, segments
from sphinx_polyglot.source.script import comment_lines, docstring_lines, docstring_of, parsed

MARK = re.compile(rf"%% (\w+)(?:[ \t]+{DIGEST})?\s*")


def languages_of(text: str, path: Path) -> list[str]:
    """The languages whose marks stand in the docstring, or in a gallery's header, in their order.

    >>> languages_of("'''\\n%% zh\\n一\\n\\n%% en\\nOne\\n'''\\n", Path("a.py"))
    ['zh', 'en']
    """
    lines = numbered(text)
    if path.suffix == ".py":
        found = docstring_of(parsed(text, path))
        lines = docstring_lines(lines[found.lineno - 1 : found.end_lineno]) if found else []
    return list(dict.fromkeys(match[1] for line, _ in lines if (match := MARK.fullmatch(line))))


def split(text: str, path: Path, languages: Sequence[str]) -> dict[str, str]:
    """The script in each language that it has, by the language's code; another's title stands in for what has none.

    Raises:
        SourceError: this is not Python, or a mark is misspelt.
    """
    inside, end = _docstring(text, path)
    lines, faults = numbered(text), []
    syntax = Syntax(path, tuple(languages), translated=dict.fromkeys(languages, ""))  # marks may tell of originals
    head = list(segments(inside, syntax, faults))
    body = list(segments(lines[end:], replace(syntax, prefix="# "), faults, comment_lines(text, path)))
    raise_all(faults)
    above = [line for line, _ in lines[: inside[0][1] - 1]]
    titles = {part.language: [line for line, _ in part.lines] for part in head if part.language and part.lines}
    scripts = {}
    for language in languages:
        if language in titles or any(part.language == language for part in body):
            title = titles.get(language) or next(iter(titles.values()), [])
            written = [*above, *docstring(title, path), *_cells(body, lines, language, languages)]
            scripts[language] = "\n".join(written) + "\n"
    return scripts


def split_header(text: str, path: Path, languages: Sequence[str]) -> dict[str, str]:
    """The same of a gallery's header."""
    faults: list[SourceError] = []
    syntax = Syntax(path, (*languages, "end"), translated=dict.fromkeys(languages, ""))
    parts = list(segments(numbered(text), syntax, faults))
    raise_all(faults)
    texts = {
        language: [line for part in parts if part.language == language for line, _ in part.lines]
        for language in languages
    }
    return {language: "\n".join(lines) + "\n" for language, lines in texts.items()}


def _docstring(text: str, path: Path) -> tuple[list[Line], int]:
    """The lines of the docstring without its quotes, and the number of its last."""
    found = docstring_of(parsed(text, path))
    if found is None:
        raise SourceError(path, 1, "the script has no docstring; begin it with one that holds the title")
    return docstring_lines(numbered(text)[found.lineno - 1 : found.end_lineno]), found.end_lineno


def _cells(body: list[Segment], lines: list[Line], language: str, languages: Sequence[str]) -> list[str]:
    """The code, and the prose of one language, each cell below as many empty lines as it had above."""
    written: list[str] = []
    below_prose, gap = False, 0
    for code, number, part, _ in body:
        if not code and part:
            kept = _of_language(part, language, languages)
            above = _empty_above(lines, part[0][1])
            written += [""] * max(above, int(below_prose)) + kept
            below_prose = False
        if code:
            gap = max(gap, _empty_above(lines, number))
        if code == language and filled(part):
            written += [*[""] * max(1, gap), "# %%", *commented([line for line, _ in part])]
            below_prose = True
        gap = 0 if not code or code == language else gap
    return written


def _empty_above(lines: list[Line], number: int) -> int:
    """How many empty lines stand right above the line of this number."""
    return len(list(takewhile(lambda line: not line[0].strip(), reversed(lines[: number - 1]))))


def _of_language(code: list[Line], language: str, languages: Sequence[str]) -> list[str]:
    """Lines of code with the comments of one language."""
    kept = []
    for text, _ in code:
        found = COMMENT.match(text)
        if not found or found[2] not in languages:
            kept.append(text)
        elif found[2] == language:
            kept.append(f"{found[1]}# {found[3]}")
    return kept
