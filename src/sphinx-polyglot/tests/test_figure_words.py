"""What is known of words in figures, and what is wrong in the file that tells it."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.figure_words import figure_word_faults, figure_words

LANGUAGES = ("zh", "en")
GLOSSARY = '[loss]\nzh = ["损失"]\nen = ["loss", "losses"]\n[step]\nzh = ["步"]\nen = ["step"]\n'
TABLE = """\
same = ["Adam"]

["after {} epochs"]
zh = "{} 轮后"

[cat]
zh = "猫"

[dog]
zh = "狗"
"""


@pytest.fixture
def files(tmp_path):
    """A table and a glossary."""
    paths = tmp_path / "figures.toml", tmp_path / "glossary.toml"
    for path, text in zip(paths, (TABLE, GLOSSARY), strict=True):
        path.write_text(text, "utf-8")
    return paths


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("loss", "损失", "loss"),
        ("Losses", "损失", "Losses"),
        ("损失", "损失", "loss"),
        ("Adam", "Adam", "Adam"),
        ("after 3 epochs", "3 轮后", "after 3 epochs"),
        ("cat → dog", "猫 → 狗", "cat → dog"),
        ("≠ cat\n97.5%", "≠ 猫\n97.5%", "≠ cat\n97.5%"),
        ("loss (Adam)", "损失 (Adam)", "loss (Adam)"),
        ("step 12", "步 12", "step 12"),
        ("−0.5", "−0.5", "−0.5"),
        ("x", "x", "x"),
        ("accuracy", None, None),
        ("cat → cow", None, None),
        ("cats and dogs", None, None),
    ],
)
def test_a_text_is_said_in_each_language(files, text, zh, en):
    words = figure_words(*files, LANGUAGES)
    assert (words.say(text, "zh"), words.say(text, "en")) == (zh, en)


def test_a_change_of_a_file_is_seen(files):
    path, glossary = files
    assert figure_words(path, glossary, LANGUAGES).say("cat", "zh") == "猫"
    path.write_text(TABLE.replace("猫", "小猫"), "utf-8")
    assert figure_words(path, glossary, LANGUAGES).say("cat", "zh") == "小猫"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[cat]\n", 1, '"cat" lacks zh and en; only the language in which the code writes may be left out'),
        ('same = []\n[cat]\nfr = "chat"\n', 2, '"cat" has "fr", which is none of the languages; write one of zh, en'),
        ('["in {} steps"]\nzh = "步"\n', 1, '"in {} steps" has another count of {} in zh'),
        ('same = "Adam"\n', 1, '"same" is no list of texts; write same = ["…"]'),
        ("cat = 1\n", 1, '"cat" is no table of texts'),
        ("[cat\n", 1, "this is not TOML"),
        ('[cat]\nzh = "\u202e猫"\n', 2, "U+202E"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path, text, line, words):
    path = tmp_path / "figures.toml"
    path.write_text(text, "utf-8")
    assert any(fault.line == line and words in str(fault) for fault in figure_word_faults(path, LANGUAGES)), [
        str(fault) for fault in figure_word_faults(path, LANGUAGES)
    ]


def test_a_file_that_is_not_there_is_told(tmp_path):
    [fault] = figure_word_faults(tmp_path / "none.toml", LANGUAGES)
    assert "there is no such file with words of figures; correct polyglot_figure_words in conf.py" in str(fault)
