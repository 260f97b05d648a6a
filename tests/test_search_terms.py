"""Whoever searches for a term, by any of its names, is led to it first."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from browsing import clean_page, served
from places import REPOSITORY
from sphinx_polyglot.check.terms import read_glossary

TERMS = read_glossary(REPOSITORY / "docs/glossary.toml", ["zh", "en"]).terms
ASKED = {
    "zh": ["损失函数", "卷积神经网络", "学习率", "过度拟合", "张量"],
    "en": ["loss function", "CNN", "learning rate", "overfit", "tensor"],
}
#: Found in several places of one page.
QUERIES = {"zh": "softmax", "en": "tensor"}


def first_hit(page, address: str, code: str, query: str) -> str:
    """The anchor, and page, of the first result."""
    page.goto(f"{address}/{code}/search.html?q={quote(query)}")
    link = page.locator("#search-results li a").first
    link.wait_for()
    return link.evaluate("link => link.pathname.split('/').pop() + link.hash")


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_other_names_lead_to_the_term(browser, site, code):
    with served(site) as address, clean_page(browser) as page:
        hits = [first_hit(page, address, code, query) for query in ASKED[code]]
    keys = ["loss", "convolutional-network", "learning-rate", "overfitting", "tensor"]
    assert hits == [f"glossary.html#term-{key}" for key in keys]


@pytest.mark.proof
@pytest.mark.parametrize("code", ["zh", "en"])
def test_each_term_is_found_first_by_each_of_its_names(browser, site, code):
    names = [(name, term.key) for term in TERMS for name in (*term.names[code], *term.also.get(code, []))]
    with served(site) as address, clean_page(browser) as page:
        missed = [
            (name, hit)
            for name, key in names
            if (hit := first_hit(page, address, code, name)) != f"glossary.html#term-{key}"
        ]
    assert len(missed) <= len(names) / 10, missed
    print(f"{code}: {len(missed)} of {len(names)} missed", missed)


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_no_place_is_offered_twice(browser, site, code):
    with served(site) as address, clean_page(browser) as page:
        first_hit(page, address, code, "CNN")
        page.wait_for_timeout(300)
        places = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.pathname + a.hash)")
    assert len(places) == len(set(places))


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_number_told_is_that_of_pages(browser, site, code):
    with served(site) as address, clean_page(browser) as page:
        page.goto(f"{address}/{code}/search.html?q={QUERIES[code]}")
        summary = page.locator(".search-summary", has_text=re.compile(r"\d"))
        summary.wait_for()
        page.wait_for_timeout(500)
        pages = page.locator("#search-results li a").evaluate_all("all => all.map(link => link.pathname)")
        assert len(pages) > len(set(pages)), "one page is offered with several places"
        assert re.findall(r"\d+", summary.inner_text()) == [str(len(set(pages)))]
