"""Read the source format: one script or page that carries every language.

In a script, ``# %% zh`` opens a cell of prose in one language; the prose of a
block stands once in each language, one after the other. In the module
docstring and in ``.rst`` pages the mark is ``%% zh``, and ``%% end`` closes the
marked part of a page. A run of comment lines ``# zh: …``, ``# en: …`` is one
comment in every language.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

#: A line as its author wrote it, and its number in the author's file.
Line = tuple[str, int]
#: The same prose in each language.
Prose = dict[str, list[Line]]
#: Language (none for code), the line it begins at, its lines.
_Segment = tuple[str, int, list[Line]]

OPENING_QUOTES = re.compile("^[rRuU]?(\"\"\"|'''|\"|')")
CLOSING_QUOTES = re.compile("(\"\"\"|'''|\"|')[^\"']*$")


class SourceError(Exception):
    """A fault in a source file: the thing, the place and the remedy."""

    def __init__(self, path: Path | str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


@dataclass(frozen=True)
class _Syntax:
    """What counts as a mark in one part of one file."""

    path: Path | str
    words: tuple[str, ...]
    prefix: str = ""

    @property
    def languages(self) -> list[str]:
        return [word for word in self.words if word != "end"]

    @property
    def mark(self) -> re.Pattern[str]:
        return re.compile(rf"{self.prefix}%% (\w+)\s*")

    @property
    def nearly(self) -> re.Pattern[str]:
        """A line meant as a mark, or as one of Sphinx-Gallery's, which take no part here."""
        return re.compile(r"\s*#\s*%+ ?\w{0,6}\s*" if self.prefix else r"\s*%+ ?\w{2,6}\s*")

    def written(self, language: str) -> str:
        return f"{self.prefix}%% {language}"


@dataclass(frozen=True)
class Block:
    """A cell of a script: prose in every language, or code.

    Exactly one of ``prose`` and ``code`` is filled; ``line`` is where it begins.
    """

    line: int
    prose: Prose | None = None
    code: tuple[Line, ...] = ()


def is_marked(text: str, languages: Sequence[str]) -> bool:
    """Tell whether a script or a page carries marks at all.

    >>> is_marked("# %% zh\\n# 张量\\n", ["zh", "en"])
    True
    >>> is_marked("# %%\\n# An ordinary cell of Sphinx-Gallery.\\n", ["zh", "en"])
    False
    """
    words = "|".join(map(re.escape, languages))
    return bool(words) and re.search(rf"^(# )?%% ({words})\s*$", text, re.MULTILINE) is not None


def parse_script(text: str, path: Path | str, languages: Sequence[str]) -> list[Block]:
    """Cut a marked script into blocks; the first is the module docstring.

    >>> script = "'''\\n%% zh\\n一\\n%% en\\nOne\\n'''\\nx = 1\\n# %% zh\\n# 二\\n# %% en\\n# Two\\n"
    >>> for block in parse_script(script, "one.py", ["zh", "en"]):
    ...     print(block.line, block.prose or block.code)
    2 {'zh': [('一', 3)], 'en': [('One', 5)]}
    7 (('x = 1', 7),)
    8 {'zh': [('二', 9)], 'en': [('Two', 11)]}
    """
    docstring = _docstring(text, path)
    lines = _numbered(text)
    syntax = _Syntax(path, tuple(languages))
    head = list(_blocks(_segments(_docstring_lines(lines, docstring), syntax), syntax))
    if len(head) != 1 or not head[0].prose:
        marks = ", ".join(f'"{syntax.written(language)}"' for language in languages)
        raise SourceError(path, docstring.lineno, f"the docstring is not one block; give each language once: {marks}")
    syntax = _Syntax(path, tuple(languages), prefix="# ")
    body = _segments(lines[docstring.end_lineno :], syntax, _comment_lines(text, path))
    return [*head, *_blocks(body, syntax)]


def parse_page(text: str, path: Path | str, languages: Sequence[str]) -> list[Block]:
    """Cut a marked ``.rst`` page into blocks; what is unmarked is for every language.

    >>> [block.line for block in parse_page("%% zh\\n你好\\n%% en\\nHello\\n%% end\\n----", "a.rst", ["zh", "en"])]
    [1, 6]
    """
    syntax = _Syntax(path, (*languages, "end"))
    return list(_blocks(_segments(_numbered(text), syntax), syntax))


def _numbered(text: str) -> list[Line]:
    return [(line, number) for number, line in enumerate(text.split("\n"), 1)]


def _docstring(text: str, path: Path | str) -> ast.Expr:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = getattr(error, "msg", None) or str(error)
        raise SourceError(path, line, f"this is not Python: {reason}; correct the code") from None
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    raise SourceError(path, 1, "the script has no docstring; begin it with one that holds the title in each language")


def _docstring_lines(lines: list[Line], docstring: ast.Expr) -> list[Line]:
    """The author's own lines, so that backslashes and numbers stay as written."""
    inside = lines[docstring.lineno - 1 : docstring.end_lineno]
    inside[0] = (OPENING_QUOTES.sub("", inside[0][0]), inside[0][1])
    inside[-1] = (CLOSING_QUOTES.sub("", inside[-1][0]), inside[-1][1])
    return inside


def _comment_lines(text: str, path: Path | str) -> set[int]:
    """Numbers of the lines that are a comment from their first column on."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        raise SourceError(path, 1, f"this is not Python: {error}; correct the code") from None
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT and token.start[1] == 0}


def _segments(lines: Iterable[Line], syntax: _Syntax, comments: set[int] | None = None) -> Iterator[_Segment]:
    """Cut at the marks; in a script, a line that is no comment ends the prose."""
    language, begin, held = "", 0, []
    for text, number in lines:
        prose_allowed = comments is None or number in comments
        mark = syntax.mark.fullmatch(text) if prose_allowed else None
        if mark and mark[1] in syntax.words:
            yield language, begin, _filled(held)
            language, begin, held = mark[1].replace("end", ""), number, []
        elif prose_allowed and syntax.nearly.fullmatch(text):
            wanted = " or ".join(f'"{syntax.written(word)}"' for word in syntax.words)
            raise SourceError(syntax.path, number, f'"{text.strip()}" is not a mark; write {wanted}')
        else:
            if language and not prose_allowed:
                yield language, begin, _filled(held)
                language, begin, held = "", number, []
            if language and comments is not None:
                text = text[1:].removeprefix(" ")
            held.append((text, number))
    yield language, begin, _filled(held)


def _blocks(segments: Iterable[_Segment], syntax: _Syntax) -> Iterator[Block]:
    """Gather the languages of one block, and check that none is missing."""
    prose: Prose = {}
    begin = 0
    for language, number, lines in [*segments, ("", 0, [("", 0)])]:
        if not language and not lines:
            continue
        if prose and (not language or language in prose):
            _check_complete(prose, begin, syntax)
            yield Block(begin, prose)
            prose = {}
        if language:
            begin = begin if prose else number
            prose = {**prose, language: lines}
        elif lines[0][1]:
            yield Block(lines[0][1], code=tuple(lines))


def _check_complete(prose: Prose, begin: int, syntax: _Syntax) -> None:
    present = " and ".join(language for language in syntax.languages if prose.get(language))
    for language in syntax.languages:
        if not prose.get(language):
            mark = syntax.written(language)
            message = f'the block has {present or "no text"} but no {language}; add "{mark}" and its text below it'
            raise SourceError(syntax.path, begin, message)


def _filled(lines: list[Line]) -> list[Line]:
    """The lines without blank ones at either end."""
    numbers = [index for index, (text, _) in enumerate(lines) if text.strip()]
    return lines[numbers[0] : numbers[-1] + 1] if numbers else []
