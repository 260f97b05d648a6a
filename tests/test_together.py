"""Both languages together, over the whole course: nothing is missed, nothing is cut, all can be read aloud."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import clean_page, served
from places import PAGES

PHONE = {"width": 390, "height": 844}
BELOW = "article .polyglot-together"
#: Paragraphs of the page's own, and those of them that have nothing below.
ALONE = """() => {
    const own = [...document.querySelectorAll("article [role=main] p, article section p")].filter(
        block => !block.closest("[data-thing], .polyglot-downloads, .polyglot-both, .polyglot-together"));
    const alone = own.filter(block => !block.nextElementSibling?.matches(".polyglot-together"));
    return [own.length, alone.map(block => block.textContent)];
}"""


@pytest.mark.everyday(3)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_each_paragraph_has_its_counterpart(browser, site, code, name, scheme):
    with served(site) as address, clean_page(browser, viewport=PHONE, color_scheme=scheme) as page:
        page.goto(f"{address}/{code}/{name}.html")
        page.locator("[data-polyglot-together]").click()
        page.locator(BELOW).first.wait_for(state="attached")
        count, alone = page.evaluate(ALONE)
        assert count and alone == []
        captions = page.locator("article figcaption:not(.polyglot-together *)")
        assert captions.count() == page.locator("article figcaption > .polyglot-together").count()
        other = {"zh": "en", "en": "zh-CN"}[code]
        assert page.locator(BELOW).evaluate_all("(all, lang) => all.every(one => one.lang === lang)", other)
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
