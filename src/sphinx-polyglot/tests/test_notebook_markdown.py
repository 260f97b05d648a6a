"""The Markdown of notebooks, held against CommonMark."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sphinx_polyglot.notebooks.blocks import block, blocks
from sphinx_polyglot.notebooks.cells import Cell
from sphinx_polyglot.notebooks.context import Context
from sphinx_polyglot.notebooks.formats import script
from sphinx_polyglot.notebooks.links import Links

COMMONMARK = MarkdownIt("commonmark").enable("table")
#: What Markdown, HTML and MathJax look for, among letters of both scripts.
NASTY = "ab中文，。：“” *_`[]()<>&#;\\$~|!-+=.:1/\"'"
nasty = st.text(NASTY, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
around = st.text(NASTY, max_size=6)


def context() -> Context:
    return Context(Links("lessons/a.html"), Path("docs"))


def shown(markdown: str) -> BeautifulSoup:
    """What a reader of CommonMark sees."""
    return BeautifulSoup(COMMONMARK.render(markdown), "html.parser")


def written(rst: str) -> str:
    """The Markdown of reStructuredText."""
    doctree = publish_doctree(rst, settings_overrides={"report_level": 5})
    return blocks(doctree.children, context())


@given(nasty)
def test_plain_text_stays_plain(text):
    assert shown(block(nodes.paragraph("", text), context())).get_text().strip() == text


@given(around, nasty, around, st.sampled_from([nodes.strong, nodes.emphasis]))
def test_emphasis_begins_and_ends_where_it_should(before, text, after, kind):
    paragraph = nodes.paragraph("", "", nodes.Text(before), kind("", text), nodes.Text(after))
    soup = shown(block(paragraph, context()))
    assert soup.get_text().strip() == " ".join(f"{before}{text}{after}".split())
    assert [found.get_text() for found in soup.find_all(["strong", "em"])] == [text]


@given(nasty, nasty)
def test_neighbours_that_are_both_emphasized(one, two):
    paragraph = nodes.paragraph("", "", nodes.strong("", one), nodes.emphasis("", two))
    soup = shown(block(paragraph, context()))
    assert [found.get_text() for found in soup.find_all(["strong", "em"])] == [one, two]


@given(nasty)
def test_code_stays_code(text):
    soup = shown(block(nodes.paragraph("", "", nodes.literal("", text)), context()))
    assert [found.get_text() for found in soup.find_all("code")] == [text]


@given(st.lists(st.tuples(nasty, nasty), min_size=1, max_size=3))
def test_a_table_has_the_cells_that_it_had(pairs):
    rows = [
        nodes.row(
            "",
            nodes.entry("", nodes.paragraph("", text)),
            nodes.entry("", nodes.paragraph("", "", nodes.literal("", code))),
        )
        for text, code in pairs
    ]
    group = nodes.tgroup("", nodes.colspec(), nodes.colspec(), nodes.tbody("", *rows), cols=2)
    soup = shown(block(nodes.table("", group), context()))
    cells = [cell.get_text().strip() for cell in soup.find("tbody").find_all("td")]
    assert cells == [text for pair in pairs for text in pair]


@given(st.text("ab`\n |$", min_size=1).filter(lambda text: text.strip() == text))
def test_a_block_of_code_ends_where_it_should(text):
    markdown = block(nodes.literal_block("", text, language="python"), context())
    assert shown(f"{markdown}\n\nafter").find("code").get_text() == f"{text}\n"


def test_lists_within_lists():
    soup = shown(written("- one\n\n  #. inner\n\n     - deep\n\n- two\n\n  Another paragraph.\n\n  .. math:: x\n"))
    outer = soup.find("ul")
    assert [item.find(string=True).strip() or item.p.get_text() for item in outer.find_all("li", recursive=False)] == [
        "one",
        "two",
    ]
    assert outer.find("ol").find("ul").get_text().strip() == "deep"
    assert "$$x$$" in outer.get_text()


def test_numbers_of_a_list_begin_where_they_did():
    assert shown(written("3. three\n4. four\n")).find("ol")["start"] == "3"
    assert written("a. one\nb. two\n") == "- a. one\n- b. two"


def test_a_cell_holds_lists_code_and_paragraphs():
    rst = ".. list-table::\n\n   * - - one\n\n         1. two | three\n     - ::\n\n          a | b\n            c\n"
    soup = shown(written(rst))
    one, two = soup.find("tbody").find_all("td")
    assert one.find("ul").find("ol").li.get_text() == "two | three"
    assert two.find("pre").get_text() == "a | b\n  c"


def test_cells_that_span_leave_the_others_in_their_columns():
    rst = "+---+---+---+\n| A | B | C |\n+---+---+   |\n| D     |   |\n+---+---+---+\n| E | F | G |\n+---+---+---+\n"
    rows = [
        [cell.get_text() for cell in row.find_all("td")] for row in shown(written(rst)).find("tbody").find_all("tr")
    ]
    assert rows == [["A", "B", "C"], ["D", "", ""], ["E", "F", "G"]]


def test_an_admonition_is_a_titled_quotation():
    quotation = shown(written(".. admonition:: Mind **this**\n\n   One.\n\n   - two\n")).find("blockquote")
    assert quotation.find("strong").get_text() == "Mind this"
    assert quotation.find("li").get_text() == "two"


def test_terms_fields_and_options_keep_their_names():
    soup = shown(written("term\n   Its meaning.\n\n.. comment\n\n-v, --verbose  says more\n"))
    assert [item.find("strong").get_text() for item in soup.find_all("li")] == ["term", "-v, --verbose"]


def test_formulas_stand_on_one_line():
    rst = "So :math:`a\n| b`.\n\n.. math::\n\n   a &= b \\\\\n   c &= d\n"
    assert written(rst) == "So $a | b$.\n\n$$\\begin{aligned}a &= b \\\\ c &= d\\end{aligned}$$"


@pytest.mark.parametrize("rst", ["first\n\n|\n\nsecond", "**bold**\n\n*slanted*", "a [#one]_\n\n.. [#one] note"])
def test_nothing_is_lost(rst):
    text = shown(written(rst)).get_text()
    for word in ("first", "second", "bold", "slanted", "note"):
        assert (word in rst) == (word in text)


def test_a_script_breaks_lines_only_where_a_blank_stood():
    text = "一句。`x` 再一句！**三**句。\n\nOne sentence. Another."
    assert script([Cell("markdown", text)]) == (
        "# %% [markdown]\n# 一句。`x` 再一句！**三**句。\n#\n# One sentence.\n# Another.\n"
    )
