"""The notebooks in JupyterLab, in a real browser."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest

from places import LESSONS
from take_along import images

pytestmark = pytest.mark.proof

#: Markdown or reStructuredText that a reader would see, where it was not understood.
LEFTOVER = re.compile(r"\*\*|``|\$|\]\(|:\w+:`|\\[*_\[\]$]|&\w+;|</?\w+>|^#+ |^\s*\|", re.MULTILINE)
#: The things of a notebook, each with what is pressed, what takes arrows, if anything, and what is tapped.
PLAYED = {
    "20_autograd": {"forward_backward": ("[data-does=step]", "", "[data-does=back]")},
    "30_networks": {
        "slide": ("[data-does=fill]", "[role=application]", "[data-does=reset]"),
        "replay": ("[data-does=back]", "input[type=range]", "[data-does=forward]"),
        "draw_digit": (".examples button:nth-child(2)", ".pad", ".examples button:nth-child(3)"),
    },
}
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$")
#: The text of each cell of prose, with a mark for what is code or a formula; JupyterLab may render it once more.
UNSET = """cells => cells.map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("mjx-container, code, pre").forEach(node => node.replaceWith("…"));
    return copy.textContent;
})"""


@pytest.fixture(scope="module")
def lab(reader, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """JupyterLab as the README of the zip starts it; its address, and the folder that it shows."""
    folder = tmp_path_factory.mktemp("lab")
    for code, lessons in reader.lessons.items():
        shutil.copytree(lessons, folder / code)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [reader.environment / "bin/jupyter-lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=", "--ServerApp.port_retries=0", "--LabApp.news_url="]
    with subprocess.Popen(command, cwd=folder, env=reader.variables(), stderr=subprocess.PIPE, text=True) as server:
        for line in server.stderr:
            if "is running at" in line:
                break
        yield f"http://127.0.0.1:{port}", folder
        server.terminate()


@pytest.fixture
def page(browser) -> Iterator:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def drawn(notebook) -> list[bytes]:
    """All images of a notebook."""
    return [image for cell in notebook.cells for image in images(cell)]


def open_notebook(page, lab, code: str, name: str) -> nbformat.NotebookNode:
    """Open one, wait until its prose and its figures are rendered, and return it."""
    address, folder = lab
    notebook = nbformat.read(folder / code / f"{name}.ipynb", 4)
    prose = sum(cell.cell_type == "markdown" for cell in notebook.cells)
    page.goto(f"{address}/lab/tree/{quote(f'{code}/{name}.ipynb')}?reset")
    page.wait_for_function(f"document.querySelectorAll('.jp-MarkdownCell .jp-RenderedMarkdown > *').length >= {prose}")
    page.wait_for_function(f"document.querySelectorAll('.jp-OutputArea img').length >= {len(drawn(notebook))}")
    assert page.locator(".jp-OutputArea .torchhour-thing").count() == 0, "a thing that nobody ran is its drawing"
    page.wait_for_function("[...document.images].every(image => image.complete)")
    return notebook


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", LESSONS)
def test_nothing_is_left_raw_and_nothing_is_missing(page, lab, code, name):
    notebook = open_notebook(page, lab, code, name)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    formulas = sum(len(FORMULA.findall(CODE.sub("", text))) for text in prose)
    page.wait_for_function(f"document.querySelectorAll('mjx-container').length >= {formulas}")
    assert page.locator("mjx-merror").count() == 0
    rendered = page.locator(".jp-MarkdownCell .jp-RenderedMarkdown")
    rendered.nth(len(prose) - 1).wait_for(state="attached")  # JupyterLab renders one cell after the other
    shown = rendered.evaluate_all(UNSET)
    assert len(shown) == len(prose) and all(shown)
    assert [text for text in shown if LEFTOVER.search(text)] == []
    widths = page.eval_on_selector_all(".jp-OutputArea img", "images => images.map(image => image.naturalWidth)")
    assert len(widths) == len(drawn(notebook)) and all(widths)
    tables = sum(len(re.findall(r"^\|(?: --- \|)+$", text, re.MULTILINE)) for text in prose)
    assert page.locator(".jp-RenderedMarkdown table").count() == tables


def run_all(page) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_thing_to_play_with_is_played_by_keyboard_once_its_cell_was_run(page, lab, code):
    open_notebook(page, lab, code, "05_first_steps")
    run_all(page)
    thing = page.locator(".jp-OutputArea .torchhour-thing")
    thing.wait_for(state="attached", timeout=120_000)
    thing.evaluate("node => node.scrollIntoView({block: 'center'})")
    step, rate = thing.locator("button[data-does=step]"), thing.locator("input[type=range]")
    step.focus()
    page.keyboard.press("Space")
    thing.locator("output[data-shows=numbers]", has_text=re.compile("1")).wait_for()
    rate.focus()
    before = rate.input_value()
    page.keyboard.press("ArrowLeft")
    assert int(rate.input_value()) == int(before) - 1, "JupyterLab leaves the arrow keys to it"


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kinds in PLAYED.items() for kind in kinds])
def test_each_thing_answers_a_key_an_arrow_and_a_finger(browser, lab, name, kind):
    """Space on its first control, an arrow on what takes arrows, a tap on its last control: each changes it."""
    pressed, arrowed, tapped = PLAYED[name][kind]
    context = browser.new_context(viewport={"width": 1200, "height": 900}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    open_notebook(page, lab, "zh", name)
    run_all(page)
    thing = page.locator(f".jp-OutputArea .torchhour-{kind}").first
    thing.wait_for(state="attached", timeout=120_000)
    thing.evaluate("node => node.scrollIntoView({block: 'center'})")
    for selector, key in ((pressed, "Space"), (arrowed, "ArrowLeft"), (tapped, "")):
        if not selector:
            continue
        control, before = thing.locator(selector).first, state(thing)
        if key:
            control.focus()
            page.keyboard.press(key)
        else:
            control.tap()
        deadline = time.monotonic() + 20
        while state(thing) == before:
            assert time.monotonic() < deadline, f"{selector} did nothing"
            page.wait_for_timeout(100)
    context.close()


def state(thing) -> str:
    """All that a thing shows, and where its sliders are."""
    return thing.evaluate("node => node.innerHTML + [...node.querySelectorAll('input')].map(input => input.value)")


def test_a_link_within_a_notebook_leads_to_its_heading(page, lab):
    open_notebook(page, lab, "zh", "10_tensors")
    scrolled = "document.querySelector('.jp-WindowedPanel-outer').scrollTop"
    before = page.evaluate(scrolled)
    page.locator(".jp-RenderedMarkdown a[href='#cell-id=tensors-numpy']").first.evaluate("link => link.click()")
    page.wait_for_function(f"{scrolled} > {before + 1000}")
    heading = page.locator(".jp-RenderedMarkdown h2", has_text="NumPy").first
    heading.wait_for(state="visible")
    assert 0 <= heading.bounding_box()["y"] < 900


def test_a_link_to_another_lesson_opens_it_at_its_heading(page, lab):
    open_notebook(page, lab, "en", "40_classifier")
    page.locator(".jp-RenderedMarkdown a", has_text="Move to an accelerator").first.evaluate("link => link.click()")
    page.wait_for_url("**/en/10_tensors.ipynb*")
    heading = page.locator("h2:visible", has_text="Move to an accelerator")
    page.wait_for_function(
        "text => [...document.querySelectorAll('h2')].some(node => node.textContent.startsWith(text)"
        " && node.getBoundingClientRect().top > 0 && node.getBoundingClientRect().top < innerHeight)",
        arg="Move to an accelerator",
    )
    assert heading.count() == 1


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_link_leads_somewhere(lab, code):
    _, folder = lab
    ids = {
        path.name: {cell.id for cell in nbformat.read(path, 4).cells}
        for path in sorted((folder / code).glob("*.ipynb"))
    }
    for name, known in ids.items():
        cells = nbformat.read(folder / code / name, 4).cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        for link in re.findall(r"\]\(([^)]+)\)", FORMULA.sub("", CODE.sub("", prose))):
            if not link.startswith(("https://", "attachment:")):
                file, _, anchor = link.partition("#cell-id=")
                assert not file or file in ids, link
                assert not anchor or anchor in ids.get(file, known), link
