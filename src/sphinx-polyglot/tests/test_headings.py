"""The same section tree in every language, each fault at the author's line."""

from __future__ import annotations

from sphinx_polyglot.check.headings import heading_faults, label_faults
from sphinx_polyglot.source.lesson import read_script

HEADING = "# .. _{label}:\n#\n# {text}\n# {underline}\n"


def lesson(zh: str, en: str, name: str = "a.py"):
    head = '"""\n%% zh\n题\n====\n%% en\nT\n====\n"""\n'
    return read_script(name, name, f"{head}# %% zh\n{zh}# %% en\n{en}", ["zh", "en"])


def heading(label: str = "one", text: str = "One", underline: str = "-----") -> str:
    return HEADING.format(label=label, text=text, underline=underline)


def found(*lessons) -> list[str]:
    seen = {}
    return [str(fault) for one in lessons for fault in (*heading_faults(one), *label_faults(one, seen))]


def test_equal_headings_have_no_fault():
    assert found(lesson(heading(text="一"), heading())) == []


def test_another_level_is_told_at_both():
    first, second = found(lesson(heading(text="一"), heading(underline="~~~~")))
    assert first.startswith('a.py:12: the heading "一" (zh) has label "one" and underline "-"')
    assert second.startswith('a.py:17: the heading "One" (en) has label "one" and underline "~"')
    assert second.endswith('(zh, line 12) has "one" and "-"; give both the same')


def test_labels_in_another_order():
    zh = heading("one", "一") + heading("two", "二")
    en = heading("two") + heading("one")
    assert [fault[:8] for fault in found(lesson(zh, en))] == ["a.py:12:", "a.py:21:"]


def test_a_label_that_one_language_lacks_is_left_to_the_comparison_of_blocks():
    assert found(lesson(heading(text="一"), heading(label="two"))) == []


def test_a_missing_heading():
    [fault] = found(lesson(heading(text="一") + "#\n# 文\n", "# Text\n"))
    assert fault == 'a.py:12: the heading "一" (zh) is missing in en; add it there or remove it here'


def test_no_label():
    zh, en = (heading(text=text).split("\n", 2)[2] for text in ("一", "One"))
    assert found(lesson(zh, en)) == [
        'a.py:10: the heading "一" has no label; put ".. _name:" and a blank line above it'
    ]


def test_a_label_without_the_name_of_the_lesson():
    for label in ("batch-norm-one", "55_batch_norm-one", "50_batch_norm-one"):
        assert found(lesson(heading(label, "一"), heading(label), "55_batch_norm.py")) == []
    assert found(lesson(heading("norm-one", "一"), heading("norm-one"), "55_batch_norm.py")) == [
        '55_batch_norm.py:12: the label "norm-one" does not begin with the lesson\'s name; write "batch-norm-…"'
    ]


def test_an_underline_that_is_too_short():
    assert found(lesson(heading(text="一二", underline="----"), heading(underline="---"))) == []
    assert found(lesson(heading(text="一二", underline="---"), heading(underline="--"))) == [
        'a.py:13: the underline of "一二" is shorter than the heading; add "-"',
        'a.py:18: the underline of "One" is shorter than the heading; add "-"',
    ]


def test_a_label_twice_in_the_gallery():
    [first, second] = found(lesson(heading(text="一"), heading()), lesson(heading(text="二"), heading(), "b.py"))
    assert first == 'b.py:10: the label "one" is already at a.py:10; give one another name'
    assert second.startswith("b.py:15:")
