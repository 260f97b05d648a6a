"""An ordinary script's cells are those that Sphinx-Gallery finds."""

from __future__ import annotations

from itertools import groupby

import pytest
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.copies import copy_of

HEAD = '"""\nMeans\n=====\n\nOf numbers.\n"""\n'
SCRIPTS = {
    "percent": HEAD + "import math\n\n# %%\n# One\n# ---\n#\n# Text.\n\nx = 1\n\n\n# %%\n# Two\n",
    "signs": HEAD + f"{'#' * 30}\n# One\n#  - indented\n#\n\nx = 1\n{'#' * 79}\n# Two\ny = 2\n",
    "no blank": HEAD + "#%%\n#One\n#Two\nx = 1\n",
    "title": HEAD + "x = 1\n# %% A title\n# Text\ny = 2\n# %%\n\n# A comment\nz = 3\n",
    "two of prose": HEAD + "# %%\n# One\n\n# %%\n# Two\n\nx = 1\n",
    "above": "# -*- coding: utf-8 -*-\n# SPDX\nr'''Means\n=====\n\n:math:`\\theta`'''\nx = '''\n\n# a string\n'''\n",
    "escapes": '"""\nMeans\n=====\n\n:math:`\\\\theta`\n"""\nx = 1\n',
}


def cells_of(copy):
    cells = [("text", "\n".join(line for line, _ in copy.head))]
    cells += [
        ("text" if cell.is_prose else "code", "\n".join(line for line, _ in cell.lines).strip()) for cell in copy.cells
    ]
    return joined(cells)


def joined(cells):
    """Code without prose between is one cell, as in a script of marks; empty lines do not count."""
    runs = (
        list(run) for kind, run in groupby(enumerate(cells), lambda cell: cell[1][0] if cell[1][0] == "code" else cell)
    )
    return [
        (run[0][1][0], [line.rstrip() for _, (_, text) in run for line in text.split("\n") if line.strip()])
        for run in runs
    ]


@pytest.mark.parametrize("name", SCRIPTS)
def test_cells_are_those_of_sphinx_gallery(name, tmp_path):
    path = tmp_path / "a.py"
    path.write_text(SCRIPTS[name], "utf-8")
    found = [(block[0], block[1].strip()) for block in split_code_and_text_blocks(str(path))[1]]
    assert cells_of(copy_of(SCRIPTS[name], path)) == joined(found)


def test_what_is_not_kept_is_told():
    notes = copy_of(SCRIPTS["title"], "a.py").notes
    assert [str(note) for note in notes] == [
        'a.py:8: "A title" is not kept: Sphinx-Gallery does not show it either',
        "a.py:11: no prose stands between these two cells of code, which become one; write some to part them",
    ]


@pytest.mark.parametrize(
    ("text", "message"), [("x = 1\n", "no docstring"), ("x = = 1\n", "a.py:1: this is not Python")]
)
def test_faults(text, message):
    with pytest.raises(SourceError, match=message):
        copy_of(text, "a.py")
