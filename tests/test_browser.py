"""The site in a real browser, from a server and from the disk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import clean_page, served
from places import LESSONS

READ = [f"lessons/{name}" for name in LESSONS]
PAGES = ["index", "lessons/index", *READ, "glossary", "cheatsheet", "about", "contributing", "polyglot", "search"]
PHONE = {"width": 360, "height": 740}


@pytest.mark.everyday(12)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_and_fits_a_phone(browser, address, code, name):
    with clean_page(browser, viewport=PHONE) as page:
        page.goto(f"{address}/{code}/{name}.html")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize(("locale", "code"), [("zh-TW", "zh"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_root_page_speaks_the_readers_language(browser, address, locale, code):
    with clean_page(browser, locale=locale) as page:
        page.goto(f"{address}/index.html")
        page.wait_for_url(f"**/{code}/index.html")


@pytest.mark.everyday(4)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize(
    ("words", "lesson"),
    [
        ("张量", "10_tensors"),
        ("广播", "10_tensors"),
        ("反向传播", "20_autograd"),
        ("data_ptr", "10_tensors"),
        ("broadcasting", "10_tensors"),
    ],
)
def test_search_finds_the_lesson(browser, address, code, words, lesson):
    if code == "en" and not words.isascii():
        pytest.skip("English pages hold no Chinese words to find")
    with clean_page(browser) as page:
        page.goto(f"{address}/{code}/index.html")
        page.locator("input[name=q]").fill(words)
        page.locator("input[name=q]").press("Enter")
        page.locator(f"#search-results a[href*='{lesson}']").first.wait_for(timeout=5000)


VIEWS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": {"viewport": PHONE}}
#: Each page in some view in `make test`, in every view and language in `make proof`.
SOME_VIEWS = [("zh", "light", PAGES[::2]), ("en", "dark", PAGES[1::2])]
ALL_VIEWS = [pytest.param(code, view, PAGES, marks=pytest.mark.proof) for code in ("zh", "en") for view in VIEWS]


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("code", "view", "names"), [*SOME_VIEWS, *ALL_VIEWS])
def test_pages_are_accessible(browser, site, code, view, names):
    with served(site) as address, clean_page(browser, **VIEWS[view]) as page:
        for name in names:
            page.goto(f"{address}/{code}/{name}.html")
            found = Axe().run(page).response["violations"]
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], name


def test_the_lines_of_chinese_stand_apart(browser, site):
    height = "parseFloat(getComputedStyle(document.querySelector('article p')).lineHeight) / 16"
    with clean_page(browser) as page:
        found = {}
        for code in ("zh", "en"):
            page.goto(f"{site.as_uri()}/{code}/about.html")
            found[code] = page.evaluate(height)
        assert found == {"zh": 1.75, "en": 1.5}


def test_the_icons_of_the_phones_header_do_not_touch(browser, site):
    with clean_page(browser, viewport=PHONE) as page:
        page.goto(f"{site.as_uri()}/zh/lessons/10_tensors.html")
        boxes = [box.bounding_box() for box in page.locator(".header-right :is(a, svg):visible").all()]
        gaps = [right["x"] - left["x"] - left["width"] for left, right in zip(boxes, boxes[1:], strict=False)]
        assert len(gaps) == 2 and min(gaps) >= 12, gaps


#: Code in open folds that is wider than the page.
WIDE = """() => [...document.querySelectorAll("article details[open] pre")].filter(
    block => block.scrollWidth > block.clientWidth)"""


def test_wide_code_is_scrolled_by_keyboard_once_it_is_unfolded(browser, address):
    with clean_page(browser, viewport=PHONE) as page:
        page.goto(f"{address}/en/lessons/95_solutions.html")
        assert not page.evaluate("document.querySelectorAll('article details:not([open]) pre[tabindex]').length")
        page.evaluate("document.querySelectorAll('article details').forEach(fold => fold.open = true)")
        page.wait_for_function(f"({WIDE})().length > 0 && ({WIDE})().every(block => block.tabIndex === 0)")
