"""Read a notebook that carries every language: one of Jupyter's (``.ipynb``), or one of MyST's (``.md``).

A Markdown cell begins with a mark, ``%% zh``, and may hold more of them; prose goes on in the cells below
until the next mark or the next code. Stored outputs, metadata and counts take no part.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Sequence
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from sphinx_polyglot.errors import CELL, SourceError, hand_on
from sphinx_polyglot.languages import drafts_of
from sphinx_polyglot.source.files import read_text
from sphinx_polyglot.source.grouping import blocks
from sphinx_polyglot.source.hidden import hidden_faults
from sphinx_polyglot.source.lesson import Lesson, lesson_of
from sphinx_polyglot.source.marks import Block, Line, Syntax
from sphinx_polyglot.source.script import comment_lines, cut_by_the_gallery, half_characters, parsed

#: What a notebook in Markdown may begin with.
HEADER = re.compile(r"\A---\n.*?^---\s*?\n", re.DOTALL | re.MULTILINE)
MAGIC = re.compile(r"\s*(?:%%?\w|!|\?)")


class NotebookCell(NamedTuple):
    """A cell, ``markdown``, ``code`` or ``raw``, and its lines, each with its author's number."""

    kind: str
    lines: list[Line]


def marked_cells(path: Path, languages: Sequence[str]) -> list[NotebookCell]:
    """The cells of a notebook with marks; none of any other file.

    Raises:
        SourceError: there are marks, and the notebook cannot be read.
    """
    words = "|".join(map(re.escape, languages))
    mark = re.compile(rf"%% (?:{words})\s*")
    raw = path.read_bytes().decode("utf-8", "replace")  # what has no marks need not be text
    if not words or not re.search(rf"(?:^|\"|\\n){mark.pattern}(?:$|\"|\\n)", raw, re.MULTILINE):
        return []
    cells = _cells(path, read_text(path))
    prose = (text for cell in cells if cell.kind == "markdown" for text, _ in cell.lines)
    return cells if any(map(mark.fullmatch, prose)) else []


def code_of(path: Path) -> str:
    """All code of a notebook; nothing where it has none, or jupytext is not installed.

    Raises:
        SourceError: it cannot be read.
    """
    raw = path.read_bytes()
    if b"code-cell" not in raw and path.suffix == ".md":
        return ""
    return "\n".join(text for cell in _cells(path, read_text(path)) if cell.kind == "code" for text, _ in cell.lines)


def reader_versions() -> list[str]:
    """The versions of the libraries that decide how notebooks are read; none where they are not installed."""
    found = (metadata.distributions(name=name) for name in ("jupytext", "markdown-it-py", "mdit-py-plugins"))
    return [distribution.version for distributions in found for distribution in distributions]


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


def _cells(path: Path, text: str) -> list[NotebookCell]:
    try:
        import jupytext
    except ImportError:
        message = 'this notebook has marks, and jupytext, which reads it, is not installed; "pip install jupytext"'
        raise SourceError(path, 1, message) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(_of_myst(path, text) if path.suffix == ".md" else _of_jupyter(path, text, jupytext))


def _of_jupyter(path: Path, text: str, jupytext) -> Iterator[NotebookCell]:
    """The number of a line says its cell, too."""
    try:
        json.loads(text)
        notebook = jupytext.reads(text, "ipynb")
        sources = [(cell.cell_type, str(cell.source)) for cell in notebook.cells]
    except json.JSONDecodeError as error:
        raise SourceError(path, error.lineno, f"this is no notebook: {error.msg}; save it from Jupyter again") from None
    except Exception as error:  # whatever its libraries make of what is none
        reason = " ".join(f"{type(error).__name__} {error}".split())
        raise SourceError(path, 1, f"this is no notebook: {reason}; save it from Jupyter again") from None
    for index, (kind, source) in enumerate(sources, 1):
        lines = source.split("\n") if source else []
        if len(lines) >= CELL:
            message = f"cell {index} has {len(lines)} lines; cut it into cells of fewer than {CELL}"
            raise SourceError(path, 1, message)
        yield NotebookCell(kind, [(line, index * CELL + number) for number, line in enumerate(lines, 1)])


def _of_myst(path: Path, text: str) -> Iterator[NotebookCell]:
    """Where a cell begins, jupytext tells nearly: options, and empty lines, may come first."""
    from jupytext.myst import myst_to_notebook

    text = HEADER.sub(lambda header: "\n" * header[0].count("\n"), text)  # what it says of kernels takes no part
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except Exception as error:  # whatever its libraries make of what is none
        line = re.search(r"at line (\d+)", str(error))
        reason = " ".join(str(error).split())
        raise SourceError(path, int(line[1]) if line else 1, f"this is no notebook: {reason}; correct it") from None
    lines = text.splitlines()
    for cell, near in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        source = cell.source.split("\n") if cell.source else []
        places = (line for line in range(near, len(lines)) if lines[line : line + len(source)] == source)
        begin = next(places, near)
        yield NotebookCell(cell.cell_type, [(line, begin + number) for number, line in enumerate(source, 1)])
