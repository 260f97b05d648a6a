"""An ordinary script of Sphinx-Gallery, in one language, taken apart into its cells."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.marks import Line, filled
from sphinx_polyglot.source.script import comment_lines, docstring_of, first_line, parsed

#: Where Sphinx-Gallery begins a cell of prose; what else stands in that line, it passes over.
HEADER = re.compile(r"#{20,}|# ?%%")


@dataclass(frozen=True)
class Cell:
    """Lines of code as they stand, or of prose without their number signs."""

    is_prose: bool
    lines: list[Line]


@dataclass
class Copy:
    """A script in one language: what stands above its docstring, the docstring's text, the cells in order.

    ``comments`` maps the line of a comment to its column. Above a ``joined`` line none may stand: it goes on with
    a string, or follows a backslash. ``inside`` are the lines after the first of a statement. ``notes`` tell what is
    not kept.
    """

    path: Path
    above: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    comments: dict[int, int] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)
    notes: list[SourceError] = field(default_factory=list)


def read_copy(path: Path) -> Copy:
    """The script at ``path``.

    Raises:
        SourceError: it is not Python, or has no docstring.
    """
    return copy_of(read_text(path), path)


def copy_of(text: str, path: Path) -> Copy:
    """The same of a script's text.

    >>> copy = copy_of("'''\\nMeans\\n=====\\n'''\\nx = 1\\n# %%\\n# Two\\n# of them\\n", Path("a.py"))
    >>> [cell.lines for cell in copy.cells]
    [[('x = 1', 5)], [('Two', 7), ('of them', 8)]]
    """
    tree, lines = parsed(text, path), numbered(text)
    docstring = docstring_of(tree)
    if docstring is None:
        raise SourceError(path, 1, "the script has no docstring; begin it with one that holds the title")
    head = [(line.rstrip(), docstring.lineno + index) for index, line in enumerate(docstring.value.value.split("\n"))]
    comments, joined = _layout(text)
    inside = {line for node in tree.body for line in range(first_line(node) + 1, node.end_lineno + 1)}
    cells, notes = _cells(lines[docstring.end_lineno :], comment_lines(text, path), path)
    return Copy(path, lines[: docstring.lineno - 1], filled(head), cells, comments, joined, inside, notes)


def _cells(lines: list[Line], comments: set[int], path: Path) -> tuple[list[Cell], list[SourceError]]:
    """Code and prose in turn, and what is not kept: a header without text below it is no cell."""
    cells, notes, index = [Cell(False, [])], [], 0
    while index < len(lines):
        text, number = lines[index]
        index += 1
        if number not in comments or not HEADER.match(text):
            cells[-1].lines.append((text.rstrip() if number in comments else text, number))
            continue
        if title := HEADER.sub("", text).strip("# "):
            notes.append(SourceError(path, number, f'"{title}" is not kept: Sphinx-Gallery does not show it either'))
        end = index
        while end < len(lines) and lines[end][0].startswith("#"):
            end += 1
        prose = Cell(True, filled(_prose(lines[index:end])))
        if _any(prose):
            cells += [prose, Cell(False, [])]
        elif _any(cells[-1]) and any(text.strip() for text, _ in lines[end : end + 2]):
            message = "no prose stands between these two cells of code, which become one; write some to part them"
            notes.append(SourceError(path, number, message))
        index = end
    return [cell for cell in cells if _any(cell)], notes


def _any(cell: Cell) -> bool:
    return any(text.strip() for text, _ in cell.lines)


def _prose(lines: list[Line]) -> list[Line]:
    """The text of comments, without what they are indented by."""
    texts = dedent("\n".join(text[1:] for text, _ in lines)).split("\n")
    return [(text.rstrip(), number) for text, (_, number) in zip(texts, lines, strict=False)]


def _layout(text: str) -> tuple[dict[int, int], set[int]]:
    """The comments, each with its column, and the lines that go on with a string or follow a backslash."""
    comments, joined, opened = {}, set(), []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "COMMENT":
            comments[token.start[0]] = token.start[1]
        elif kind == "STRING":
            joined |= set(range(token.start[0] + 1, token.end[0] + 1))
        elif kind in ("FSTRING_START", "TSTRING_START"):
            opened.append(token.start[0])
        elif kind in ("FSTRING_END", "TSTRING_END"):
            joined |= set(range(opened.pop() + 1, token.end[0] + 1))
    joined |= {number + 1 for line, number in numbered(text) if line.endswith("\\") and number not in comments}
    return comments, joined
