"""What Sphinx-Gallery is given to run, and what it puts back."""

from __future__ import annotations

import pytest

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.lesson import read_header, read_script

LANGUAGES = ["zh", "en"]
SCRIPT = '''"""
%% zh
张量
====

引言。

%% en
Tensors
=======

Intro.
"""
import torch

# %% zh
# 甲
#
# %% en
# A

# zh: 注释
# en: a note
x = 1  # 3×4
'''


def read(text: str = SCRIPT):
    return read_script("a.py", "lessons/a", text, LANGUAGES)


def staged(text: str = SCRIPT, fingerprint: str = "") -> str:
    return "\n".join(line for line, _ in read(text).staged(fingerprint))


def test_the_staged_script_has_the_code_and_no_prose():
    text = staged()
    compile(text, "a.py", "exec")
    assert "x = 1  # 3×4" in text
    assert "# ⟦lessons/a:c0⟧" in text
    for word in ("张量", "Tensors", "甲", "注释", "note"):
        assert word not in text


def test_staged_lines_know_the_authors_line():
    lines = SCRIPT.split("\n")
    for text, number in read().staged():
        if text and "⟦" not in text and text[0] not in '#="r':
            assert lines[number - 1] == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲", "甲\n#\n# .. _b:\n#\n# 乙\n# ~~~~"),
        ("引言。", "引言。\n\n很长。"),
        ("张量\n====", "另一个题目\n=========="),
        ("# zh: 注释", "# zh: 改了"),
        ("# A\n", "# A\n\n# %% zh\n# 又一段\n# %% en\n# One more\n"),
        ("x = 1  # 3×4\n", "x = 1  # 3×4\n\n# %% zh\n# 完\n# %% en\n# The end\n"),
        ('"""\nimport', '"""\n\n# %% zh\n# 段\n# %% en\n# P\n\nimport'),
    ],
)
def test_prose_does_not_change_the_staged_script(old, new):
    assert SCRIPT.replace(old, new) != SCRIPT
    assert staged(SCRIPT.replace(old, new)) == staged()


def test_code_and_fingerprint_change_the_staged_script():
    assert staged(SCRIPT.replace("x = 1", "x = 2")) != staged()
    assert staged(fingerprint="1234") != staged(fingerprint="5678")


def test_each_part_comes_back_in_its_language():
    lesson = read()
    assert lesson.project("title", "zh") == [("张量", 3)]
    assert lesson.project("0", "en") == [("", 11), ("Intro.", 12)]
    assert lesson.project("1", "zh")[0] == ("甲", 17)
    assert lesson.project("2", "zh") == []
    assert lesson.project("c0", "en") == [("a note", 23)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# en: a note\n", "", r'a.py:22: the comment has zh but no en; add a line "# en: …" below it'),
        ("张量\n====", "张量", "a.py:3: zh does not begin with a title; underline its first line"),
    ],
)
def test_faults(old, new, message):
    with pytest.raises(SourceError, match=message):
        read(SCRIPT.replace(old, new))


def test_a_header_is_one_block():
    lesson = read_header("h.rst", "lessons/GALLERY_HEADER", "%% zh\n课\n==\n%% en\nL\n==\n", LANGUAGES)
    assert lesson.staged_header()[0][0] == "⟦lessons/GALLERY_HEADER:title⟧"
    with pytest.raises(SourceError, match="a gallery's header is one block"):
        read_header("h.rst", "h", "%% zh\n课\n==\n%% en\nL\n==\n%% end\nmore\n", LANGUAGES)
