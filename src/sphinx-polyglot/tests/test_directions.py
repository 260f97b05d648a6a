"""Pages that are written from right to left, in every theme, as a browser lays them out."""

from __future__ import annotations

import pytest

from browsing import clean_page
from partly import partly_translated
from sphinx_polyglot.languages import direction
from test_themes import OWN_WORDS, THEMES

#: The middle of an element, as a share of the page's width.
MIDDLE = "node => { const {left, right} = node.getBoundingClientRect(); return (left + right) / 2 / innerWidth }"
#: What stands beside the text in each theme, and what leads to the page before.
SIDES = {
    "alabaster": (".sphinxsidebar", ""),
    "furo": (".sidebar-container", ".prev-page"),
    "pydata_sphinx_theme": (".bd-sidebar-primary", ".left-prev"),
    "sphinx_book_theme": (".bd-sidebar-primary", ".left-prev"),
    "sphinx_rtd_theme": (".wy-nav-side", "a[rel=prev]"),
}


@pytest.mark.parametrize(("name", "way"), [("ar", "rtl"), ("he", "rtl"), ("fa", "rtl"), ("zh_TW", "ltr")])
def test_a_language_knows_where_its_lines_begin(name, way):
    assert direction(name) == way


@pytest.mark.everyday(1)
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_is_mirrored_and_its_code_is_not(tmp_path, browser, theme):
    course = partly_translated(tmp_path)
    course.edit("conf.py", '"furo"', f'"{theme}"')
    course.built()
    beside, before = SIDES[theme]
    for code, way in (("ar", "rtl"), ("fr", "ltr")):
        address = (tmp_path / f"build/html/{code}/lessons/20_data.html").as_uri()
        with clean_page(browser, OWN_WORDS, viewport={"width": 1280, "height": 900}) as page:
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            for place in filter(None, (beside, before)):
                assert (page.locator(place).first.evaluate(MIDDLE) > 0.5) == (way == "rtl"), place
            style = "node => getComputedStyle(node).direction"
            assert page.locator("html").evaluate(style) == way
            for block in ("pre", "code", ".polyglot-copy"):
                assert {found.evaluate(style) for found in page.locator(block).all()} == {"ltr"}
            assert page.get_by_text("Enword answer").evaluate(style) == "ltr"
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.proof
def test_the_drawers_of_furo_come_from_their_side(tmp_path, browser):
    course = partly_translated(tmp_path)
    course.built()
    page_of = {code: (tmp_path / f"build/html/{code}/lessons/20_data.html").as_uri() for code in ("ar", "fr")}
    with clean_page(browser, viewport={"width": 390, "height": 800}) as page:
        for code, menu in (("ar", "right"), ("fr", "left")):
            page.goto(page_of[code])
            for name, drawer in (("__navigation", ".sidebar-drawer"), ("__toc", ".toc-drawer")):
                side = menu if name == "__navigation" else {"right": "left", "left": "right"}[menu]
                box = f"node => node.getBoundingClientRect().{side}"
                edge = 390 if side == "right" else 0
                away = page.locator(drawer).evaluate(box)
                assert away > 390 if side == "right" else away < 0
                page.evaluate(f"document.getElementById('{name}').checked = true")
                page.wait_for_function(
                    f"Math.abs(document.querySelector('{drawer}').getBoundingClientRect().{side} - {edge}) < 1"
                )
                page.evaluate(f"document.getElementById('{name}').checked = false")


@pytest.mark.proof
def test_the_hits_below_the_search_box_begin_where_it_does(tmp_path, browser):
    course = partly_translated(tmp_path)
    course.built()
    edges = "node => { const {left, right} = node.getBoundingClientRect(); return {left, right} }"
    with clean_page(browser, viewport={"width": 1280, "height": 900}) as page:
        for code, side in (("ar", "right"), ("fr", "left")):
            page.goto((tmp_path / f"build/html/{code}/lessons/20_data.html").as_uri())
            page.locator(".sidebar-search").fill("Enword")
            page.wait_for_selector(".polyglot-typing li")
            box, hits = (page.locator(name).first.evaluate(edges) for name in ("form", ".polyglot-typing"))
            assert abs(box[side] - hits[side]) < 10
