"""Chinese typography, and prose in the wrong script."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.check.punctuation import script_faults, setting_faults


def found(text: str, name: str = "zh_CN") -> list[str]:
    return [fault.message for fault in setting_faults("a.py", name, inventory([(text, 1)]).plain)]


@pytest.mark.parametrize(
    "text",
    [
        "张量是多维数组，``x`` 的形状是 3×4（行、列）。",
        "1. **数参数。**用笔算出 ``Classifier`` 的参数。",
        "- 见 :ref:`这里 <a>`，以及 https://example.org/a,b 。".replace(" 。", "。"),
        "《Deep Learning with PyTorch: A 60 Minute Blitz》是一篇教程。",
        "损失从 2.2 降到 1.3；时间是 12:30。",
        "他说“好”。等等……然后——继续",
        ":math:`x`、:math:`y` 与 ``z``：都行",
        "   缩进的一行。",
        "版本 2.15（含）以上，C++ 或 Python。",
    ],
)
def test_well_set_chinese_has_no_fault(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("张量, 数组", 'half-width "," in "张量, "; write "，"'),
        ("``a``, ``b``", 'half-width ","'),
        ("张量(tensor)", 'half-width "("'),
        ("PyTorch (2.15) 版", 'half-width ")"'),
        ("张量.", 'half-width "."'),
        ("用 ``x``.", 'half-width "."'),
        ("好吗?", 'half-width "?"'),
        ('叫"张量"', "“”"),
        ("张量tensor", '"量t": Han and Latin touch'),
        ("共3个", '"共3": Han and Latin touch'),
        ("用``x``算", '"用`…`": Han and Latin touch'),
        ("张量，，数组", '"，，": two marks in a row'),
        ("张量。，数组", '"。，": two marks in a row'),
        ("张量。.", '"。.": two marks in a row'),
        ("张量 ，数组", 'a space beside "，"'),
        ("张量， 数组", 'a space beside "，"'),
    ],
)
def test_a_fault_in_chinese(text, message):
    assert any(message in fault for fault in found(text)), found(text)


def test_english_has_its_own_marks():
    assert found("A tensor, say ``x`` (of 3): fine... really?", "en") == []
    assert found("A tensor，say", "en") == ['full-width "，" in en; write its half-width mark']
    assert found("A tensor,, say", "en") == ['",,": two marks in a row; leave one']
    assert found("テンソル、", "ja") == []


@pytest.mark.parametrize(
    ("language", "name", "text", "faulty"),
    [
        ("zh", "zh_CN", "This block stands under the wrong mark.", True),
        ("zh", "zh_CN", "Deep Learning 教程", False),
        ("zh", "zh_CN", "``a long literal of many words here``", False),
        ("zh", "zh_CN", "PyTorch", False),
        ("en", "en", "这一段放错了地方。", True),
        ("en", "en", "Its Chinese name is 张量.", False),
        ("ja", "ja", "漢字だけ", False),
    ],
)
def test_the_script_of_a_language(language, name, text, faulty):
    plain = inventory([(text, 5)]).plain
    assert [fault.line for fault in script_faults("a.py", language, name, plain)] == [5] * faulty
