"""Figures are drawings of the page: in its colours, in its words, drawn once for all languages; each has a caption."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest

from browsing import clean_page
from sphinx_polyglot.gallery.drawings import HEAVY, INK, PAPER, STYLE, drawn
from tiny import Tiny, tiny_course

LESSON = '''\
"""
%% zh
画图
====

%% en
Drawing
=======
"""
import os

import matplotlib.pyplot as plt

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("40_figures\\n")

figure, axes = plt.subplots(1, 2, figsize=(5, 2.5), layout="constrained")
axes[0].plot([3, 1, 2], label="loss")
axes[0].plot([1, 1, 1], color="#aa1122", label="guess")
axes[0].legend()
axes[0].set(xlabel="step", title="$x^2$")
axes[1].imshow([[0, 1], [2, 3]])
axes[1].set_title("cat\\nrelu", family="monospace")
plt.show()

# %% zh
# .. caption:: 损失先降后升。
#
# 再来两张。
#
# %% en
# .. caption:: The loss falls, then rises.
#
# And two more.

for height in (1, 2):
    plt.figure(figsize=(2, 1))
    plt.axhline(height)

# %% zh
# .. caption:: 一条低的横线。
# .. caption:: 一条高的横线。
#    :hidden:
#
# 完。
#
# %% en
# .. caption:: A low line.
# .. caption:: A high line.
#    :hidden:
#
# The end.
'''
GLOSSARY = '[loss]\nzh = ["损失"]\nen = ["loss"]\ncompared = false\n'
WORDS = '[step]\nzh = "步"\n\n[guess]\nzh = "猜"\n'


def course_with_figures(root) -> Tiny:
    """The tiny course, and a lesson that draws."""
    course = tiny_course(root)
    for name in ("10_module", "20_data", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    course.write("gallery/40_figures.py", LESSON)
    course.write("docs/glossary.toml", GLOSSARY)
    course.write("docs/figures.toml", WORDS)
    more = 'polyglot_glossary = "docs/glossary.toml"\npolyglot_figure_words = "docs/figures.toml"\n'
    course.edit("conf.py", 'html_theme = "furo"\n', f'html_theme = "furo"\n{more}')
    return course


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """Built once, and not changed."""
    course = course_with_figures(tmp_path_factory.mktemp("figures"))
    assert course.built() == ["40_figures"]
    return course


def drawings(page: str) -> list[str]:
    return re.findall(r'<svg class="polyglot-drawing".*?</svg>', page, re.DOTALL)


@pytest.mark.parametrize(
    ("code", "words", "captions"),
    [
        ("zh", ["损失", "猜", "步"], ["损失先降后升。", "一条低的横线。"]),
        ("en", ["loss", "guess", "step"], ["The loss falls, then rises.", "A low line."]),
    ],
)
def test_a_drawing_speaks_the_language_of_its_page(built, code, words, captions):
    page = built.page(f"{code}/lessons/40_figures.html")
    first, second, third = drawings(page)
    texts = re.findall(r"<text[^>]*>([^<\s][^<]*)<", first)
    assert set(words) <= set(texts) and {"cat", "relu"} <= set(texts)
    assert not {"loss", "guess", "step", "损失", "猜", "步"} & {*texts} - {*words}
    shown = re.findall(r'<figcaption id="caption-\d">(.*?)</figcaption>', page, re.DOTALL)
    assert shown == captions
    assert 'aria-labelledby="caption-1"' in first and 'aria-labelledby="caption-2"' in second
    assert f'aria-label="{"一条高的横线。" if code == "zh" else "A high line."}"' in third


def test_the_pages_colours_stand_for_ink_and_paper_and_the_authors_stay(built):
    page = built.page("en/lessons/40_figures.html")
    assert INK not in page and PAPER not in page
    assert "currentColor" in drawings(page)[0] and "#aa1122" in drawings(page)[0]
    with_names = [re.findall(r'\bid="([^"]+)"', svg) for svg in drawings(page)]
    assert all(name.startswith(f"40_figures_00{n}-") for n, names in enumerate(with_names, 1) for name in names)
    for svg in drawings(page):
        known = set(re.findall(r'\bid="([^"]+)"', svg))
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg)) <= known


def test_a_drawing_follows_the_theme_and_is_wide_enough_for_nothing_else(built, browser):
    address = (built.root / "build/html/zh/lessons/40_figures.html").as_uri()
    inks = {}
    for theme in ("light", "dark"):
        with clean_page(browser, color_scheme=theme, viewport={"width": 390, "height": 800}) as page:
            page.goto(address)
            text = page.locator(".polyglot-drawing text", has_text="损失").first
            inks[theme] = text.evaluate("node => getComputedStyle(node).fill")
            assert inks[theme] == page.locator("article p").first.evaluate("node => getComputedStyle(node).color")
            paper = page.locator(".polyglot-drawing path").first.evaluate("node => getComputedStyle(node).fill")
            assert paper == page.evaluate("getComputedStyle(document.body).backgroundColor")
            pixels = page.locator(".polyglot-drawing image").first
            assert pixels.evaluate("node => getComputedStyle(node).imageRendering") == "pixelated"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inks["light"] != inks["dark"]


def test_words_captions_and_translations_run_nothing(tmp_path):
    course = course_with_figures(tmp_path)
    course.built()
    course.edit("docs/figures.toml", "猜", "瞎猜")
    course.edit("gallery/40_figures.py", "A low line.", "A line near the ground.")
    course.edit("docs/glossary.toml", "损失", "损失值")
    assert course.built() == []
    zh, en = (course.page(f"{code}/lessons/40_figures.html") for code in ("zh", "en"))
    assert "瞎猜" in zh and ">损失值<" in zh and "A line near the ground." in en


@pytest.mark.parametrize(
    ("old", "new", "begin", "message"),
    [
        (
            "# .. caption:: A low line.\n",
            "",
            "for height in (1, 2):",
            "the figure of this cell has no caption; say what it shows",
        ),
        (
            "# And two more.\n",
            "# And two more.\n#\n# .. caption:: There is none.\n",
            "# .. caption:: 这里没有图。",
            "this caption has no figure above it",
        ),
        ("The loss falls, then rises.", "It.", "# .. caption:: It.", "'It.' says too little of the figure"),
        (
            'xlabel="step"',
            'xlabel="time"',
            "import os",
            "'time' stands in this cell's figure, and nothing says what it is called in zh",
        ),
        ('title="$x^2$"', 'title="$x^2$ of all"', "import os", "'of' stands in this cell's figure"),
    ],
)
@pytest.mark.everyday(1)
def test_what_a_figure_lacks_is_told_with_its_place(tmp_path, old, new, begin, message):
    course = course_with_figures(tmp_path)
    course.edit("gallery/40_figures.py", old, new)
    if "caption" in old:
        course.edit("gallery/40_figures.py", "# .. caption:: 一条低的横线。\n", "")
    elif "caption" in new:
        course.edit("gallery/40_figures.py", "# 再来两张。\n", "# 再来两张。\n#\n# .. caption:: 这里没有图。\n")
    done = course.build()
    assert done.returncode == 1
    lines = (course.root / "gallery/40_figures.py").read_text("utf-8").split("\n")
    told = re.findall(r"40_figures\.py:(\d+): WARNING: (.*)", done.stderr)
    assert any(lines[int(number) - 1] == begin and words.startswith(message) for number, words in told), done.stderr


def test_the_notebook_has_the_drawing_in_its_language(built):
    notebook = nbformat.read(built.root / "build/html/zh/lessons/40_figures.ipynb", 4)
    shown = [output.data["text/html"] for cell in notebook.cells[1:] for output in cell.get("outputs", [])]
    images = [re.fullmatch(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">', html) for html in shown]
    assert [image[1] for image in images] == ["损失先降后升。", "一条低的横线。", "一条高的横线。"]
    svg = base64.b64decode(images[0][2]).decode()
    ElementTree.fromstring(svg)  # as a file, it has to be XML
    assert "损失" in svg and INK not in svg and "var(" not in svg
    assert "*损失先降后升。*\n\n再来两张。" in [cell.source for cell in notebook.cells]


def test_lines_of_a_centred_text_stay_centred():
    plt = pytest.importorskip("matplotlib.pyplot", reason="without Matplotlib there is nothing to draw")
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots()
        axes.set_title("automobile\nbird")
        axes.text(0, 0, "left\naligned")
        svg = drawn(figure)
    plt.close(figure)
    titles = re.findall(r'text-anchor: middle[^>]*x="([\d.]+)"[^>]*>(automobile|bird)<', svg)
    assert [name for _, name in titles] == ["automobile", "bird"] and len({x for x, _ in titles}) == 1
    assert re.search(r'transform="translate[^>]*>left<', svg)


@pytest.mark.proof
def test_of_what_would_be_heavy_only_the_words_are_drawn():
    plt = pytest.importorskip("matplotlib.pyplot", reason="without Matplotlib there is nothing to draw")
    import numpy

    with plt.rc_context(STYLE):
        figure, axes = plt.subplots()
        axes.scatter(*numpy.random.default_rng(0).random((2, 40_000)), s=1)
        axes.set_title("many")
        points = 40_000 * len('<use xlink:href="#m" x="1" y="1"/>')
        svg = drawn(figure)
    plt.close(figure)
    assert points > HEAVY and len(svg) < points and "<image" in svg
    assert ">many<" in svg


def borrowing(course: Tiny, name: str = "walk") -> Tiny:
    """The home page shows the lesson's first figure once more."""
    for caption in ("损失先降后升。", "The loss falls, then rises."):
        course.edit("gallery/40_figures.py", f"{caption}\n", f"{caption}\n#    :name: walk\n")
    course.edit("docs/index.rst", "%% end\n", f"%% end\n\n.. borrowed:: lessons/40_figures {name}\n")
    return course


def test_another_page_borrows_a_figure_and_follows_it(tmp_path):
    course = borrowing(course_with_figures(tmp_path))
    course.built()
    zh = course.page("zh/index.html")
    assert len(drawings(zh)) == 1 and ">损失</text>" in zh
    assert '<figcaption id="borrowed-1">损失先降后升。</figcaption>' in zh
    assert 'aria-labelledby="borrowed-1"' in drawings(zh)[0]
    course.edit("docs/figures.toml", "猜", "瞎猜")
    assert course.built() == []
    assert "瞎猜" in course.page("zh/index.html")
    course.edit("gallery/40_figures.py", 'color="#aa1122"', 'color="#bb1122"')
    assert course.built() == ["40_figures"]
    assert "#bb1122" in course.page("en/index.html")


def test_what_cannot_be_borrowed_is_told(tmp_path):
    course = borrowing(course_with_figures(tmp_path), "run")
    done = course.build()
    assert done.returncode == 1
    told = 'docs/index.rst:9: WARNING: lessons/40_figures has no figure whose caption has ":name: run"'
    assert told in done.stderr, done.stderr
