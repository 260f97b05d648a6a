"""Assertions are told from the code around them, whole, on the pages of lessons that ran."""

from __future__ import annotations

import re

import pytest

from browsing import clean_page
from tiny import Tiny

CODE = """
total = 1 + 1
assert total == 2, "(not closed"  # ((
assert max(
    total,
    1,
) == 2
if total:
    assert total \\
        > 1
print("assert total")
"""


@pytest.fixture
def built(tiny) -> Tiny:
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + CODE, "utf-8")
    assert tiny.built() == ["10_module", "20_data", "30_version"]
    return tiny


def test_each_assertion_is_marked_whole(built, browser):
    for code, said in (("zh", "构建本页时已经核对"), ("en", "Checked when this page was built")):
        with clean_page(browser) as page:
            page.goto(f"{(built.root / 'build/html').as_uri()}/{code}/lessons/10_module.html")
            marked = page.locator(".polyglot-checked")
            assert [text.strip() for text in marked.all_inner_texts()] == [
                'assert total == 2, "(not closed"  # ((',
                "assert max(\n    total,\n    1,\n) == 2",
                "assert total \\\n        > 1",
            ]
            assert marked.first.get_attribute("title") == said
            cell = page.locator("pre").filter(has_text="total = 1 + 1")
            assert cell.inner_text().strip().endswith(CODE.strip())  # nothing that a reader copies is added


def test_what_was_not_run_was_not_checked(built):
    assert built.run("docs", "build/html", "--preview").returncode == 0
    assert "polyglot-checked" in built.page("en/lessons/10_module.html")  # it ran before
    built.edit("gallery/10_module.py", "total = 1 + 1", "total = 3 - 1")
    assert built.run("docs", "build/html", "--preview").returncode == 0
    assert not re.search('class="polyglot-checked"', built.page("en/lessons/10_module.html"))


def test_a_build_of_one_lesson_leaves_the_pages_of_others_as_a_full_one_does(built):
    built.edit("gallery/10_module.py", "# 正文。", "# 正文改了。")
    built.edit("gallery/10_module.py", "# Text.", "# Other text.")
    assert built.run("docs", "build/html", "--lesson", "20_data").returncode == 0
    page = built.page("en/lessons/10_module.html")
    assert "Other text." in page and page.count('class="polyglot-checked"') == 3


def test_a_finger_is_told_what_the_mark_means(built, browser):
    with clean_page(browser, has_touch=True, viewport={"width": 390, "height": 700}) as page:
        page.goto(f"{(built.root / 'build/html').as_uri()}/en/lessons/10_module.html")
        page.locator(".polyglot-checked .k").first.tap()
        assert page.get_by_role("tooltip").inner_text() == "Checked when this page was built"
        page.locator("h1").first.tap()
        assert not page.get_by_role("tooltip").is_visible()
