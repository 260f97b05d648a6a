"""Cells as files: a notebook, and a script whose cells editors know."""

from __future__ import annotations

import base64
import json
import mimetypes
import re
from collections.abc import Iterable, Iterator

from sphinx_polyglot.notebooks.cells import Cell
from sphinx_polyglot.notebooks.links import cell_id

#: A line of Markdown that is part of no list, table, heading, quotation or formula.
PARAGRAPH = re.compile(r"[^\s#|>$<0-9-]|<strong>|<em>")
#: Where a new line stands for a blank: there is none between sentences of Chinese.
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")

#: Images and links within a notebook, of which a comment shows no more than their text.
WITHIN = re.compile(r"!?\[((?:[^\]\\]|\\.)*)\]\((?:attachment:|#cell-id=)[^)]*\)")

#: How JupyterLab and Colab fold a cell of code.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(cells: list[Cell], *, with_outputs: bool = True) -> str:
    """A notebook in Jupyter's format 4.5.

    >>> json.loads(notebook([Cell("code", "x = 1")]))["cells"][0]["source"]
    ['x = 1']
    """
    counts = iter(range(1, len(cells) + 1))
    written = []
    for number, cell in enumerate(cells, 1):
        name = cell_id(cell.name) or f"cell-{number}"
        entry = {"id": name, "cell_type": cell.kind, "metadata": _metadata(cell), "source": _lines(cell.source)}
        if cell.images:
            entry["attachments"] = {name: _embedded(path) for name, path in cell.images.items()}
        if cell.kind == "code":
            shown = with_outputs and cell.line
            entry["execution_count"] = next(counts) if shown else None
            entry["outputs"] = [_output(output) for output in cell.outputs] if shown else []
        written.append(entry)
    content = {"cells": written, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def script(cells: list[Cell]) -> str:
    """A Python script in the percent format; prose stands in comments.

    >>> print(script([Cell("markdown", "# One"), Cell("code", "x = 1")]), end="")
    # %% [markdown]
    # # One
    <BLANKLINE>
    # %%
    x = 1
    """
    return "\n\n".join(_percent(cell) for cell in cells) + "\n"


def _percent(cell: Cell) -> str:
    if cell.kind == "code":
        options = "".join(f" {name}={json.dumps(value)}" for name, value in _metadata(cell).items())
        return f"# %%{options}\n{cell.source}"
    lines = _sentences(WITHIN.sub(r"\1", cell.source).split("\n"))
    return "\n".join(["# %% [markdown]", *(f"# {line}".rstrip() for line in lines)])


def _metadata(cell: Cell) -> dict:
    return FOLDED if cell.folded else {}


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    """A line for each sentence of a paragraph, where to Markdown it is all the same."""
    fence = ""
    for line in lines:
        mark = re.match(r"\s*(```+)", line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        yield from SENTENCE.split(line) if not fence and PARAGRAPH.match(line) else [line]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _output(output: dict) -> dict:
    if "text" in output:
        return {**output, "text": _lines(output["text"])}
    return {**output, "data": {kind: _lines(value) for kind, value in output["data"].items()}}


def _embedded(path) -> dict[str, str]:
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return {kind: base64.b64encode(path.read_bytes()).decode()}
