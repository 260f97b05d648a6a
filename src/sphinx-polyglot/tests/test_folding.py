"""Deeper parts and hints are folded without a script, open where a link or a search leads, and lose nothing."""

from __future__ import annotations

import json

import pytest

from browsing import AT_REST, clean_page
from tiny import Tiny, tiny_course

MORE = """
# %% zh
# .. _module-deep:
#
# 更深一层
# --------
#
# .. deeper::
#
# 折叠的正文。
#
# .. _module-deepest:
#
# 再深一层
# ~~~~~~~~
#
# 最里面的话。
#
# %% en
# .. _module-deep:
#
# One layer down
# --------------
#
# .. deeper::
#
# Folded text.
#
# .. _module-deepest:
#
# Two layers down
# ~~~~~~~~~~~~~~~
#
# The innermost words.

print("from the depth", value)

# %% zh
# .. _module-try:
#
# 试一试
# ------
#
# .. folded:: **提示** ``x``
#
#    先把 ``value`` 加一。
#
# %% en
# .. _module-try:
#
# Try it
# ------
#
# .. folded:: **A hint** ``x``
#
#    First add one to ``value``.
"""


#: What comes after it, so that the page can scroll.
PARAGRAPH = "\n# %% zh\n# 第 {0} 段。\n#\n# %% en\n# Paragraph {0}.\n\nvalue = {0}\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    tiny = tiny_course(tmp_path_factory.mktemp("folded"))
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + MORE + "".join(map(PARAGRAPH.format, range(40))), "utf-8")
    done = tiny.build()
    assert done.returncode == 0, done.stdout + done.stderr
    return tiny


@pytest.mark.parametrize(
    ("code", "summary"), [("zh", "深入内容，1 分钟：点开阅读"), ("en", "Deeper, 1 min: open to read")]
)
def test_a_part_is_folded_below_its_heading(built, browser, code, summary):
    with clean_page(browser, java_script_enabled=False) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/{code}/lessons/10_module.html")
        fold = page.locator("#module-deep > details")
        assert fold.locator("> summary").inner_text() == summary
        assert page.locator("#module-deep > h2").is_visible()
        depth = page.locator(".sphx-glr-script-out").get_by_text("from the depth")
        assert not depth.is_visible()
        fold.locator("> summary").click()  # no script is needed
        assert depth.is_visible() and page.locator("#module-deepest > h3").is_visible()


@pytest.mark.proof
def test_a_part_may_have_words_of_its_own(tiny, browser):
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + MORE, "utf-8")
    tiny.edit("gallery/10_module.py", "# .. deeper::\n#\n# 折叠", "# .. deeper:: 看答案\n#\n# 折叠")
    tiny.edit("gallery/10_module.py", "# .. deeper::\n#\n# Folded", "# .. deeper:: The solution\n#\n# Folded")
    tiny.built()
    with clean_page(browser) as page:
        for code, words in (("zh", "看答案"), ("en", "The solution")):
            page.goto(f"{(tiny.root / 'build/html').as_uri()}/{code}/lessons/10_module.html")
            assert page.locator("#module-deep > details > summary").inner_text() == words


def test_a_hint_is_folded(built, browser):
    with clean_page(browser) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html")
        hint = page.locator("#module-try details")
        assert hint.locator("summary strong").inner_text() == "A hint"
        assert not page.get_by_text("First add one").is_visible()
        hint.locator("summary").focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("First add one").is_visible()


@pytest.mark.parametrize("address", ["#module-deepest", "#module-deep", "?highlight=innermost"])
def test_links_and_searches_open_what_they_lead_into(built, browser, address):
    with clean_page(browser) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html{address}")
        assert page.get_by_text("The innermost words").is_visible()
        assert not page.get_by_text("First add one").is_visible()


def test_a_search_for_a_section_opens_no_other(built, browser):
    """Its words may stand all over the page."""
    with clean_page(browser) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html?highlight=first#module-try")
        page.locator("#module-try .highlighted").first.wait_for(state="attached")
        assert page.get_by_text("First add one").is_visible()
        assert not page.locator("#module-deep > details").evaluate("fold => fold.open")


def test_a_search_gives_no_answer_away_where_its_words_are_to_be_seen(built, browser):
    with clean_page(browser) as page:
        page.goto(
            f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html?highlight=add&highlight=try#module-try"
        )
        page.locator("#module-try .highlighted").first.wait_for(state="attached")
        assert not page.locator("#module-try details").first.evaluate("fold => fold.open")


def test_a_link_to_a_heading_gives_no_answer_away(built, browser):
    with clean_page(browser) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html#module-try")
        assert not page.locator("#module-try details").first.evaluate("fold => fold.open")


def test_print_opens_all_and_leaves_it_as_it_was(built, browser):
    with clean_page(browser) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.get_by_text("The innermost words").is_visible() and page.get_by_text("First add one").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not page.get_by_text("The innermost words").is_visible()


def test_the_switch_keeps_the_place_within_a_fold(built, browser):
    with clean_page(browser, viewport={"width": 800, "height": 300}) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html#module-deepest")
        page.evaluate(AT_REST)  # the theme scrolls smoothly
        before = page.locator("#module-deepest > h3").bounding_box()["y"]
        page.locator(".polyglot-switch a").first.evaluate("link => link.click()")
        page.wait_for_url("**/zh/lessons/10_module.html*")
        page.evaluate(AT_REST)
        assert abs(page.locator("#module-deepest > h3").bounding_box()["y"] - before) < 40


def test_the_notebook_has_it_all(built):
    path = next((built.root / "build/html/en/lessons").glob("*10_module*.ipynb"))
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells)
    assert "## One layer down" in text and "### Two layers down" in text and "The innermost words." in text
    assert any("from the depth" in "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert "<details><summary>A hint x</summary>\n\nFirst add one to `value`.\n\n</details>" in text
    assert "Deeper: open" not in text


def test_the_search_knows_it(built):
    assert "innermost words" in built.page("en/searchtexts.js")


def test_folding_runs_nothing(built):
    built.edit("gallery/10_module.py", "# .. deeper::\n#\n# 折叠", "# 折叠")
    built.edit("gallery/10_module.py", "# .. deeper::\n#\n# Folded", "# Folded")
    assert built.built() == []
    assert "<details" not in built.page("en/lessons/10_module.html").split("module-try")[0].split("module-deep")[1]
    built.edit("gallery/10_module.py", "# 折叠", "# .. deeper::\n#\n# 折叠")
    built.edit("gallery/10_module.py", "# Folded", "# .. deeper::\n#\n# Folded")
    assert built.built() == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (
            [("# 最里面", "# .. deeper::\n#\n# 最里面"), ("# The inner", "# .. deeper::\n#\n# The inner")],
            "stands inside a deeper part, which is folded already; remove one of the two",
        ),
        (
            [
                ("# .. deeper::\n#\n# 折叠的正文。", "# 折叠的正文。\n#\n# .. deeper::"),
                ("# .. deeper::\n#\n# Folded text.", "# Folded text.\n#\n# .. deeper::"),
            ],
            "stands below other text; put it right below the heading",
        ),
        (
            [("本课讲", ".. deeper::\n\n本课讲"), ("About **", ".. deeper::\n\nAbout **")],
            "stands in no part of the page; put it right below a heading, not the first",
        ),
        (
            [("#    先把 ``value`` 加一。\n#\n", ""), ("#    First add one to ``value``.\n", "")],
            "Content block expected",
        ),
    ],
)
def test_what_cannot_be_folded_is_told(tiny, edits, message):
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + MORE, "utf-8")
    for old, new in edits:
        tiny.edit("gallery/10_module.py", old, new)
    done = tiny.build()
    assert done.returncode == 1
    assert "gallery/10_module.py:" in done.stderr and message in done.stderr, done.stderr


def test_an_address_with_a_broken_escape_breaks_nothing(built, browser):
    with clean_page(browser) as page:  # which fails at any error of a script
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html#%E0%A4%A")
        assert page.locator("#module-try details").count() == 1
