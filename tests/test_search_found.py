"""Of queries made from headings, glossary and identifiers, the search finds the pages that have them, and no others."""

from __future__ import annotations

import gzip
import json
import random
import re
from functools import cache
from pathlib import Path

import pytest
import snowballstemmer

from browsing import clean_page, served

STEM = snowballstemmer.stemmer("porter").stemWord
HAN = re.compile("[\u4e00-\u9fff]{2,4}")
IDENTIFIER = re.compile(r"[A-Za-z_]+\.[A-Za-z_]{2,}|[a-z]+_[a-z_]+[a-z]|[A-Z][a-z]+[A-Z]\w+")
WORD = re.compile(r"[a-z0-9]+")
#: Kilobytes, compressed, of the index and of the texts.
LIMITS = {"searchindex.js": 250, "searchtexts.js": 200}
FIND = """query => polyglotHits(query).items.map(item => item.querySelector("a").pathname)"""


def texts(site: Path, code: str) -> dict[str, str]:
    """What each page says, with its title; by its address."""
    script = (site / code / "searchtexts.js").read_text("utf-8")
    pages = json.loads(script.removeprefix("window.polyglotTexts=").removesuffix(";\n"))["pages"]
    known = index(site, code)
    titles = dict(zip(known["docnames"], known["titles"], strict=True))
    return {
        address: "\n".join([titles[address.removesuffix(".html")], *(text for _, text in sections)])
        for address, sections in pages.items()
    }


def index(site: Path, code: str) -> dict:
    script = (site / code / "searchindex.js").read_text("utf-8")
    return json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))


def queries(site: Path, code: str, stopwords: set[str]) -> list[str]:
    """A hundred and twenty: half from headings, the rest names of terms and identifiers."""
    known, drawn = index(site, code), random.Random(2026)
    headings = " ".join(known["alltitles"])
    words = HAN.findall(headings) if code == "zh" else re.findall(r"[a-z]{4,}", headings.lower())
    terms = [term for term in known["indexentries"] if bool(HAN.search(term)) == (code == "zh")]
    everything = "\n".join(texts(site, code).values())
    kinds = [(60, set(words) - stopwords), (30, set(terms)), (30, set(IDENTIFIER.findall(everything)))]
    return [query for number, kind in kinds for query in drawn.sample(sorted(kind), number)]


def holds(text: str, query: str, code: str, stopwords: set[str]) -> bool:
    """Whether a page has what was asked for: Chinese and identifiers as they stand, English by its stems."""
    if code == "zh" or IDENTIFIER.fullmatch(query):
        return query.lower() in text.lower()
    return all(stem in stems(text) for stem in stems(" ".join(set(WORD.findall(query.lower())) - stopwords)))


@cache
def stems(text: str) -> set[str]:
    """Of all its words; a page's are asked for with each query."""
    return set(map(STEM, set(WORD.findall(text.lower()))))


@pytest.mark.parametrize("code", ["zh", "en"])
def test_pages_are_found_by_what_they_say(browser, site, code):
    with served(site) as address, clean_page(browser) as page:
        page.goto(f"{address}/{code}/search.html?q=tensor")
        page.locator("#search-results li").first.wait_for()
        stopwords = set(page.evaluate("[...stopwords]"))
        pages = texts(site, code)
        right = missed = wrong = 0
        faults = []
        for query in queries(site, code, stopwords):
            truth = {name for name, text in pages.items() if holds(text, query, code, stopwords)}
            found = {path.removeprefix(f"/{code}/") for path in page.evaluate(FIND, query)}
            right, missed, wrong = right + len(found & truth), missed + len(truth - found), wrong + len(found - truth)
            if found != truth:
                faults.append((query, sorted(truth - found), sorted(found - truth)))
    assert right / (right + missed) >= 0.98, faults
    assert right / (right + wrong) >= 0.95, faults


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", LIMITS)
def test_what_the_search_loads_stays_small(site, code, name):
    assert len(gzip.compress((site / code / name).read_bytes())) < 1000 * LIMITS[name]
