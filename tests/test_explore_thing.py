"""What all things to play with have in common, in a browser."""

from __future__ import annotations

import pytest
import torch

from exploring import played
from torchhour.explore import descend, forward_backward, slide


def graph():
    w = torch.tensor(2.0, requires_grad=True)
    return forward_backward(w * 3, w=w)


MADE = {
    "descend": lambda: descend(lambda x: x**2, start=1.0, rates=(0.1,)),
    "slide": lambda: slide(torch.ones(2, 2), torch.eye(4)),
    "forward_backward": graph,
}


@pytest.mark.parametrize(("make", "moved"), list(zip(MADE.values(), ["step", "right", "step"], strict=True)), ids=MADE)
def test_what_is_printed_is_the_figure_that_needs_no_script(browser, tmp_path, make, moved):
    made = make()
    with played(browser, made, tmp_path) as thing:
        drawn = "node => node.querySelector(':scope > svg').outerHTML"
        whole = thing.evaluate("(_, text) => { const it = document.createElement('div'); it.innerHTML = text; "
                               "return it.firstElementChild.outerHTML; }", made.figure)  # fmt: skip
        thing.locator(f"[data-does={moved}]").click()
        live = thing.evaluate(drawn)
        assert live != whole
        thing.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert thing.evaluate(drawn) == whole
        thing.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert thing.evaluate(drawn) == live
        thing.locator(f"[data-does={moved}]").click()
        assert thing.evaluate(drawn) != live


ABOVE = '<a href="#">a link</a><div style="height: 5000px"></div>'


@pytest.mark.parametrize("near", ["by scrolling", "by Tab"])
def test_it_starts_once_a_reader_is_near_and_moves_nothing_by_that(browser, tmp_path, near):
    with played(browser, slide(torch.ones(2, 2), torch.eye(4)), tmp_path, above=ABOVE) as thing:
        page, picture = thing.page, thing.locator(".picture")
        before = page.evaluate("document.documentElement.scrollHeight")
        page.wait_for_timeout(300)  # in which a script that starts at once would have
        assert picture.get_attribute("tabindex") is None
        if near == "by scrolling":
            page.mouse.wheel(0, 4000)
            thing.locator(".picture[tabindex]").wait_for()
        else:
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            assert picture.evaluate("node => node === document.activeElement")
        assert page.evaluate("document.documentElement.scrollHeight") == before


@pytest.mark.parametrize("make", list(MADE.values()), ids=MADE)
def test_on_a_phone_it_is_as_tall_before_it_starts(browser, tmp_path, make):
    with played(browser, make(), tmp_path, above=ABOVE, viewport={"width": 320, "height": 600}) as thing:
        height = thing.bounding_box()["height"]
        thing.page.keyboard.press("Shift")
        assert thing.locator("output").first.inner_text()  # it has started
        assert thing.bounding_box()["height"] == height


def test_it_says_nothing_when_it_starts(browser, tmp_path):
    """A first key would have all of a page's things speak at once."""
    log = """node => node.querySelectorAll("output, [role=status]").forEach(part => new MutationObserver(() => {
      (window.said ??= []).push(part.closest("[aria-live]")?.ariaLive ?? "polite");
    }).observe(part, { childList: true }))"""
    with played(browser, MADE["descend"](), tmp_path, above=ABOVE) as thing:
        thing.evaluate(log)
        thing.page.keyboard.press("Shift")
        assert set(thing.page.evaluate("window.said")) == {"off"}
        thing.page.wait_for_timeout(400)
        thing.locator("[data-does=step]").click()
        assert thing.page.evaluate("window.said.at(-1)") == "polite"
