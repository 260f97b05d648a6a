"""What all things to play with have in common, in a browser."""

from __future__ import annotations

import pytest
import torch

from exploring import played
from torchhour.explore import descend, forward_backward, slide


def graph():
    w = torch.tensor(2.0, requires_grad=True)
    return forward_backward(w * 3, w=w)


@pytest.mark.parametrize(
    ("make", "moved"),
    [
        (lambda: descend(lambda x: x**2, start=1.0, rates=(0.1,)), "step"),
        (lambda: slide(torch.ones(2, 2), torch.eye(4)), "right"),
        (graph, "step"),
    ],
    ids=["descend", "slide", "forward_backward"],
)
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
