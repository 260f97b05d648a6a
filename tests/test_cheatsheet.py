"""The cheat sheet: every line of it runs and gives what it says, and it prints on one side of A4."""

from __future__ import annotations

import builtins
import mmap
import os
import re
from pathlib import Path

import pytest
import torch
from bs4 import BeautifulSoup
from torch import nn
from torchvision.models import ResNet18_Weights, resnet18

from browsing import clean_page
from outcomes import run_blocks

LANGUAGES = ["zh", "en"]
#: A4 on its side without the margins, in CSS pixels.
PAPER = {"width": 1077, "height": 748}
PAGE = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")
#: What leads to each error that the page names, and what it does instead, after all code of the page.
FAULTS = {
    "mat1 and mat2 shapes cannot be multiplied": (
        "nn.Linear(1024, 10)(images)",
        "nn.Linear(1024, 10)(images.flatten(1))",
    ),
    "mat1 and mat2 must have the same dtype": (
        "x = torch.from_numpy(np.ones((3, 2)))\nnn.Linear(2, 1)(x)",
        "x = torch.from_numpy(np.ones((3, 2)))\nnn.Linear(2, 1)(x.float())",
    ),
    "expected target dtype to be Long": (
        "labels = torch.from_numpy(np.zeros(8))\ncriterion(torch.randn(8, 10), labels)",
        "labels = torch.from_numpy(np.zeros(8))\ncriterion(torch.randn(8, 10), labels.long())",
    ),
    "element 0 of tensors does not require grad": (
        "w = torch.ones(2, requires_grad=True)\nw.detach().sum().backward()",
        "w = torch.ones(2, requires_grad=True)\nw.sum().backward()",
    ),
    "backward through the graph a second time": (
        "w = torch.ones(2, requires_grad=True)\nloss = (w * w).sum()\nfor step in range(2):\n    loss.backward()",
        "w = torch.ones(2, requires_grad=True)\nfor step in range(2):\n    loss = (w * w).sum()\n    loss.backward()",
    ),
    "is being used in an in-place operation": (
        "w = torch.ones(2, requires_grad=True)\nw -= 1",
        "w = torch.ones(2, requires_grad=True)\nwith torch.no_grad():\n    w -= 1",
    ),
}
DEVICES = "Expected all tensors to be on the same device"
#: The size of the smallest letters on the page, in points.
SMALLEST = """() => Math.min(...[...document.querySelectorAll("article *")]
    .filter(node => node.getClientRects().length)
    .filter(node => [...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim()))
    .map(node => parseFloat(getComputedStyle(node).fontSize) * 0.75))"""
#: What is wider than what it stands in, and lines of code that go on below.
TOO_WIDE = """() => [...document.querySelectorAll("article section section section *")]
    .filter(node => node.matches(".highlight *") === node.matches("pre") && node.getClientRects().length)
    .filter(node => {
        const card = node.closest("section").getBoundingClientRect(), box = node.getBoundingClientRect();
        return node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline"
            || box.right > card.right + 0.5 || box.left < card.left - 0.5;
    })
    .map(node => node.outerHTML.slice(0, 90))"""
WRAPPED = """() => [...document.querySelectorAll("article pre")].filter(pre => {
    const style = getComputedStyle(pre), padding = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    const lines = (pre.getBoundingClientRect().height - padding) / parseFloat(style.lineHeight);
    return lines > pre.textContent.trimEnd().split("\\n").length + 0.5;
}).map(pre => pre.textContent.slice(0, 90))"""
#: Top and bottom of each column, and the bottom of its last card; how many columns the cards stand in.
COLUMNS = """() => [...document.querySelectorAll(".cheat-sheet > section")].map(theme => {
    const box = theme.getBoundingClientRect(), last = theme.lastElementChild.getBoundingClientRect();
    return [box.top, box.bottom, last.bottom].map(Math.round);
})"""
LEFT = """() => new Set([...document.querySelectorAll(".cheat-sheet section section")]
    .map(card => Math.round(card.getBoundingClientRect().left))).size"""


@pytest.fixture(scope="module")
def pages(site) -> dict[str, BeautifulSoup]:
    """What each language's page says, without what is around it."""
    texts = {code: (site / code / "cheatsheet.html").read_text("utf-8") for code in LANGUAGES}
    return {code: BeautifulSoup(text, "html.parser").select_one("article") for code, text in texts.items()}


@pytest.fixture(scope="module")
def blocks(pages) -> list[str]:
    """The code of the page, card by card."""
    found = {code: [pre.get_text().strip("\n") for pre in page.select("pre")] for code, page in pages.items()}
    assert found["zh"] == found["en"] and len(found["en"]) == len(pages["en"].select("section section section")) - 1
    return found["en"]


@pytest.fixture(scope="module")
def names(blocks, tmp_path_factory) -> dict:
    """What the code of the page leaves; the weights that it would download lie in the cache, unlearned."""
    folder = tmp_path_factory.mktemp("cheatsheet")
    cached = folder / "hub/checkpoints" / ResNet18_Weights.DEFAULT.url.rpartition("/")[2]
    cached.parent.mkdir(parents=True)
    torch.save(resnet18().state_dict(), cached)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCH_HOME", str(folder))
        patch.chdir(folder)
        found = run_blocks(blocks)
    assert sorted(os.listdir(folder)) == ["hub", "net.pt"]
    return found


def test_every_line_runs_and_gives_what_it_says(names):
    assert 0 <= names["accuracy"] <= 1 and names["epoch"] == 2
    assert [name for name, p in names["model"].named_parameters() if p.requires_grad] == ["fc.weight", "fc.bias"]
    assert names["weights"].keys() == names["Network"]().state_dict().keys()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("torch.ones(2, 3)  # 3×2", "line 2 gives 2×3, not 3×2"),
        ("torch.ones(2, 3)  # 2×3 int64", "line 2 gives 2×3 float32, not 2×3 int64"),
        ("x = torch.ones(2)\nx.sum()  # 2", "line 3 gives 2.0, not 2"),
        ("x = torch.ones(2)\nx += 1  # [1.0, 1.0]", r"line 3 gives \[2.0, 2.0\], not \[1.0, 1.0\]"),
        ("torch.ones(2)  # N\ntorch.ones(3)  # N", "line 3 gives 3, not N"),
        ("def f(x):  # N×4\n    return x.T  # N×4\nf(torch.ones(3, 4))", "line 3 gives 4×3, not N×4"),
        ("torch.nn.Sequential(\n    torch.nn.ReLU(),  # 2×3\n)", r"comments of lines \[3\]"),
        ("s = torch.nn.Sequential(  # N×4\n    torch.nn.Linear(4, 3),  # N×4\n)", "line 3 gives 5×3, not N×4"),
        ("torch.ones(2) + 1  # RuntimeError", "line 2 raises nothing"),
        ("torch.ones(2) + torch.ones(3)  # TypeError", "line 2 raises RuntimeError"),
        ("for step in range(0):\n    step", r"lines \[3\] were never run"),
        ("def f():\n    return 1", r"lines \[3\] were never run"),
        ("x = 1  # one", "line 2 gives 1, not one"),
        ("x = 1\n# 1", r"comments of lines \[3\]"),
    ],
)
def test_a_line_that_does_not_is_told(code, message):
    with pytest.raises(AssertionError, match=message):
        run_blocks(["import torch", code])


def test_every_error_that_it_names_comes_and_is_cured(pages, names):
    for page in pages.values():
        assert [term.get_text() for term in page.select("dt")] == list(FAULTS)
    for message, (fault, cure) in FAULTS.items():
        with pytest.raises(RuntimeError, match=re.escape(message)):
            exec(fault, dict(names))
        exec(cure, dict(names))


def test_two_devices_are_refused_in_the_words_that_it_quotes(pages):
    assert all(DEVICES in page.get_text() for page in pages.values())
    if torch.accelerator.is_available():
        device = torch.accelerator.current_accelerator()
        with pytest.raises(RuntimeError, match=DEVICES):
            nn.Linear(2, 2).to(device)(torch.ones(2, 2))
    else:  # PyTorch has the words all the same
        [library] = (Path(torch.__file__).parent / "lib").glob("*torch_cpu.[sd]*")
        with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            assert content.find(DEVICES.encode()) > 0


def test_the_formula_of_the_side_is_that_of_pytorch(blocks):
    [formula] = re.findall(r"^\(n .*?(?=  #)", "\n".join(blocks), re.MULTILINE)
    for n, k, p, s in [(n, k, p, s) for n in (6, 7, 32) for k in (1, 2, 3, 5) for p in (0, 1, 2) for s in (1, 2, 3)]:
        side = eval(formula, {"n": n, "k": k, "p": p, "s": s})
        image = torch.zeros(1, 1, n, n)
        assert nn.Conv2d(1, 1, k, stride=s, padding=p)(image).shape[-1] == side
        if 2 * p <= k:  # the most that pooling takes
            assert nn.MaxPool2d(k, stride=s, padding=p)(image).shape[-1] == side


def test_the_losses_want_what_it_says():
    scores, answers = torch.randn(8, 1), torch.ones(8)
    with pytest.raises(ValueError, match="must be the same as input size"):
        nn.BCEWithLogitsLoss()(scores, answers)
    with pytest.warns(UserWarning, match="broadcasting"):
        nn.MSELoss()(scores, answers)
    logits, labels = torch.randn(8, 10), torch.arange(8)
    once = nn.functional.nll_loss(logits.log_softmax(dim=1), labels)
    torch.testing.assert_close(nn.CrossEntropyLoss()(logits, labels), once)
    once = nn.BCELoss()(scores.sigmoid(), answers[:, None])
    torch.testing.assert_close(nn.BCEWithLogitsLoss()(scores, answers[:, None]), once)


def test_the_notes_name_what_there_is(pages, blocks):
    """In backquotes outside the code stand names of PyTorch, of Python, or of the code."""
    word = re.compile(r"[A-Za-z_]\w+")
    known = {name for thing in (torch, torch.Tensor, nn, nn.Module, builtins) for name in dir(thing)}
    known |= set(word.findall("\n".join(blocks))) | {"torch", "float64"}
    for page in pages.values():
        notes = [code.get_text() for code in page.select("code") if not code.find_parent("dt")]
        assert {name for note in notes if note != DEVICES for name in word.findall(note)} <= known


def test_each_title_names_the_lesson_that_it_leads_to(pages):
    for page in pages.values():
        leads = page.select(".cheat-lesson")
        assert len(leads) == len(page.select("pre"))
        for lead in leads:
            assert lead.a["href"].startswith(f"lessons/{lead.get_text().split()[0]}_")


def test_no_line_is_longer_than_paper_and_phones_have_room_for(blocks):
    assert [line for block in blocks for line in block.split("\n") if len(line) > 42] == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", LANGUAGES)
def test_it_prints_on_one_side_of_a4(browser, site, code):
    with clean_page(browser, color_scheme="dark") as page:
        page.goto(f"{site.as_uri()}/{code}/cheatsheet.html")
        for options in ({"prefer_css_page_size": True}, {"format": "A4"}, {"format": "Letter"}):
            printed = page.pdf(**options)
            assert len(PAGE.findall(printed)) == 1, options
            [size] = SIZE.findall(printed)
            sides = [279, 216] if options.get("format") == "Letter" else [297, 210]  # mm
            assert [round(float(side) / 72 * 25.4) for side in size] == sides, options
        page.add_style_tag(content="article .cheat-sheet .highlight pre { line-height: 1.6 }")
        assert len(PAGE.findall(page.pdf())) > 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_its_print_is_whole_readable_and_even(browser, site, code):
    with clean_page(browser, viewport=PAPER, color_scheme="dark") as page:
        page.goto(f"{site.as_uri()}/{code}/cheatsheet.html")
        page.emulate_media(media="print")
        text, printed = page.evaluate("['article', 'body'].map(name => document.querySelector(name).innerText.trim())")
        assert printed == text and "Ctrl-P" not in text
        assert page.evaluate("getComputedStyle(document.querySelector('article')).color") == "rgb(0, 0, 0)"
        assert page.evaluate(SMALLEST) >= 7.5
        assert page.evaluate(TOO_WIDE) == [] and page.evaluate(WRAPPED) == []
        columns = page.evaluate(COLUMNS)
        assert len(columns) == 4 and len({tuple(column) for column in columns}) == 1, columns
        assert columns[0][1] == columns[0][2] <= PAPER["height"]
        page.add_style_tag(content="section.cheat-sheet { min-height: 0 !important }")
        full = page.evaluate("document.querySelector('.cheat-sheet').getBoundingClientRect().height")
        assert full < 0.97 * PAPER["height"], "other machines have other fonts: leave some room"


@pytest.mark.everyday(4)
@pytest.mark.parametrize(("width", "columns"), [(360, 1), (390, 1), (1280, 2), (1920, 3)])
@pytest.mark.parametrize("code", LANGUAGES)
def test_its_cards_stand_in_columns_and_hold_what_is_in_them(browser, site, code, width, columns):
    with clean_page(browser, viewport={"width": width, "height": 900}) as page:
        page.goto(f"{site.as_uri()}/{code}/cheatsheet.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_WIDE) == [] and page.evaluate(WRAPPED) == []
        assert page.evaluate(LEFT) == columns


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_start_page_and_the_menu_lead_to_it(site, code):
    start = BeautifulSoup((site / code / "index.html").read_text("utf-8"), "html.parser")
    [link] = start.select("article a[href='cheatsheet.html']")
    assert "Ctrl-P" in link.find_parent("p").get_text()
    menu = [link["href"] for link in start.select(".sidebar-tree li.toctree-l1 > a")]
    assert menu[:3] == ["lessons/index.html", "glossary.html", "cheatsheet.html"]
