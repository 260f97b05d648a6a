"""Inline markup beside Chinese; docutils' own ``Inliner`` is the authority for all else."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Parser, states
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_polyglot.cjk.inliner import HanInliner


def parse(text: str, inliner: states.Inliner | None = None, **more) -> nodes.document:
    """Parse a text with an inliner, ours unless another is given."""
    parser = Parser(inliner=inliner or HanInliner())
    return publish_doctree(text, parser=parser, settings_overrides={"report_level": 5, **more})


def inline(text: str) -> list[tuple[str, str]]:
    """What the first paragraph is made of."""
    return [(type(node).__name__, node.astext()) for node in parse(text)[0].children]


@pytest.mark.parametrize(
    ("markup", "name", "shown"),
    [
        ("**梯度下降**", "strong", "梯度下降"),
        ("*梯度*", "emphasis", "梯度"),
        ("``x_train``", "literal", "x_train"),
        (r":math:`\eta`", "math", r"\eta"),
        (r"`\eta`:math:", "math", r"\eta"),
        ("`文档 <https://example.org>`_", "reference", "文档"),
        ("`文档 <https://example.org>`__", "reference", "文档"),
        ("https://example.org/a_b", "reference", "https://example.org/a_b"),
        ("me@example.org", "reference", "me@example.org"),
        ("[1]_", "footnote_reference", "1"),
        ("_`此处`", "target", "此处"),
        ("|名|", "substitution_reference", "名"),
    ],
)
@pytest.mark.parametrize(
    ("left", "right"),
    [("讲", "与"), ("𠀀", "々"), ("，", "。"), ("（", "）"), ("）", "（"), ("》", "《"), ("讲 ", " 与")],
)
def test_markup_may_touch_chinese(left, right, markup, name, shown):
    document = parse(f"{left}{markup}{right}\n\n.. [1] 注\n\n.. |名| replace:: 名\n")
    found = [node for node in document[0].children if not isinstance(node, nodes.Text)]
    if name == "substitution_reference":  # docutils has replaced it
        assert document[0].astext() == f"{left}名{right}"
    else:
        assert (type(found[0]).__name__, found[0].astext()) == (name, shown)
        assert str(document[0][0]) == left
        assert str(document[0][-1]) == right


@pytest.mark.parametrize(
    "text",
    [
        "变量x_train与y_test的形状",
        "算式2*3*4等于24",
        "方法add_会修改它自己",
        "方法add_一类、zero_grad和__init__",
        "调用a.b_c().d_e",
        "a|b与c|d",
        "路径a/b_c/d",
    ],
)
def test_identifiers_and_products_stay(text):
    assert inline(text) == [("Text", text)]


def test_english_beside_markup_still_needs_a_blank():
    assert inline("a**b**c") == [("Text", "a**b**c")]
    assert inline("word``code``word") == [("Text", "word``code``word")]


def test_a_start_without_an_end_is_reported():
    assert [type(node).__name__ for node in parse("讲**梯度")[0]] == ["Text", "problematic", "Text"]


def test_character_level_markup_can_still_be_asked_for():
    assert parse("a*b*c", character_level_inline_markup=True)[0][1].astext() == "b"


PIECES = ["a", "x_y", "_", "__", "`", "``", "*", "**", "|", "[1]_", ":", ":math:", "<u>", "http://a.b", "@", "\\"]
MARKUP = st.lists(st.sampled_from([*PIECES, " ", "\n", "(", '"', ")", ".", "é", "2"]))


@settings(max_examples=150, deadline=None)
@given(MARKUP.map("".join) | st.text(st.characters(max_codepoint=127)))
def test_without_chinese_all_is_as_docutils_has_it(text):
    assert parse(text).pformat() == parse(text, states.Inliner()).pformat()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["参", "数", "x_train", "2*3*4", "add_", "，", " ", "_", "a.b"])).map("".join))
def test_underscores_make_references_only_where_docutils_has_them(text):
    def references(document):
        return [node.astext() for node in document.findall(nodes.problematic)]

    assert references(parse(text)) == references(parse(text, states.Inliner()))
