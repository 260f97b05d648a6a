"""Lessons that are notebooks: what is read, what is refused at which cell, and what a build of them runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from sphinx_polyglot.cli.watch import Watcher
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.gallery.reading import read_galleries
from sphinx_polyglot.source.cells import code_of, marked_cells
from sphinx_polyglot.source.notebook import read_notebook
from tiny import EXTENSION, Tiny

LANGUAGES = ["zh", "en"]
TITLE = ["%% zh\n# 平均数\n\n关于**平均数**。", "%% en\n# Means\n\nAbout **means**."]
LOG = 'import os\n\nwith open(os.environ["TINY_LOG"], "a") as log:\n    log.write("{}\\n")\n'
SECTION = "%% zh\n(means-one)=\n## 第一节\n\n公式 $x^2$。\n\n%% en\n(means-one)=\n## One\n\nThe formula $x^2$."
MYST = """\
---
kernelspec: {name: python3}
---

%% zh
# 中位数

见 {ref}`平均数 <means-one>`。

%% en
# Medians

See {ref}`means <means-one>`.

```{code-cell} ipython3
---
tags: [a]
---

import os

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("50_medians\\n")
# zh: 中间的数
# en: The middle
print(2)
```

%% zh
```{note}
结束。
```

+++

%% en
```{note}
The end.
```
"""


def notebook(path: Path, *cells: str | nbformat.NotebookNode) -> Path:
    """Write a notebook; texts are cells of Markdown."""
    made = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=made), path)
    return path


def read(path: Path):
    return read_notebook(path, "lessons/a", marked_cells(path, LANGUAGES), LANGUAGES)


def faults(path: Path) -> list[str]:
    with pytest.raises(SourceError) as raised:
        read(path)
    return [str(fault).removeprefix(f"{path.parent}/") for fault in (raised.value, *raised.value.also)]


def test_each_line_keeps_its_cell(tmp_path: Path):
    cells = [
        *TITLE,
        new_code_cell("x = 1\n# zh: 注\n# en: Note\nx"),
        SECTION,
        new_code_cell(""),
        new_code_cell("y = 2"),
    ]
    lesson = read(notebook(tmp_path / "a.ipynb", *cells))
    assert lesson.titles == {"zh": ("平均数", 1002), "en": ("Means", 2002)}
    assert [line for line in lesson.prose[0]["en"] if line[0]] == [("About **means**.", 2004)]
    assert lesson.prose[1]["zh"][:3] == [(".. _means-one:", 4002), ("", 4002), ("第一节", 4003)]
    assert lesson.prose[1]["en"][-1] == ("The formula :math:`x^2`.", 4011)
    assert [[number for _, number in cell] for cell in lesson.cells] == [[3001, 3002, 3004], [6001]]
    assert lesson.comments == [{"zh": ("注", 3002), "en": ("Note", 3003)}]


def test_a_notebook_in_markdown_keeps_its_lines(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_text(MYST)
    lesson, lines = read(path), MYST.split("\n")
    assert lesson.titles["en"] == ("Medians", lines.index("# Medians") + 1)
    assert lesson.cells[0][0] == ("import os", lines.index("import os") + 1)
    assert lesson.prose[1]["en"][-1] == ("   The end.", lines.index("The end.") + 1)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([TITLE[0]], 'a.ipynb: cell 1, line 1: the block has zh but no en; add "%% en" and its text below it'),
        ([*TITLE, "no mark\n%% zh\n甲\n%% en\nA"], None),  # prose goes on
        (
            [*TITLE, new_code_cell("x = 1"), "text"],
            'a.ipynb: cell 4, line 1: this is in no language; write "%% zh" above it',
        ),
        ([*TITLE, new_code_cell("x = 1\ny = ")], "a.ipynb: cell 3, line 2: this is not Python: invalid syntax;"),
        ([*TITLE, new_code_cell("x = 1\n%timeit x")], 'a.ipynb: cell 3, line 2: "%timeit x" is for Jupyter alone;'),
        ([*TITLE, new_code_cell('x = "\\ud800"')], "a.ipynb: cell 3, line 1: the string holds U+D800"),
        ([*TITLE, new_code_cell("x\n# %% b")], 'a.ipynb: cell 3, line 2: Sphinx-Gallery would begin prose at "# %% b"'),
        ([new_code_cell("x"), *TITLE], "a.ipynb: cell 1, line 1: the notebook does not begin with a title;"),
        ([*TITLE, new_raw_cell("x")], "a.ipynb: cell 3, line 1: a raw cell takes no part in a page;"),
        ([*TITLE, "%% zn\n甲\n%% en\nA"], 'a.ipynb: cell 3, line 1: "%% zn" is not a mark; write "%% zh" or "%% en"'),
        (["%% zh\n题\n%% en\n# T"], 'a.ipynb: cell 1, line 2: zh does not begin with a title; put "# " before'),
        ([*TITLE, "%% zh\n甲\n\n<b>\n%% en\nA"], "a.ipynb: cell 3, line 4: HTML stands here; write it in Markdown"),
        ([*TITLE, "%% zh\n甲[^1]\n%% en\nA"], "a.ipynb: cell 3, line 2: a footnote has no counterpart here;"),
        ([*TITLE, "%% zh\n**甲：**乙\\*\n%% en\nA"], 'a.ipynb: cell 3, line 2: "**" begins or ends no emphasis, and'),
        ([*TITLE, "%% zh\n甲 ![](a.png)\n%% en\nA"], "a.ipynb: cell 3, line 2: an image stands within a paragraph;"),
        ([*TITLE, "%% zh\n甲\u200b\n%% en\nA"], "a.ipynb: cell 3, line 2: U+200B (ZERO WIDTH SPACE) does not show;"),
        ([*TITLE, new_code_cell("\n" * 1000)], "a.ipynb:1: cell 3 has 1001 lines; cut it into cells of fewer"),
    ],
)
def test_a_fault_is_told_at_its_cell(tmp_path: Path, cells: list, told: str | None):
    path = notebook(tmp_path / "a.ipynb", *cells)
    if told is None:
        assert len(read(path).prose) == 1
    else:
        assert faults(path)[0].startswith(told)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.ipynb", '{\n"cells": "%% zh\\n"', "a.ipynb:2: this is no notebook: Expecting ',' delimiter; save it"),
        ("a.ipynb", '["%% zh"]', "a.ipynb:1: this is no notebook: "),
        (
            "a.md",
            "%% zh\n# 题\n```{note} `b`\n```\n%% en\n# T\n\n```{code-cell}\nx\n```\n",
            "a.md:8: a cell begins within prose, where a fence above it is still open; end that",
        ),
        ("a.md", "%% zh\n题\n+++ {\n", "a.md:3: this is no notebook: Markdown cell 1 at line 3 could not be read: "),
    ],
)
def test_what_is_no_notebook_is_told(tmp_path: Path, name: str, text: str, told: str):
    path = tmp_path / name
    path.write_text(text)
    assert faults(path)[0].startswith(told)


def test_files_without_marks_are_left_alone(tmp_path: Path):
    gallery = tmp_path / "gallery"
    notebook(gallery / "plain.ipynb", "Text", new_code_cell("text = '%% zh'\n%% zh"), new_code_cell("%% zh\n"))
    (gallery / "odd.ipynb").write_bytes(b"\xff")
    (gallery / "README.md").write_text("%% zh\n题\n")
    (gallery / "notes.md").write_bytes(b"caf\xe9 \xe2\x80\x8b")
    (read_gallery,) = read_galleries(tmp_path, {"examples_dirs": "gallery", "gallery_dirs": "lessons"}, LANGUAGES)
    assert (read_gallery.lessons, read_gallery.faults) == ({}, [])


def test_the_code_is_all_that_a_watcher_compares(tmp_path: Path):
    path = notebook(tmp_path / "a.ipynb", *TITLE, new_code_cell("x = 1"), "x", new_code_cell("y = 2"))
    assert code_of(path) == "x = 1\ny = 2"
    (tmp_path / "a.md").write_text("Not a notebook.")
    assert code_of(tmp_path / "a.md") == ""


def test_a_watcher_knows_prose_from_code(tmp_path: Path):
    path = notebook(tmp_path / "a.ipynb", *TITLE, new_code_cell("x = 1"))
    watcher = Watcher([tmp_path], [])
    seen = []
    for number, source in ((0, f"{TITLE[0]}改了。"), (2, "x = 1  # one"), (2, "x = 2")):
        made = nbformat.read(path, 4)
        made.cells[number].source = source
        nbformat.write(made, path)
        seen.append((watcher.saved(), watcher.new_code))
    assert seen == [([path], False), ([path], False), ([path], True)]


def test_without_jupytext_it_is_told_what_to_install(tmp_path: Path):
    path = notebook(tmp_path / "a.ipynb", *TITLE)
    code = f"""
import sys
from pathlib import Path
sys.modules["jupytext"] = sys.modules["markdown_it"] = None
import sphinx_polyglot.__main__, sphinx_polyglot.check.sources, sphinx_polyglot.cli.watch
from sphinx_polyglot.source.cells import marked_cells
marked_cells(Path({str(path)!r}), ["zh"])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=EXTENSION, capture_output=True, text=True, check=False)
    message = (
        'a.ipynb:1: this notebook has marks, and jupytext, which reads it, is not installed; "pip install jupytext"'
    )
    assert message in done.stderr.splitlines()[-1]


def write_course(tiny: Tiny) -> Path:
    """Two notebooks beside a script."""
    for name in ("20_data", "30_version"):
        (tiny.root / f"gallery/{name}.py").unlink()
    tiny.write("gallery/50_medians.md", MYST)
    return notebook(
        tiny.root / "gallery/40_means.ipynb",
        *TITLE,
        new_code_cell(LOG.format("40_means")),
        SECTION,
        new_code_cell("1 + 1"),
    )


def test_a_course_of_scripts_and_notebooks(tiny: Tiny):
    path = write_course(tiny)
    assert tiny.built() == ["10_module", "40_means", "50_medians"]
    assert "关于<strong>平均数</strong>。" in tiny.page("zh/lessons/40_means.html")
    assert "About <strong>means</strong>." in tiny.page("en/lessons/40_means.html")
    assert 'href="40_means.html#means-one"' in tiny.page("en/lessons/50_medians.html")
    assert "# 中间的数" in tiny.page("zh/lessons/50_medians.html")
    taken = nbformat.reads(tiny.page("en/lessons/40_means.ipynb"), 4)
    assert [cell.source.split("\n")[0] for cell in taken.cells if cell.source.startswith("#")] == ["# Means", "## One"]

    made = nbformat.read(path, 4)
    made.cells[0].source += "改了。"
    made.cells[2].outputs, made.cells[2].execution_count = [new_output("stream", text="old")], 7
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
    nbformat.write(made, path)
    tiny.edit("gallery/50_medians.md", "print(2)", "print(3)")
    assert tiny.built() == ["50_medians"]
    assert "平均数</strong>。改了。" in tiny.page("zh/lessons/40_means.html")


@pytest.mark.proof
def test_what_fails_in_a_build_is_told_at_its_cell(tiny: Tiny):
    path = write_course(tiny)
    made = nbformat.read(path, 4)
    made.cells[4].source = "x = 1\n1 / 0"
    nbformat.write(made, path)
    failed = tiny.build()
    told = failed.stdout + failed.stderr
    assert failed.returncode == 1
    assert "gallery/40_means.ipynb: cell 5, line 2: the lesson raised ZeroDivisionError" in told
    assert 'File "gallery/40_means.ipynb", line 2 of cell 5' in told

    for fault in ("raise SystemExit(3)", "import os; os._exit(3)"):
        made.cells[4].source = f"x = 1\n{fault}"
        nbformat.write(made, path)
        assert "gallery/40_means.ipynb: cell 5, line 2: the lesson end" in tiny.build().stderr

    made.cells[4].source, made.cells[3].source = "1 + 2", SECTION.replace("$x^2$", "{ref}`nowhere`")
    nbformat.write(made, path)
    failed = tiny.build()
    assert failed.returncode == 1
    assert "gallery/40_means.ipynb: cell 4, line 5: WARNING: " in failed.stderr


def test_a_check_tells_faults_of_notebooks_and_two_files_of_one_lesson(tiny: Tiny):
    write_course(tiny)
    assert tiny.run("check", "docs").stdout == "5 lessons and pages, each in zh and en: no fault\n"
    assert "gallery/40_means.ipynb: this lesson is there already" in tiny.run("new", "40_means").stderr
    tiny.edit("gallery/50_medians.md", "The end.", "The 2 ends.")
    changed = json.loads((tiny.root / "gallery/40_means.ipynb").read_text())
    changed["cells"][3]["source"] = SECTION.replace("(means-one)=\n## One", "## One").replace(
        "一节\n", "一节\n\n再。\n"
    )
    (tiny.root / "gallery/40_means.ipynb").write_text(json.dumps(changed))
    (tiny.root / "gallery/40_means.py").write_text((tiny.root / "gallery/10_module.py").read_text())
    told = tiny.run("check", "docs").stderr
    line = MYST.split("\n").index("The end.") + 1
    assert f"gallery/50_medians.md:{line}: en has the number 2, zh has not" in told
    assert "gallery/40_means.ipynb: cell 4, line 2: paragraphs begin in lines 2 of cell 4, 3 of cell 4," in told
    assert "gallery/40_means.ipynb:1: 40_means.py beside it is the same lesson; remove one of them" in told
