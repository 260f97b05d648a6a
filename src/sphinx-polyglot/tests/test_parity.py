"""Each difference between two languages is told at its line, whichever language has it."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.check.parity import differences


def found(zh: str, en: str) -> list[str]:
    prose = {"zh": [(zh, 3)], "en": [(en, 7)]}
    inventories = {language: inventory(lines) for language, lines in prose.items()}
    return [str(fault) for fault in differences("a.py", inventories)]


@pytest.mark.parametrize(
    ("zh", "en", "first", "second"),
    [
        ("有 3 个", "there are 4", "the number 3", "the number 4"),
        ("``a``", "``b``", "``a``", "``b``"),
        (":math:`a`", ":math:`b`", "the formula a", "the formula b"),
        (":ref:`甲 <a>`", ":ref:`one <b>`", "the link to ref a", "the link to ref b"),
        (".. image:: a.png", ".. image:: b.png", "the image a.png", "the image b.png"),
        (".. note:: 一", ".. tip:: one", 'the directive "note"', 'the directive "tip"'),
    ],
)
def test_a_change_is_told_on_both_sides(zh, en, first, second):
    assert found(zh, en) == [
        f"a.py:3: zh has {first}, en has not; write it in both or in neither",
        f"a.py:7: en has {second}, zh has not; write it in both or in neither",
    ]


def test_how_often_does_not_matter():
    assert found("``a`` 是 1，``a`` 不是 2", "``a`` is 1, not 2") == []


def test_thousands_are_the_same_with_and_without_a_comma():
    assert found("10000 张", "10,000 pictures") == []


def test_a_long_value_is_cut():
    [fault] = found(f"``{'x' * 200}``", "")
    assert len(fault) < 160


def test_three_languages_tell_it_once():
    prose = {"zh": [("有 3 个", 3)], "en": [("there are 3", 7)], "fr": [("il y en a 4", 9)]}
    inventories = {language: inventory(lines) for language, lines in prose.items()}
    assert [str(fault) for fault in differences("a.py", inventories)] == [
        "a.py:3: zh and en have the number 3, fr has not; write it in all or in none",
        "a.py:9: fr has the number 4, zh and en have not; write it in all or in none",
    ]
