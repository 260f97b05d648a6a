"""Lessons on paper: the text alone, and all of it."""

from __future__ import annotations

import pytest

from browsing import clean_page
from places import LESSONS

#: A4 without the margins, in CSS pixels.
PAPER = {"width": 680, "height": 1009}

#: What would stand over the text of each sheet.
OVER = """() => [...document.querySelectorAll("body *")]
    .filter(node => getComputedStyle(node).position === "fixed" && node.getClientRects().length)
    .map(node => node.outerHTML.slice(0, 90))"""
#: What is wider than the box that cuts it off.
CUT = """() => [...document.querySelectorAll("article *")]
    .filter(node => getComputedStyle(node).overflowX !== "visible" && !node.matches(".polyglot-math-text"))
    .filter(node => node.scrollWidth > node.clientWidth + 1)
    .map(node => node.outerHTML.slice(0, 90))"""


@pytest.mark.everyday(2)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_printed_whole_and_alone(browser, site, code, lesson):
    with clean_page(browser, viewport=PAPER) as page:
        page.goto(f"{site.as_uri()}/{code}/lessons/{lesson}.html")
        page.emulate_media(media="print")
        assert page.evaluate(OVER) == []
        assert page.evaluate(CUT) == []
        text, printed = page.evaluate("['article', 'body'].map(name => document.querySelector(name).innerText.trim())")
        assert printed == text
