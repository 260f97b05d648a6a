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
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sphinx_polyglot.errors import SourceError, hand_on
from sphinx_polyglot.languages import drafts_of, translated_of
from sphinx_polyglot.source.files import numbered
from sphinx_polyglot.source.grouping import blocks
from sphinx_polyglot.source.marks import DIGEST, Block, Line, Syntax

OPENING_QUOTES = re.compile("^[rRuU]?(\"\"\"|'''|\"|')")
CLOSING_QUOTES = re.compile("(\"\"\"|'''|\"|')[^\"']*$")
#: Where Sphinx-Gallery begins a cell of prose, whatever stands there.
CELL = re.compile(r"# ?%%|#{20}")


class Part(NamedTuple):
    """A part of a source that marks cut: its lines, what counts as a mark in it, and which lines may hold prose."""

    lines: list[Line]
    syntax: Syntax
    comments: set[int] | None = None


def is_marked(text: str, languages: Sequence[str]) -> bool:
    """Tell whether a script or a page carries marks at all.

    >>> is_marked("# %% zh\\n# 张量\\n", ["zh", "en"])
    True
    >>> is_marked("# %%\\n# An ordinary cell of Sphinx-Gallery.\\n", ["zh", "en"])
    False
    """
    words = "|".join(map(re.escape, languages))
    return bool(words) and re.search(rf"^(# )?%% ({words})([ \t]+{DIGEST})?\s*$", text, re.MULTILINE) is not None


def has_docstring(text: str, path: Path | str) -> bool:
    """Tell whether a script begins with one; of what is not Python, Sphinx-Gallery tells itself."""
    try:
        return docstring_of(parsed(text, path)) is not None
    except SourceError as fault:
        if isinstance(fault.__context__, SyntaxError):
            return True
        raise


def is_marked_script(text: str, path: Path | str, languages: Sequence[str]) -> bool:
    """The same for a script, where a string of its code may hold what looks like a mark.

    >>> [is_marked_script(f"{name}'''\\n%% zh\\n'''\\n", "one.py", ["zh", "en"]) for name in ("", "text = ")]
    [True, False]
    """
    if not is_marked(text, languages):
        return False
    try:
        docstring, places = docstring_of(parsed(text, path)), comment_lines(text, path)
    except SourceError:
        return True  # it is told where the script is parsed
    if docstring:
        places |= set(range(docstring.lineno, docstring.end_lineno + 1))
    return is_marked("\n".join(line for line, number in numbered(text) if number in places), languages)


def parse_script(
    text: str, path: Path | str, languages: Sequence[str], found: list[SourceError] | None = None
) -> list[Block]:
    """Cut a marked script into blocks; the first is the module docstring.

    Faults go on to ``found``; without that list they are raised.

    >>> script = "'''\\n%% zh\\n一\\n%% en\\nOne\\n'''\\nx = 1\\n# %% zh\\n# 二\\n# %% en\\n# Two\\n"
    >>> for block in parse_script(script, "one.py", ["zh", "en"]):
    ...     print(block.line, block.prose or block.code)
    2 {'zh': [('一', 3)], 'en': [('One', 5)]}
    7 (('x = 1', 7),)
    8 {'zh': [('二', 9)], 'en': [('Two', 11)]}

    Raises:
        SourceError: this is not Python, whether there is ``found`` or not.
    """
    tree, comments = parsed(text, path), comment_lines(text, path)
    lines, docstring, faults = numbered(text), docstring_of(tree), []
    drafts, translated = drafts_of(languages), translated_of(languages)
    head = _head(lines, docstring, Syntax(path, tuple(languages), "", drafts, translated), faults)
    syntax = Syntax(path, tuple(languages), "# ", drafts, translated)
    rest = blocks(lines[docstring.end_lineno if docstring else 0 :], syntax, comments, faults)
    faults += [*_cut_code(rest, tree, path), *half_characters(tree, docstring, path)]
    faults += cut_by_the_gallery(rest, comments, path, {fault.line for fault in faults})
    hand_on(faults, found)
    return [head, *rest]


def script_parts(text: str, path: Path | str, languages: Sequence[str]) -> list[Part]:
    """The docstring of a script, if it has one, and the rest.

    Raises:
        SourceError: this is not Python.
    """
    docstring, lines = docstring_of(parsed(text, path)), numbered(text)
    head = Syntax(path, tuple(languages), "", drafts_of(languages), translated_of(languages))
    end = docstring.end_lineno if docstring else 0
    rest = Part(lines[end:], replace(head, prefix="# "), comment_lines(text, path))
    return [Part(docstring_lines(lines[docstring.lineno - 1 : end]), head), rest] if docstring else [rest]


def page_parts(text: str, path: Path | str, languages: Sequence[str]) -> list[Part]:
    """A page is one part."""
    syntax = Syntax(path, (*languages, "end"), "", drafts_of(languages), translated_of(languages))
    return [Part(numbered(text), syntax)]


def parse_page(
    text: str, path: Path | str, languages: Sequence[str], found: list[SourceError] | None = None
) -> list[Block]:
    """Cut a marked ``.rst`` page into blocks; what is unmarked is for every language.

    >>> [block.line for block in parse_page("%% zh\\n你好\\n%% en\\nHello\\n%% end\\n----", "a.rst", ["zh", "en"])]
    [1, 6]
    """
    syntax = Syntax(path, (*languages, "end"), "", drafts_of(languages), translated_of(languages))
    return blocks(numbered(text), syntax, found=found)


def parsed(text: str, path: Path | str) -> ast.Module:
    """The syntax tree of a script.

    Raises:
        SourceError: this is not Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a backslash in the docstring stays as it is written
            compile(text, str(path), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            return ast.parse(text)
    except (RecursionError, MemoryError):
        longest = max(numbered(text), key=lambda line: len(line[0]))[1]
        raise SourceError(path, longest, "this is nested too deeply for Python; cut it into steps") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = getattr(error, "msg", None) or str(error)
        raise SourceError(path, line, f"this is not Python: {reason}; correct the code") from None


def docstring_of(tree: ast.Module) -> ast.Expr | None:
    """The docstring of a script, if it has one."""
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    return None


def _head(lines: list[Line], docstring: ast.Expr | None, syntax: Syntax, faults: list[SourceError]) -> Block:
    """The block in the docstring; where there is none, an empty one stands in."""
    if docstring is None:
        message = "the script has no docstring; begin it with one that holds the title in each language"
        faults.append(SourceError(syntax.path, 1, message))
        return Block(1, {})
    inside = lines[docstring.lineno - 1 : docstring.end_lineno]
    beside = inside[-1][0].encode()[docstring.end_col_offset :].decode().strip()
    if beside and not beside.startswith("#"):
        message = f'"{beside}" stands on the last line of the docstring; give it a line of its own'
        faults.append(SourceError(syntax.path, docstring.end_lineno, message))
    head = blocks(docstring_lines(inside), syntax, found=faults)
    if len(head) != 1 or not head[0].prose:
        marks = ", ".join(f'"{syntax.written(language)}"' for language in syntax.languages)
        message = f"the docstring is not one block; give each language once: {marks}"
        faults.append(SourceError(syntax.path, docstring.lineno, message))
    return next((block for block in head if block.prose), Block(docstring.lineno, {}))


def docstring_lines(inside: list[Line]) -> list[Line]:
    """The author's own lines, so that backslashes and numbers stay as written."""
    inside[0] = (OPENING_QUOTES.sub("", inside[0][0]), inside[0][1])
    inside[-1] = (CLOSING_QUOTES.sub("", inside[-1][0]), inside[-1][1])
    return inside


def comment_lines(text: str, path: Path | str) -> set[int]:
    """Numbers of the lines that are a comment from their first column on."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        raise SourceError(path, 1, f"this is not Python: {error}; correct the code") from None
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT and token.start[1] == 0}


def _cut_code(rest: list[Block], tree: ast.Module, path: Path | str) -> Iterator[SourceError]:
    """Prose inside a statement, which would be run in two parts."""
    spans = [(first_line(statement), statement.end_lineno) for statement in tree.body]
    for block in (block for block in rest if block.prose):
        for begin, end in spans:
            if begin < block.line <= end:
                message = f"the prose stands inside code that goes from line {begin} to {end}; move it above or below"
                yield SourceError(path, block.line, message)


def half_characters(tree: ast.Module, docstring: ast.Expr | None, path: Path | str) -> Iterator[SourceError]:
    """Lone surrogates in strings: printed, no page could be written."""
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if (half := re.search("[\ud800-\udfff]", text)) and not (docstring and node is docstring.value):
            message = f"the string holds U+{ord(half[0]):04X}, half of a character, which no page can show"
            yield SourceError(path, node.lineno, f"{message}; write the whole one, or chr(0x{ord(half[0]):x})")


def first_line(statement: ast.stmt) -> int:
    """The line of a statement, or of the first of its decorators."""
    return min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])


def cut_by_the_gallery(
    rest: list[Block], comments: set[int], path: Path | str, told: set[int]
) -> Iterator[SourceError]:
    """Lines of code at which Sphinx-Gallery would cut: it reads no Python, so that a string is cut as well."""
    for text, number in (line for block in rest for line in block.code if line[1] not in told):
        if CELL.match(text) and number in comments and "%%" in text[:5]:
            message = f'Sphinx-Gallery would begin prose at "{text[:40]}"; cut the cell in two there, or leave that out'
            yield SourceError(path, number, message)
        elif CELL.match(text) and number in comments:
            message = "Sphinx-Gallery would begin prose at a line of 20 number signs; write fewer"
            yield SourceError(path, number, message)
        elif CELL.match(text):
            message = f'Sphinx-Gallery would cut the string at "{text[:40]}", as it begins the line'
            yield SourceError(path, number, f"{message}; indent the string, and take that off with textwrap.dedent")
