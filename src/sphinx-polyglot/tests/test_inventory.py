"""What every language must share is taken out of the prose; its words stay, line for line."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.inventory import OPAQUE, inventory


def numbered(text: str) -> list[tuple[str, int]]:
    return [(line, number) for number, line in enumerate(text.split("\n"), 1)]


def items(text: str) -> list[tuple[str, str, int]]:
    return [(item.kind, item.value, item.line) for item in inventory(numbered(text)).items]


def plain(text: str) -> str:
    return "\n".join(line for line, _ in inventory(numbered(text)).plain).replace(OPAQUE, "□")


@pytest.mark.parametrize(
    ("text", "kind", "value", "line"),
    [
        ("of ``x + 1``", "literal", "x + 1", 1),
        ("a ``long\nliteral`` here", "literal", "long literal", 1),
        ("and\n:math:`x^2`", "formula", "x^2", 2),
        ("see :ref:`here <a-b>`", "link", "ref a-b", 1),
        ("see :doc:`20_autograd`", "link", "doc 20_autograd", 1),
        ("see `the page <https://example.org/a>`_", "link", "https://example.org/a", 1),
        ("见 https://example.org/a。", "link", "https://example.org/a", 1),
        ("1\n2,000 of 3.5", "number", "2000", 2),
        (".. image:: a b.png\n   :alt: 图", "image", "a b.png", 1),
        (".. math::\n\n   x = 1\n   :label: one", "formula", "x = 1 :label: one", 1),
        (".. math:: x = 1", "formula", "x = 1", 1),
        (".. code-block:: python\n\n   x = 1  # 一\n   # two", "code", "python x = 1", 1),
        ("So::\n\n   x = 1\n\nthen", "code", "x = 1", 1),
        (".. note::\n\n   Mind ``x``.", "literal", "x", 3),
        (".. note::\n\n   Mind.", "directive", "note", 1),
        (".. _here:\n", "label", "here", 1),
        (".. _here: https://example.org/\n", "link", "https://example.org/", 1),
    ],
)
def test_an_item_has_its_value_and_line(text, kind, value, line):
    assert (kind, value, line) in items(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("用 ``x`` 和 :math:`y`，见 :ref:`这里 <a>`。", "用 □ 和 □，见 这里。"),
        ("讲**梯度**与 *x*。", "讲梯度与 x。"),
        ("the :term:`leaf` of :term:`the graph <graph>`, see :ref:`here`", "the leaf of the graph, see □"),
        (".. note::\n   :class: dim\n\n   正文。", "\n\n\n   正文。"),
        (".. admonition:: 小心\n\n   正文。", "小心\n\n   正文。"),
        (".. code-block:: python\n\n   x = 1\n\n正文。", "\n\n\n\n正文。"),
        (".. a comment\n   of two lines\n\n正文。", "\n\n\n正文。"),
        ("如下::\n\n   x = 1\n正文", "如下:\n\n\n正文"),
        ("``a\nb`` c", "□\n c"),
        ("见 `torch 的文档\n<https://example.org>`_ 。", "见 torch 的文档\n 。"),
    ],
)
def test_the_words_stay_on_their_lines(text, left):
    assert plain(text) == left


def test_numbers_in_literals_and_formulas_are_no_numbers():
    assert [kind for kind, _, _ in items("``x1 = 3`` :math:`2^4` https://example.org/5")] == [
        "formula",
        "link",
        "literal",
    ]


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("**版本**和*重点*", []),
        ("*版本**", ["*"]),
        ("**版本*", ["*"]),
        ("a **b", ["**"]),
        ("* an item, 2 * 3, 2*3, ``*args``, :math:`a * b`, \\*, [*]_", []),
        ("**one\ntwo**", []),
        ("**one\n\ntwo**", ["**", "**"]),
    ],
)
def test_asterisks_without_a_partner(text, stars):
    lines = [(line, number) for number, line in enumerate(text.split("\n"), 1)]
    assert [star for star, _ in inventory(lines).stars] == stars
