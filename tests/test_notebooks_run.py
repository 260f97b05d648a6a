"""The real lessons as readers have them: unpacked, installed from what the zip names, run without a network."""

from __future__ import annotations

import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import REPOSITORY
from PIL import Image
from take_along import figures, notebooks, pixels, streams, text_of_notebook, text_of_page, tidy

LESSONS = sorted(path.stem for path in REPOSITORY.glob("gallery/[0-9]*.py"))
LANGUAGES = ["zh", "en"]
#: What the page shows of what a cell printed.
PRINTED = ".sphx-glr-script-out pre"
#: A time that was measured, which no second run repeats.
MEASURED = re.compile(r"\d+(?:\.\d+)?(?= ?(?:s|ms|µs|seconds|images/s)\b)")
#: A way for matplotlib to show figures where there is no screen: as files in the folder.
BACKEND = """\
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

shown = 0

def show(*arguments, **options):
    global shown
    for number in pyplot.get_fignums():
        shown += 1
        pyplot.figure(number).savefig(f"figure-{shown:03}.png")
    pyplot.close("all")
"""


def some(code: str, name: str, *, always: bool):
    """A case for ``make test``, or one for ``make proof`` alone."""
    return pytest.param(code, name, marks=[] if always else [pytest.mark.proof], id=f"{code}-{name}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_notebook_is_valid_and_says_what_its_page_says(site, code):
    for name in LESSONS:
        found = notebooks(site / code / "lessons")
        nbformat.validate(found[f"{name}-blank.ipynb"])
        notebook = found[f"{name}.ipynb"]
        nbformat.validate(notebook)
        page = site / code / f"lessons/{name}.html"
        printed = [block.get_text() for block in BeautifulSoup(page.read_text("utf-8"), "html.parser").select(PRINTED)]
        assert [text for text in map(streams, notebook.cells) if text] == [tidy(text) for text in printed], name
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" or cell.execution_count]
        assert text_of_notebook(notebook).split() == text_of_page(page).split(), name


def test_the_reader_has_no_network(reader, tmp_path):
    code = "import urllib.request; urllib.request.urlopen('https://example.org', timeout=9)"
    done = reader.run(tmp_path, "python", "-c", code)
    assert done.returncode == 1
    assert "URLError" in done.stderr


def test_the_reader_has_only_what_the_zip_names(reader, tmp_path):
    done = reader.run(tmp_path, "python", "-c", "import torchhour; print(torchhour.__file__)")
    assert done.stdout.startswith(str(reader.environment)), done.stderr
    assert reader.run(tmp_path, "python", "-c", "import sphinx_polyglot").returncode == 1


@pytest.mark.parametrize(
    ("code", "name"), [some(code, name, always=code == "zh") for code in LANGUAGES for name in LESSONS]
)
def test_a_notebook_runs_and_shows_what_the_page_shows(reader, tmp_path, code, name):
    shutil.copy(reader.lessons[code] / f"{name}.ipynb", tmp_path)
    done = reader.run(tmp_path, "jupyter-execute", "--inplace", f"{name}.ipynb")
    assert done.returncode == 0, done.stderr
    ran, stored = nbformat.read(tmp_path / f"{name}.ipynb", 4), reader.stored(code, name)
    for before, after in zip(stored.cells, ran.cells, strict=True):
        if before.cell_type == "code":
            assert timeless(streams(after)) == timeless(streams(before)), before.source
            assert figures(after) == figures(before), before.source


@pytest.mark.parametrize(
    ("code", "name"), [some(code, name, always=code == "en") for code in LANGUAGES for name in LESSONS]
)
def test_a_script_runs_and_shows_what_the_page_shows(reader, tmp_path, code, name):
    shutil.copy(reader.lessons[code] / f"{name}.py", tmp_path)
    backend = tmp_path / "backend"
    backend.mkdir()
    (backend / "figures_as_files.py").write_text(BACKEND)
    variables = {"MPLBACKEND": "module://figures_as_files", "PYTHONPATH": str(backend)}
    done = reader.run(tmp_path, "python", f"{name}.py", **variables)
    assert done.returncode == 0, done.stderr
    cells = [cell for cell in reader.stored(code, name).cells if cell.cell_type == "code"]
    printed = "\n".join(text for text in map(streams, cells) if text)
    assert timeless(tidy(done.stdout)) == timeless(printed)
    drawn = [pixels(Image.open(path)) for path in sorted(tmp_path.glob("figure-*.png"))]
    assert drawn == [figure for cell in cells for figure in figures(cell)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_round_trip_through_a_script_loses_no_text(reader, code):
    import jupytext

    for name in LESSONS:
        notebook = reader.stored(code, name)
        back = jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent")
        assert [cell.source for cell in back.cells] == [cell.source for cell in notebook.cells], name
        ours = jupytext.read(reader.lessons[code] / f"{name}.py")
        texts = [[without_links(cell.source) for cell in each.cells] for each in (ours, notebook)]
        assert texts[0] == texts[1], name


def timeless(text: str) -> str:
    return MEASURED.sub("#", text)


def without_links(text: str) -> str:
    """Text without links to its own headings, which a script cannot follow, and without blanks."""
    return "".join(re.sub(r"\[([^]]*)\]\(#cell-id=[^)]*\)", r"\1", text).split())
