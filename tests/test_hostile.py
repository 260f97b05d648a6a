"""Whatever an address or a query holds, nothing of it runs, and the page still works."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest

from browsing import clean_page, served

RUN = ["<script>ran()</script>", "<img src=x onerror=ran()>", '"><svg onload=ran()>', "javascript:ran()", "{{ran()}}"]
ODD = ["%", "%zz", "%E4%B8", "\x00", "\ud83d\ude00", "‮ gnihton", "'" * 9, "\\", "../" * 9, "a" * 10_000, "卷" * 3_000]
GRAMMAR = [r"(", "[", "*", "(?:(a+)+)+$", "__proto__", "constructor", "hasOwnProperty", "toString", "-", "0x00", "﷽"]
#: Where an address says something that our scripts read.
PLACES = ["?q={}", "?highlight={}", "?highlight={}&highlight=loss", "?place={}", "?place={}&anchor={}", "#{}", "?{}"]
PAGES = ["search", "lessons/10_tensors", "glossary"]
WATCH = "window.ran = () => { window.hasRun = true; }"


def hostile(count: int) -> list[str]:
    """Parts of addresses: each text alone, then mixtures drawn with a fixed seed; some escaped, some raw."""
    drawn, texts = random.Random(16), RUN + ODD + GRAMMAR
    mixed = [" ".join(drawn.sample(texts, drawn.randint(2, 3))) for _ in range(count - len(texts))]
    escaped = [text if text.startswith("%") else quote(text.encode("utf-8", "replace")) for text in texts + mixed]
    return [place.replace("{}", text) for place, text in zip(PLACES * count, escaped, strict=False)]


@pytest.mark.everyday(1)
@pytest.mark.parametrize("part", range(10))
def test_nothing_in_an_address_runs(browser, site, part):
    with served(site) as address, clean_page(browser) as page:
        page.add_init_script(WATCH)
        for number, ending in enumerate(hostile(200)[part::10]):
            name = PAGES[number % len(PAGES)]
            page.goto(f"{address}/en/{name}.html{ending}"[:12_000])
            page.wait_for_load_state("load")
            assert not page.evaluate("window.hasRun"), ending
            assert page.locator("h1, #search-results").count(), ending


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_nothing_in_a_query_runs(browser, site, code):
    """Typed into the box: hits come or none do, and the box goes on to work."""
    with served(site) as address, clean_page(browser) as page:
        page.add_init_script(WATCH)
        page.goto(f"{address}/{code}/lessons/10_tensors.html")
        box = page.locator("input[name=q]").first
        for text in RUN + ODD + GRAMMAR:
            box.fill(text[:500].replace("\x00", ""))
            page.wait_for_timeout(30)
            assert not page.evaluate("window.hasRun"), text
        box.fill("softmax")
        page.locator(".polyglot-typing li a").first.wait_for()


def test_the_switch_carries_nothing_that_runs(browser, site):
    with served(site) as address, clean_page(browser) as page:
        page.add_init_script(WATCH)
        for text in RUN:
            page.goto(f"{address}/en/lessons/10_tensors.html?q={quote(text)}#{quote(text)}")
            page.locator(".polyglot-switch a:visible").click()
            page.wait_for_url("**/zh/**")
            assert not page.evaluate("window.hasRun"), text
