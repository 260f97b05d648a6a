"""Terms are named in every language of a block, and never by a rendering to avoid."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_polyglot.marks import Languages, SourceError
from sphinx_polyglot.terms import read_glossary, term_faults

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
        'a.py:2: en names "loss" in line 12, zh from here on does not name "损失"; use the term in both or in neither'
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
            r'glossary.toml:5: the term "b" lacks a list of names in zh; ',
        ),
        (None, r"glossary.toml:1: there is no such glossary; correct polyglot_glossary in conf.py"),
    ],
)
def test_a_broken_glossary(tmp_path, text, message):
    path = tmp_path / "glossary.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=message):
        read_glossary(path, ["zh", "en"])


def test_a_draft_may_lack_names(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text(TOML, "utf-8")
    glossary = read_glossary(path, Languages(["zh", "en", "fr"], {"fr": "en"}))
    plain = {"zh": [("损失", 1)], "en": [("loss", 2)], "fr": [("perte", 3)]}
    assert list(term_faults("a.py", plain, glossary)) == []
