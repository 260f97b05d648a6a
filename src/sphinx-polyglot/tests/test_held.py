"""What each name of a cell holds: noted by the run, shown by pointing, tapping and by keyboard, in the page's words."""

from __future__ import annotations

import re

import pytest

from browsing import clean_page
from sphinx_polyglot.gallery.held import described
from sphinx_polyglot.source.names import names_in
from tiny import Tiny, tiny_course

LESSON = '''\
"""
%% zh
名字
====

%% en
Names
=====
"""
import os

import numpy as np

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("40_names\\n")
values = np.zeros((2, 3), dtype="float32")
shape = values.shape
count = 3

# %% zh
# 再来一格。
#
# %% en
# Another cell.

values = np.zeros((4, 5))[:, None]
label = "cat"
# zh: 一个函数
# en: a function
def double(count):
    return 2 * count
print(dict(count=label), values.shape)
'''


class Network:
    """As PyTorch's modules do, it has parameters; some of it raises when it is asked."""

    def parameters(self):
        return [Parameter(5), Parameter(6)]

    def named_modules(self):
        raise AssertionError("nobody has to call this")


class Parameter:
    def __init__(self, count):
        self.count = count

    def numel(self):
        return self.count


class Lazy(Network):
    def parameters(self):
        raise RuntimeError("no parameters yet")


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (3, ["int 3"]),
        (10**14, ["int"]),
        (True, ["bool True"]),
        (0.5, ["float"]),
        (None, ["None"]),
        ("cat", ['str "cat"']),
        ("/home/me", ["str"]),
        ([1, 2], ["list", ["{n} items", 2]]),
        ({}, ["dict", ["{n} items", 0]]),
        (Network(), ["Network", ["{n} parameters", 11]]),
        (Lazy(), ["Lazy"]),
        (object(), ["object"]),
        (len, []),
        (pytest, []),
        (Network, []),
    ],
)
def test_a_value_is_described_by_its_kind(value, parts):
    assert described(value) == parts


def test_tensors_are_described_by_what_they_know():
    torch = pytest.importorskip("torch", reason="the extension runs without PyTorch, too")
    batch = torch.zeros(64, 1, 32, 32, requires_grad=True)
    assert described(batch) == ["64×1×32×32", "float32", "cpu", ["requires grad"]]
    assert described(torch.tensor(3)) == [["a single number"], "int64", "cpu"]
    assert described(torch.nn.Linear(2, 3)) == ["Linear", ["{n} parameters", 9]]
    assert described(torch.nn.LazyLinear(3)) == ["LazyLinear"]
    assert described(torch.nn.MSELoss()) == ["MSELoss"]


def test_names_with_a_value_of_their_own_are_left_out():
    code = "汉 = x.y\nf = lambda a: a\nz = {k: v for k, v in w}\nprint(key=u)\nclass C:\n    i = j\n"
    assert [place.name for place in names_in(code)] == ["汉", "x", "f", "z", "w", "print", "u"]
    for place in names_in(code):
        assert code[place.offset :].startswith(place.name)
    assert names_in("%matplotlib inline") == []


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """Built once, and not changed."""
    course = tiny_course(tmp_path_factory.mktemp("names"))
    for name in ("10_module", "20_data", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    course.write("gallery/40_names.py", LESSON)
    assert course.built() == ["40_names"]
    return course


def test_each_cell_shows_what_its_names_hold_after_it(built):
    zh, en = (built.page(f"{code}/lessons/40_names.html") for code in ("zh", "en"))
    titles = [re.findall(r'class="polyglot-held" title="([^"]*)"', page) for page in (zh, en)]
    assert titles[1] == [
        *["log: TextIOWrapper"] * 2,
        *["values: ndarray · 2×3 · float32 · cpu", "shape: tuple · 2 items"],
        *["values: ndarray · 2×3 · float32 · cpu", "count: int 3"],
        "values: ndarray · 4×1×5 · float64 · cpu",
        "label: str &quot;cat&quot;",
        "label: str &quot;cat&quot;",
        "values: ndarray · 4×1×5 · float64 · cpu",
    ]
    assert titles[0] == [title.replace("2 items", "2 项") for title in titles[1]]


def test_the_name_of_an_attribute_or_of_an_argument_holds_nothing(built):
    page = built.page("en/lessons/40_names.html")
    assert '<span class="o">.</span><span class="n">shape</span>' in page
    assert re.search(r'\(</span><span class="n">count</span><span class="o">=', page)


@pytest.mark.proof
def test_it_can_be_switched_off_and_then_the_lesson_runs_again(built):
    built.edit("conf.py", "nitpicky = True\n", "nitpicky = True\npolyglot_show_names = False\n")
    assert built.built() == ["40_names"]
    assert "polyglot-held" not in built.page("en/lessons/40_names.html").replace("held.css", "")
    built.edit("conf.py", "polyglot_show_names = False\n", "")
    assert built.built() == ["40_names"]


@pytest.fixture
def address(built) -> str:
    return (built.root / "build/html/en/lessons/40_names.html").as_uri()


def test_pointing_at_a_name_shows_it(built, browser, address):
    with clean_page(browser) as page:
        page.goto(address)
        tip = page.get_by_role("tooltip")
        assert not tip.is_visible()
        page.locator(".polyglot-held", has_text="shape").hover()
        assert tip.inner_text() == "shape: tuple · 2 items"
        page.keyboard.press("Escape")
        assert not tip.is_visible()
        assert page.locator("#polyglot-tip").count() == 1


def test_each_block_is_one_stop_and_arrows_lead_on(built, browser, address):
    with clean_page(browser) as page:
        page.goto(address)
        blocks = page.locator("pre", has=page.locator(".polyglot-held"))
        assert page.locator(".polyglot-held[tabindex='0']").count() == blocks.count() == 2
        blocks.nth(1).locator(".polyglot-held").first.focus()
        tip = page.get_by_role("tooltip")
        assert tip.inner_text() == "values: ndarray · 4×1×5 · float64 · cpu"
        page.keyboard.press("ArrowRight")
        assert tip.inner_text() == 'label: str "cat"'
        focused, top = page.locator(":focus"), page.evaluate("scrollY")
        assert focused.get_attribute("aria-describedby") == "polyglot-tip"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert tip.inner_text() == "values: ndarray · 4×1×5 · float64 · cpu"
        for key, is_told in (("Escape", False), (" ", True), ("Enter", False), ("Enter", True)):
            page.keyboard.press(key)
            assert tip.is_visible() == is_told
            assert focused.get_attribute("role") == "button" and page.evaluate("scrollY") == top
        page.keyboard.press("Tab")
        assert not tip.is_visible()
        assert page.locator(".polyglot-held[role]").count() == 0


def test_tapping_shows_it_inside_the_screen(built, browser, address):
    with clean_page(browser, has_touch=True, viewport={"width": 320, "height": 600}) as page:
        page.goto(address)
        page.locator(".polyglot-held", has_text="values").last.tap()
        box = page.get_by_role("tooltip").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320
        page.get_by_text("Another cell.").tap()
        assert not page.get_by_role("tooltip").is_visible()


def test_without_scripts_the_browser_has_it_as_a_title(built, browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".polyglot-held").nth(3).get_attribute("title") == "shape: tuple · 2 items"
    context.close()
