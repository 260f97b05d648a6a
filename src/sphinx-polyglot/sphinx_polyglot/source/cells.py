"""The cells of a notebook, of Jupyter (``.ipynb``) or of MyST (``.md``), each line with its author's number.

In a file of Jupyter, the number says the cell, too: see ``errors.place``. jupytext reads both.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from sphinx_polyglot.errors import CELL, SourceError
from sphinx_polyglot.source.files import read_text
from sphinx_polyglot.source.marks import Line

#: What a notebook in Markdown may begin with.
HEADER = re.compile(r"\A---\n.*?^---\s*?\n", re.DOTALL | re.MULTILINE)


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
