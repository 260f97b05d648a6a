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
from collections.abc import Sequence
from pathlib import Path

from sphinx_polyglot.grouping import blocks
from sphinx_polyglot.marks import Block, Line, SourceError, Syntax, raise_all

OPENING_QUOTES = re.compile("^[rRuU]?(\"\"\"|'''|\"|')")
CLOSING_QUOTES = re.compile("(\"\"\"|'''|\"|')[^\"']*$")


def is_marked(text: str, languages: Sequence[str]) -> bool:
    """Tell whether a script or a page carries marks at all.

    >>> is_marked("# %% zh\\n# 张量\\n", ["zh", "en"])
    True
    >>> is_marked("# %%\\n# An ordinary cell of Sphinx-Gallery.\\n", ["zh", "en"])
    False
    """
    words = "|".join(map(re.escape, languages))
    return bool(words) and re.search(rf"^(# )?%% ({words})\s*$", text, re.MULTILINE) is not None


def parse_script(
    text: str, path: Path | str, languages: Sequence[str], missing: list[SourceError] | None = None
) -> list[Block]:
    """Cut a marked script into blocks; the first is the module docstring.

    Blocks that lack a language go on to ``missing``; without that list they are raised.

    >>> script = "'''\\n%% zh\\n一\\n%% en\\nOne\\n'''\\nx = 1\\n# %% zh\\n# 二\\n# %% en\\n# Two\\n"
    >>> for block in parse_script(script, "one.py", ["zh", "en"]):
    ...     print(block.line, block.prose or block.code)
    2 {'zh': [('一', 3)], 'en': [('One', 5)]}
    7 (('x = 1', 7),)
    8 {'zh': [('二', 9)], 'en': [('Two', 11)]}
    """
    docstring = _docstring(text, path)
    lines = _numbered(text)
    drafts = getattr(languages, "drafts", {})
    syntax = Syntax(path, tuple(languages), drafts=drafts)
    found: list[SourceError] = []
    head = blocks(_docstring_lines(lines, docstring), syntax, missing=found)
    if len(head) != 1 or not head[0].prose:
        raise_all(found)
        marks = ", ".join(f'"{syntax.written(language)}"' for language in languages)
        raise SourceError(path, docstring.lineno, f"the docstring is not one block; give each language once: {marks}")
    syntax = Syntax(path, tuple(languages), "# ", drafts)
    rest = blocks(lines[docstring.end_lineno :], syntax, _comment_lines(text, path), found)
    if missing is None:
        raise_all(found)
    else:
        missing += found
    return [*head, *rest]


def parse_page(text: str, path: Path | str, languages: Sequence[str]) -> list[Block]:
    """Cut a marked ``.rst`` page into blocks; what is unmarked is for every language.

    >>> [block.line for block in parse_page("%% zh\\n你好\\n%% en\\nHello\\n%% end\\n----", "a.rst", ["zh", "en"])]
    [1, 6]
    """
    syntax = Syntax(path, (*languages, "end"), drafts=getattr(languages, "drafts", {}))
    return blocks(_numbered(text), syntax)


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
