"""The theme's menus open and close by keyboard, too, and the focus goes along."""

from __future__ import annotations

import pytest

from browsing import clean_page

FOCUSED = "document.activeElement.closest({!r}) !== null"
PLACE = """() => {
  const focused = document.activeElement, { left, right } = focused.getBoundingClientRect();
  return { name: focused.tagName, text: focused.textContent.trim(), left, right };
}"""


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("width", "icon", "drawer"),
    [
        (390, ".mobile-header .nav-overlay-icon .icon", ".sidebar-drawer"),
        (390, ".mobile-header .toc-overlay-icon .icon", ".toc-drawer"),
        (1280, ".toc-content-icon .icon", ".toc-drawer"),
    ],
)
@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_menu_opens_and_closes_by_keyboard(browser, site, width, icon, drawer, key):
    with clean_page(browser, viewport={"width": width, "height": 800}, locale="zh-CN") as page:
        page.goto(f"{site.as_uri()}/zh/lessons/20_autograd.html")
        button = page.locator(icon)
        assert "打开或关闭" in button.get_attribute("aria-label")
        button.focus()
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED.format(drawer))
        page.keyboard.press("Escape")
        assert page.evaluate(FOCUSED.format(icon))
        assert not page.locator("#__navigation, #__toc").evaluate_all("boxes => boxes.some(box => box.checked)")


@pytest.mark.everyday(1)
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_key_leads_to_what_is_off_the_screen(browser, site, width):
    with clean_page(browser, viewport={"width": width, "height": 800}) as page:
        page.goto(f"{site.as_uri()}/en/about.html")
        places = []
        while not places or places[-1]["name"] != "BODY":
            page.keyboard.press("Shift+Tab")
            places.append(page.evaluate(PLACE))
        assert 10 < len(places) < 200
        assert [place["text"] for place in places if place["right"] <= 0 or place["left"] >= width] == []


def test_the_first_link_leads_past_all_that_is_no_text(browser, site):
    with clean_page(browser) as page:
        page.goto(f"{site.as_uri()}/en/lessons/20_autograd.html")
        for key in ("Tab", "Enter", "Tab"):
            page.keyboard.press(key)
        assert page.evaluate(FOCUSED.format("article"))
        assert not page.evaluate(FOCUSED.format(".polyglot-series, .polyglot-downloads, [data-polyglot-together]"))
