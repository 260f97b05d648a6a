"""The real lessons as readers have them: each file by itself, in an empty folder, run without a network."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from measured import LESSONS as MEASURING
from measured import timeless, undrawn
from places import LESSONS, REPOSITORY
from reader import Reader
from sphinx_polyglot.check.figure_words import figure_words
from sphinx_polyglot.gallery import drawings
from sphinx_polyglot.pages.drawings import translated
from sphinx_polyglot.pages.svg import alone as alone_drawn
from take_along import figures, kinds, streams, text_of_notebook, text_of_page, tidy

LANGUAGES = ["zh", "en"]
#: What the page shows of what a cell printed.
PRINTED = ".sphx-glr-script-out pre"
#: A way for matplotlib to show figures where there is no screen: as files in the folder, drawn as for the page.
BACKEND = """\
import drawings
from matplotlib import pyplot, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

rcParams.update(drawings.STYLE)
shown = 0

def show(*arguments, **options):
    global shown
    for number in pyplot.get_fignums():
        shown += 1
        with open(f"figure-{shown:03}.svg", "w", encoding="utf-8") as file:
            file.write(drawings.drawn(pyplot.figure(number)))
    pyplot.close("all")
"""


def cases(code: str, lesson: str):
    """For ``make test``, one lesson, in what is installed here; for ``make proof``, all in both languages, afresh."""
    quick = [pytest.param("alone", code, lesson, id=f"{code}-{lesson}")]
    proof = [
        pytest.param("reader", each, name, id=f"fresh-{each}-{name}", marks=pytest.mark.proof)
        for each in LANGUAGES
        for name in LESSONS
    ]
    return pytest.mark.parametrize(("who", "code", "name"), [*quick, *proof])


@pytest.fixture
def someone(request, who) -> Reader:
    """One of the readers, by the fixture's name."""
    return request.getfixturevalue(who)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files; a DataLoader's workers hang where its name is long (a socket's has 107 letters)."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


@pytest.mark.everyday(4)
@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_notebook_is_valid_and_says_what_its_page_says(site, code, name):
    blank, notebook = (nbformat.read(site / code / f"lessons/{name}{kind}.ipynb", 4) for kind in ("-blank", ""))
    nbformat.validate(blank)
    nbformat.validate(notebook)
    page = site / code / f"lessons/{name}.html"
    printed = [block.get_text() for block in BeautifulSoup(page.read_text("utf-8"), "html.parser").select(PRINTED)]
    assert [text for text in map(streams, notebook.cells) if text] == [tidy(text) for text in printed]
    texts = ("".join(text.split()) for text in (text_of_notebook(notebook), text_of_page(page)))
    assert next(texts) == next(texts)  # a formula leaves a gap in one of them


@pytest.mark.parametrize("who", ["alone", pytest.param("reader", marks=pytest.mark.proof)])
def test_readers_have_neither_a_network_nor_the_project(someone, tmp_path):
    code = "import urllib.request; urllib.request.urlopen('https://example.org', timeout=9)"
    done = someone.run(tmp_path, "python", "-c", code)
    assert done.returncode == 1 and "URLError" in done.stderr
    for name in ("torchhour", "sphinx_polyglot"):
        done = someone.run(tmp_path, "python", "-c", f"import {name}")
        assert f"No module named '{name}'" in done.stderr
    assert someone.run(tmp_path, "python", "-c", "import torch").returncode == 0


@pytest.mark.proof
@cases("zh", "10_tensors")
def test_a_notebook_alone_runs_and_shows_what_the_page_shows(someone, site, tmp_path, temporary, code, name):
    folder = empty(tmp_path, "lesson")
    notebook = shutil.copy(site / code / f"lessons/{name}.ipynb", folder)
    done = someone.run(folder, "jupyter-execute", "--inplace", f"{name}.ipynb", TMPDIR=str(temporary))
    assert done.returncode == 0, done.stderr
    ran, stored = nbformat.read(notebook, 4), nbformat.read(site / code / f"lessons/{name}.ipynb", 4)
    assert [cell.source for cell in ran.cells] == [cell.source for cell in stored.cells]
    assert comparable(name, printed(ran)) == comparable(name, printed(stored))
    assert shown(ran) == shown(stored)
    assert [path.name for path in folder.iterdir()] == [f"{name}.ipynb"]
    assert not list(temporary.glob("torchhour-*"))


def printed(notebook) -> str:
    """All that its cells print. A folded region is a cell of its own; what the page ran as one may come in parts."""
    return "\n".join(text for text in map(streams, code_cells(notebook)) if text)


def shown(notebook) -> list[str]:
    """The kinds of what its cells show, in order; text that follows text is one."""
    found = [kind for cell in code_cells(notebook) for kind in kinds(cell)]
    return [kind for kind, before in zip(found, ["", *found], strict=False) if kind != before or kind == "picture"]


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@cases("en", "10_tensors")
def test_a_script_alone_runs_and_shows_what_the_page_shows(someone, site, tmp_path, temporary, code, name):
    folder = empty(tmp_path, "lesson")
    shutil.copy(site / code / f"lessons/{name}.py", folder)
    backend = empty(tmp_path, "backend")
    (backend / "figures_as_files.py").write_text(BACKEND)
    shutil.copy(drawings.__file__, backend)
    variables = {"MPLBACKEND": "module://figures_as_files", "PYTHONPATH": str(backend), "TMPDIR": str(temporary)}
    done = someone.run(folder, "python", f"{name}.py", **variables)
    assert done.returncode == 0, done.stderr
    stored = nbformat.read(site / code / f"lessons/{name}.ipynb", 4)
    assert comparable(name, tidy(done.stdout)) == comparable(name, printed(stored))
    words = figure_words(REPOSITORY / "docs/figures.toml", REPOSITORY / "docs/glossary.toml", tuple(LANGUAGES))
    drawn = [path.read_text("utf-8") for path in sorted(folder.glob("figure-*.svg"))]
    stored_figures = [figure.decode() for cell in code_cells(stored) for figure in figures(cell)]
    drawn = [alone_drawn(translated(svg, words, code)) for svg in drawn]
    assert [comparable(name, svg) for svg in drawn] == [comparable(name, svg) for svg in stored_figures]
    assert [path.name for path in folder.iterdir() if "figure-" not in path.name] == [f"{name}.py"]
    assert not list(temporary.glob("torchhour-*"))


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_round_trip_through_a_script_loses_no_text(alone, code):
    import jupytext

    for name in LESSONS:
        notebook = alone.stored(code, name)
        back = jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent")
        assert [cell.source for cell in back.cells] == [cell.source for cell in notebook.cells], name
        ours = jupytext.read(alone.lessons[code] / f"{name}.py")
        texts = [[without_links(cell.source) for cell in each.cells] for each in (ours, notebook)]
        assert texts[0] == texts[1], name


@pytest.mark.parametrize("code", LANGUAGES)
def test_without_pytorch_a_lesson_says_what_to_install(alone, tmp_path, code):
    for name in LESSONS:
        done = alone.run(tmp_path, "python", "-I", "-S", str(alone.lessons[code] / f"{name}.py"))
        *_, command, hint = done.stderr.splitlines()
        assert re.search(r"pip install .*\bmatplotlib\b.* torch\b", command), done.stderr
        assert "5.9 GB" in hint and hint.endswith("torchvision --index-url https://download.pytorch.org/whl/cpu")
        assert ("On Linux" in hint) == (code == "en")


@pytest.mark.proof
def test_the_zip_fetches_the_real_data_and_says_how_to_use_them(alone, site, tmp_path):
    with zipfile.ZipFile(site / "en/torchhour-en.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "torchhour-en"
    nowhere = {"TORCHHOUR_MIRROR": "http://127.0.0.1:9"}
    done = alone.run(folder, "python", "-m", "torchhour.data.fetch", "--help", **nowhere)
    assert done.returncode == 0 and "default: data" in done.stdout, done.stderr
    script = (folder / "10_tensors.py").read_text("utf-8").partition("plt.show()")[0]
    (folder / "start.py").write_text(script, "utf-8")
    done = alone.run(folder, "python", "start.py", TORCHHOUR_DATA="data")
    assert f"TORCHHOUR_DATA=data: {folder / 'data'} is not a folder" in done.stderr
    guide = (folder / "README.md").read_text("utf-8")
    assert "bin/python -m torchhour.data.fetch\n" in guide and "export TORCHHOUR_DATA=data" in guide
    assert "5.9 GB" in guide and "--extra-index-url https://download.pytorch.org/whl/cpu\n" in guide


def comparable(name: str, text: str) -> str:
    """What a lesson printed, or a drawing of it, without what it measured."""
    return timeless(undrawn(text)) if name in MEASURING else text


def without_links(text: str) -> str:
    """Text without links to its own headings, which a script cannot follow; new lines and blanks are one blank."""
    return " ".join(re.sub(r"\[([^]]*)\]\(#cell-id=[^)]*\)", r"\1", text).split())


def empty(folder: Path, name: str) -> Path:
    """An empty folder."""
    (folder / name).mkdir()
    return folder / name
