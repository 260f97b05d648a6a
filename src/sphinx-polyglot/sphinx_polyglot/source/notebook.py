"""Read a notebook that carries every language: one of Jupyter's (``.ipynb``), or one of MyST's (``.md``).

A Markdown cell begins with a mark, ``%% zh``, and may hold more of them; prose goes on in the cells below
until the next mark or the next code. Stored outputs, metadata and counts take no part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from sphinx_polyglot.errors import SourceError, hand_on
from sphinx_polyglot.languages import drafts_of
from sphinx_polyglot.source.cells import NotebookCell
from sphinx_polyglot.source.grouping import blocks
from sphinx_polyglot.source.hidden import hidden_faults
from sphinx_polyglot.source.lesson import Lesson, lesson_of
from sphinx_polyglot.source.marks import Block, Line, Syntax
from sphinx_polyglot.source.script import comment_lines, cut_by_the_gallery, half_characters, parsed

MAGIC = re.compile(r"\s*(?:%%?\w|!|\?)")


def read_notebook(
    path: Path, key: str, cells: list[NotebookCell], languages: Sequence[str], found: list[SourceError] | None = None
) -> Lesson:
    """Take a marked notebook apart, its prose as reStructuredText; faults as in ``read_script``."""
    faults: list[SourceError] = []
    for cell in cells:
        faults += hidden_faults(path, cell.lines, cell.kind == "code")
    syntax = Syntax(path, tuple(languages), drafts=drafts_of(languages))
    cut = list(_blocks(cells, syntax, faults))
    if not cut or not cut[0].prose:
        begin = cut[0].line if cut else 1
        message = "the notebook does not begin with a title; write a Markdown cell that holds it in each language"
        faults.append(SourceError(path, begin, message))
        cut.insert(0, Block(begin, {}))
    lesson = lesson_of(cut, path, key, languages, faults)
    hand_on(faults, found)
    return lesson


def _blocks(cells: list[NotebookCell], syntax: Syntax, faults: list[SourceError]) -> Iterator[Block]:
    """Prose and code in their order; neighbouring cells of Markdown are cut as one text."""
    for kind, neighbours in groupby(cells, key=lambda cell: cell.kind):
        for cell in _joined(neighbours) if kind == "markdown" else neighbours:
            if kind == "markdown":
                yield from _prose(cell.lines, syntax, faults)
            elif kind == "code" and any(text.strip() for text, _ in cell.lines):
                faults += _code_faults(cell.lines, syntax.path)
                yield Block(cell.lines[0][1], code=tuple(cell.lines))
            elif kind == "raw" and cell.lines:
                message = "a raw cell takes no part in a page; make it one of Markdown or of code"
                faults.append(SourceError(syntax.path, cell.lines[0][1], message))


def _joined(cells: Iterator[NotebookCell]) -> list[NotebookCell]:
    """One cell of several, with an empty line between them."""
    lines: list[Line] = []
    for cell in cells:
        lines += [("", lines[-1][1]), *cell.lines] if lines else cell.lines
    return [NotebookCell("markdown", lines)]


def _prose(lines: list[Line], syntax: Syntax, faults: list[SourceError]) -> Iterator[Block]:
    from sphinx_polyglot.source.markdown import restructured  # the libraries that it needs may be missing

    for block in blocks(lines, syntax, found=faults):
        if block.prose is None:
            message = f'this is in no language; write "{syntax.written(syntax.languages[0])}" above it'
            faults.append(SourceError(syntax.path, block.line, message))
            continue
        written: dict[int, list[Line]] = {}
        for text in block.prose.values():  # of a draft, it may be that of another language
            if id(text) not in written:
                written[id(text)] = restructured(text, syntax.path, faults) or [("", block.line)]
        yield Block(block.line, {code: written[id(text)] for code, text in block.prose.items()})


def _code_faults(lines: list[Line], path: Path) -> Iterator[SourceError]:
    """What a page cannot run, at the author's lines."""
    begin = lines[0][1]
    text = "\n".join(text for text, _ in lines)
    try:
        tree, comments = parsed(text, path), comment_lines(text, path)
    except SourceError as fault:
        magic = next((line for line in lines if MAGIC.match(line[0])), None)
        message = f'"{magic[0].strip()}" is for Jupyter alone; write it in Python, or remove it' if magic else ""
        yield SourceError(path, magic[1] if magic else begin + fault.line - 1, message or fault.message)
        return
    for fault in half_characters(tree, None, path):
        yield SourceError(path, begin + fault.line - 1, fault.message)
    numbers = {begin + line - 1 for line in comments}
    yield from cut_by_the_gallery([Block(begin, code=tuple(lines))], numbers, path, set())
