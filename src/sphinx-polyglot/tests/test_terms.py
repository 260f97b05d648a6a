"""Terms are named in every language of a block, and never by a rendering to avoid."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_polyglot.check.terms import Term, read_glossary, term_faults
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages

TOML = """\
[loss]
zh = ["损失"]
en = ["loss"]
avoid.zh = ["代价"]

[layer]
zh = ["层"]
en = ["layer"]
compared = false

[backward-pass]
zh = ["反向传播"]
en = ["backward pass"]

[avoid.zh]
"举个栗子" = "举个例子"
"""


@pytest.fixture
def glossary(tmp_path: Path):
    path = tmp_path / "glossary.toml"
    path.write_text(TOML, "utf-8")
    return read_glossary(path, ["zh", "en"])


def found(glossary, zh: str, en: str) -> list[str]:
    plain = {
        "zh": [(text, number) for number, text in enumerate(zh.split("\n"), 1)],
        "en": [(text, number) for number, text in enumerate(en.split("\n"), 11)],
    }
    return [str(fault) for fault in term_faults("a.py", plain, glossary)]


def test_both_name_it(glossary):
    assert found(glossary, "损失变小。", "Losses shrink.") == []


def test_one_does_not(glossary):
    assert found(glossary, "\n它变小。", "\nThe Loss shrinks.") == [
        'a.py:2: en names "loss" in line 12, zh from here on does not name "损失"; use the term in both or in neither; '
        'an everyday word takes "compared = false" under [loss] in the glossary'
    ]


def test_a_rendering_to_avoid_where_the_term_is_meant(glossary):
    assert 'a.py:2: "代价" is to be avoided for "损失"; write "损失"' in found(glossary, "损失\n代价变小。", "Loss.")
    assert found(glossary, "代价很大。", "It costs much.") == []


def test_a_rendering_to_avoid_everywhere(glossary):
    assert found(glossary, "举个栗子。", "For example.") == ['a.py:1: "举个栗子" is to be avoided; write "举个例子"']


def test_an_everyday_word_is_not_compared(glossary):
    assert found(glossary, "三层。", "Three of them.") == []


def test_a_term_across_a_line_break(glossary):
    assert found(glossary, "反向\n传播", "The backward\npass") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[loss]\nzh = [", r"glossary.toml:\d+: this is not TOML: "),
        (
            '[a]\nzh = ["甲"]\nen = ["a"]\n\n[b]\nzh = "乙"\n',
            r'glossary.toml:5: the term "b" lacks a list of names in zh and a list of names in en; ',
        ),
        (
            TOML + '\n[waste]\nzh = ["浪费"]\nen = ["Loss"]\n',
            r'toml:18: the term "waste" is called "Loss" in en, and so is',
        ),
        ("x = 1\n", 'glossary.toml:1: the term "x" is no table; write its key in brackets'),
        (TOML.replace("false", '"no"'), r'toml:6: the term "layer" has something else as compared; write compared = '),
        (
            TOML.replace("compared", "compare"),
            'toml:6: the term "layer" has "compare", which means nothing; write "compa',
        ),
        (TOML.replace('["代价"]', '"代价"'), 'toml:1: the term "loss" has something else as avoid; write avoid.zh = '),
        (TOML.replace("avoid.zh", "also.zh").replace('["代价"]', '"代价"'), "as also; write also.zh = "),
        (TOML.replace('["损失"]', '[" "]'), 'toml:1: the term "loss" lacks a list of names in zh; add zh = '),
        ("avoid = 3\n", 'toml:1: "avoid" is not one table a language; write'),
        ('[avoid]\nzh = {"甲" = 3}\n', 'toml:1: "avoid" is not one table a language; write'),
        ('[avoid]\nzh = {" " = "甲"}\n', 'toml:1: "avoid" is not one table a language; write'),
        (TOML.replace("举个例子", "举\u200b个例子"), r"toml:16: U\+200B \(ZERO WIDTH SPACE\) does not show; remove it"),
        (f"x = {'[' * 5000}{']' * 5000}\n", "this is not TOML: maximum recursion"),
        (None, r"glossary.toml:1: there is no such glossary; correct polyglot_glossary in conf.py"),
    ],
)
def test_a_broken_glossary(tmp_path, text, message):
    path = tmp_path / "glossary.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=message):
        read_glossary(path, ["zh", "en"])


EXPLAINED = """\
[kernel]
zh = ["卷积核"]
en = ["kernel"]
text.zh = "滑动的一小块。"
text.en = "A small block that slides."

[convolution]
zh = ["卷积"]
en = ["convolution"]
text.zh = "相乘，再求和。"
text.en = "Multiply and add up."

[leaf]
zh = ["叶子张量"]
en = ["leaf", "leaf tensor"]
text.zh = "起点。"
text.en = "The beginning."

[tensor]
zh = ["张量"]
en = ["tensor"]
text.zh = "数组。"
text.en = "An array."

[training-set]
zh = ["训练集"]
en = ["training set"]
text.zh = "用来学习。"
text.en = "To learn from."

[training]
zh = ["训练"]
en = ["training"]
text.zh = "调整。"
text.en = "Adjusting."
"""


def test_a_name_inside_the_name_of_something_else(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(EXPLAINED, "utf-8")
    glossary = read_glossary(path, ["zh", "en"])
    assert found(glossary, "卷积核很小。", "The kernel is small.") == []
    assert found(glossary, "卷积核做卷积。", "The kernel slides.") == [
        'a.py:11: zh names "卷积" in line 1, en from here on does not name "convolution"; use the term in both or in '
        'neither; an everyday word takes "compared = false" under [convolution] in the glossary'
    ]
    assert found(glossary, "叶子张量在这里。", "The leaf is here.") == []
    # As "training set" has "training" inside, just as 训练集 has 训练, each counts for both.
    assert found(glossary, "训练用训练集。", "The training set serves.") == []


@pytest.mark.parametrize("text", ['text.en = ""', 'text = "一句"', "text.en = 3", ""])
def test_where_one_term_is_explained_all_are(tmp_path, text):
    path = tmp_path / "glossary.toml"
    path.write_text(EXPLAINED.replace('text.en = "To learn from."', text), "utf-8")
    if text.startswith("text ="):
        path.write_text(path.read_text("utf-8").replace('text.zh = "用来学习。"\n', ""), "utf-8")
    with pytest.raises(
        SourceError,
        match=r'glossary\.toml:25: the term "training-set" lacks a sentence in (zh|en)( and a sentence in en)?; add',
    ):
        read_glossary(path, ["zh", "en"])


def test_every_term_that_lacks_a_language_is_told(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(EXPLAINED, "utf-8")
    with pytest.raises(SourceError) as caught:
        read_glossary(path, ["zh", "en", "fr"])
    told = [str(fault).removeprefix(f"{tmp_path}/") for fault in (caught.value, *caught.value.also)]
    assert len(told) == 6
    assert told[1] == (
        'glossary.toml:7: the term "convolution" lacks a list of names in fr and a sentence in fr; '
        'add fr = ["…"] and text.fr = "…"'
    )


def test_a_draft_may_lack_names(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(TOML, "utf-8")
    glossary = read_glossary(path, Languages(["zh", "en", "fr"], {"fr": "en"}))
    plain = {"zh": [("损失", 1)], "en": [("loss", 2)], "fr": [("perte", 3)]}
    assert list(term_faults("a.py", plain, glossary)) == []


def test_a_sentence_of_several_lines_is_taken_apart(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(EXPLAINED.replace('"An array."', '"""\nAn\narray."""'), "utf-8")
    assert read_glossary(path, ["zh", "en"]).terms[3].text["en"] == [("An", 23), ("array.", 23)]


def test_good_terms_are_read_beside_bad_ones(tmp_path):
    path, faults = tmp_path / "glossary.toml", []
    path.write_text(TOML + "\n[bad]\nzh = 1\n", "utf-8")
    assert len(read_glossary(path, ["zh", "en"], faults).terms) == 3
    assert [fault.line for fault in faults] == [18]


@given(
    st.dictionaries(st.sampled_from(["zh", "en", "fr"]), st.lists(st.text("aBéß损失 -", min_size=1), max_size=2)),
    st.text("aBéß损失 -s\n"),
)
def test_no_term_is_passed_over_that_the_text_names(names, text):
    named = {language: [" ".join(name.split()) for name in found if name.strip()] for language, found in names.items()}
    term = Term({language: found for language, found in named.items() if found})
    if any(pattern.search(text) for pattern in term.patterns.values()):
        assert term.may_stand_in(text.casefold())
