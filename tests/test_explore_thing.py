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
