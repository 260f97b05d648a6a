"""What the pages say in words: no figure in them that another run, or another machine, would change."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

LANGUAGES = ["zh", "en"]
#: A share, a time or a ratio, in digits or as Chinese writes a share.
MEASURED = re.compile(
    r"百分之\S+|\d[\d.,]*\s*"
    r"(?:[%％‰]|per ?cent|倍|times\b|×(?!\s*\d)|[毫微纳]?秒|分钟|[mµn]?s\b|(?:milli|micro)?seconds?\b|minutes?\b)"
)
#: All that the pages may say of this kind, and why no run changes it.
FIXED = {
    **dict.fromkeys(["3 seconds", "2 秒", "3 秒", "10 秒"], "how fast one reads, as minutes are counted"),
    **dict.fromkeys(["4 times", "4 倍"], "a sum over 4 pictures, against their mean"),
    **dict.fromkeys(["94%", "2.59 seconds", "2.59 秒", "1.99 seconds", "1.99 秒"], "records, with their years"),
    **dict.fromkeys(["30 minutes", "30 分钟", "10 minutes", "10 分钟"], "how long gloo and nccl wait"),
    **dict.fromkeys(["1 ms", "0.05 ms", "1 毫秒", "0.05 毫秒"], "what an exercise supposes"),
}
#: What a run wrote, and what quotes or formats code.
OUTPUTS = (
    "pre, code, .sphx-glr-script-out, .sphx-glr-timing, .sphx-glr-thumbnails, .polyglot-facts, .polyglot-drawing, "
    ".polyglot-minutes, .polyglot-printed, .torchhour-thing, .polyglot-fold > summary, script, style"
)
#: Most of a page; to parse it takes long.
HEAVY = re.compile(r"<(svg|pre|script|style)\b.*?</\1>", re.DOTALL)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_quotes_what_a_run_could_change(site, code):
    found = {
        measured for page in sorted((site / code).rglob("*.html")) for measured in figures(page.read_text("utf-8"))
    }
    assert found and found <= FIXED.keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>It reaches 53.7% in 90 s, 1,200 seconds, 3 ms.</p>", {"53.7%", "90 s", "1,200 seconds", "3 ms"}),
        (
            "<p>正确率为 53.7％，用了 90 秒，快了 3 倍，达到百分之九十。</p>",
            {"53.7％", "90 秒", "3 倍", "百分之九十。"},
        ),
        ("<p>3 steps of 2 × 2, and <code>50%</code></p><pre>99 %</pre>", set()),
    ],
)
def test_figures_are_told_from_other_numbers(text, found):
    assert figures(text) == found


def figures(page: str) -> set[str]:
    soup = BeautifulSoup(HEAVY.sub(" … ", page), "html.parser")
    for output in soup.select(OUTPUTS):
        output.replace_with(" … ")
    text = (soup.select_one("[role=main]") or soup).get_text()
    return {" ".join(found[0].split()) for found in MEASURED.finditer(text)}
