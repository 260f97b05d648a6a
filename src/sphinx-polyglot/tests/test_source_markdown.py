"""Markdown written as reStructuredText, against two authorities: what markdown-it and docutils show of them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from docutils.core import publish_string
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered
from sphinx_polyglot.source.markdown import restructured

MARKDOWN = MarkdownIt("commonmark").enable("table")
TAGS = ("em", "strong", "li", "ol", "ul", "td", "th", "blockquote", "pre", "img", "h2", "h3")
#: Each line of docutils has its own element.
SETTINGS = {"report_level": 2, "halt_level": 2, "smart_quotes": False, "syntax_highlight": "none"}
SETTINGS |= {"doctitle_xform": False, "initial_header_level": 2}
SAMPLES = [
    "Plain *emphasis*, **strong**, `code` and [a link](https://example.org/a_b).",
    "本课讲**平均数**和`mean`，见[文档](https://example.org/)。",
    "Two*words*joined**by**marks`and`code.",
    "**use `x` now**, *and **more** of it*, [`x`](https://example.org/) and ** none **",
    "*a\nb* and **c\nd**\ne",
    "Lines that stay:\\\n**one,\\\nt*wo*** and\nthree",
    "- one\n- two\n  - deep\n    more of it\n  - `deep`\n- three\n\n- loose\n\n  more of *it*",
    "3) three\n4) four\n\n   > within an item\n5)",
    "- - a\n  - b\n- ```python\n  x = 1\n  ```",
    "> A quotation\n>\n> - of two parts",
    "- a\n\n> A quotation below a list, which is none of it\n\n```c\nx\n```\n\n> and one more",
    "* other signs\n\n+ begin other lists",
    "| a | **b** |\n|---|---|\n| `x` | *y* 中 |\n|  | z |",
    '```python\nx = {\n    "a": 1,\n\n}\n```\n\n    indented\n\n      code',
    "![a picture](a.png)",
    "## Two *and* 三\n\nText\n\n### Three\n\nText",
    "<https://example.org/x_>, https://example.org/y.",
    "A <!-- remark\nof mine -->\n\n<!-- and one\n\nmore -->\n\nB",
    *("A. Turing", "(1) in brackets", "\\- no list", ":field: no field", "--option none", ".. no comment", "-a b"),
    *("\\>>> no prompt", "a\n^^^^^^\nb", "Ends as if code followed::", "\\+ no list", "| no line block", "::", "__ x"),
    "word_ and __init__ a|b|c |x| and `` ` `` and 2 * 3 and * alone and \\*stars\\* and snake_case_",
    "`a`_ and x__ and [1]_ and &lt;b&gt; and \\\\ backslash, `\\`, `a\\`b, :ref:`none`, `a`:b, `` `x ``, ``` a``b ```",
]


def shown(markdown: str) -> tuple[Tag, Tag]:
    """What docutils makes of our text, and what markdown-it makes of the author's."""
    faults: list[SourceError] = []
    lines = restructured(numbered(markdown), "a.md", faults)
    assert all("no emphasis" in fault.message for fault in faults), faults
    text = "\n".join(text for text, _ in lines)
    html = publish_string(text, writer="html5", settings_overrides=SETTINGS)
    return BeautifulSoup(html, "html.parser").find("main"), BeautifulSoup(MARKDOWN.render(markdown), "html.parser")


def words(html: Tag) -> str:
    return "".join(html.get_text().split())


@pytest.mark.parametrize("markdown", SAMPLES)
def test_each_block_shows_the_same(markdown: str):
    ours, theirs = shown(markdown)
    assert words(ours) == words(theirs)
    counts = [{tag: len(html.find_all(tag)) for tag in TAGS} for html in (ours, theirs)]
    if "**" not in markdown:  # of emphasis in emphasis, each part is one
        assert counts[0] == counts[1]
    for html in (ours, theirs):
        assert [link["href"] for link in html.find_all("a") if "http" in link["href"]] == [
            link["href"] for link in theirs.find_all("a")
        ] or "<https" in markdown


#: Three colons begin a directive of MyST, and a link without an address one of Sphinx: docutils alone knows neither.
ODD = st.text("ab 中。*_`|\\:.[(<>)-1\n", min_size=1, max_size=30).filter(lambda text: ":::" not in text)


@given(ODD)
@example("a*\\ *b")
@example("```")
def test_odd_characters_stay(text: str):
    try:
        ours, theirs = shown(f"Above\n\n{text}\n\nBelow")
    except AssertionError:
        return
    assert words(ours) == words(theirs)
