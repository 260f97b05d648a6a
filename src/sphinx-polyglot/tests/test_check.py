"""``python -m sphinx_polyglot check``: every fault of every file at once, and none where there is none."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_polyglot.check.sources import lesson_faults
from sphinx_polyglot.check.terms import Glossary, Term
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.lesson import read_page

LANGUAGES = {"zh": "zh_CN", "en": "en"}
GLOSSARY = Glossary([Term({"zh": ["层"], "en": ["layer"]}, {"zh": ["层次"]})], {"zh": {"举个栗子": "举个例子"}})


def check(tiny, **environment: str) -> subprocess.CompletedProcess[str]:
    return tiny.run("check", "docs", **environment)


def test_no_fault(tiny):
    done = check(tiny)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "5 lessons and pages, each in zh and en: no fault\n"
    assert not (tiny.root / "build").exists()


def test_every_fault_of_every_file_is_told(tiny):
    tiny.write("docs/glossary.toml", '[data]\nzh = ["数据"]\nen = ["data"]\navoid.zh = ["资料"]\n')
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_glossary = "docs/glossary.toml"')
    tiny.edit("gallery/10_module.py", "# 正文。", "# 正文,共 3 行。")
    tiny.edit("gallery/20_data.py", "数据\n====", "资料\n====")
    tiny.edit("gallery/30_version.py", "# zh: 中文注释\n", "")
    tiny.edit("gallery/GALLERY_HEADER.rst", "说明。", "A note in English, not in Chinese.")
    tiny.edit("docs/index.rst", "Home page", "Home, see `this <https://example.org>`_")
    done = check(tiny)
    assert done.returncode == 1
    for message in (
        'gallery/10_module.py:26: half-width "," in "正文,共"; write "，"',
        "gallery/10_module.py:26: zh has the number 3, en has not; write it in both or in neither",
        'gallery/20_data.py:3: "资料" is to be avoided for "数据"; write "数据"',
        'gallery/30_version.py:36: the comment has en but no zh; add a line "# zh: …" below it',
        "gallery/GALLERY_HEADER.rst:5: this is not written in zh; exchange it with its counterpart",
        "docs/index.rst:5: en has the link to https://example.org, zh has not; write it in both",
    ):
        assert message in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_a_term_that_no_page_shows(tiny):
    tiny.write(
        "docs/glossary.toml",
        '[a]\nzh = ["甲"]\nen = ["a"]\ntheme = "one"\n\n[b]\nzh = ["乙"]\nen = ["b"]\n'
        '\n[c]\nzh = ["丙"]\nen = ["c"]\ntheme = "none"\n',
    )
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_glossary = "docs/glossary.toml"')
    assert check(tiny).returncode == 0
    tiny.write("docs/words.rst", ".. polyglot-glossary:: one\n\n.. polyglot-glossary:: two\n")
    done = check(tiny)
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        'docs/glossary.toml:6: the term "b" has no theme; give it a theme, one of one, two',
        'docs/glossary.toml:10: the term "c" has the theme "none", which no page shows; '
        "give it a theme, one of one, two",
    ]


FRENCH = {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr"}


def test_what_a_draft_lacks_is_counted(tiny):
    done = check(tiny, TINY_DRAFTS="fr:en", **FRENCH)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "5 lessons and pages, each in zh and en: no fault\nfr: 8 blocks and 3 comments are still to be translated\n"
    )
    tiny.write("gallery/GALLERY_HEADER.rst", "%% zh\n课\n==\n\n%% en\nLessons\n=======\n\n%% fr\nCours\n=====\n")
    tiny.edit("gallery/10_module.py", "# en: English comment\n", "# en: English comment\n# fr: Note\n")
    tiny.write("docs/glossary.toml", '[a]\nzh = ["甲"]\nen = ["a"]\n')
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_glossary = "docs/glossary.toml"')
    done = check(tiny, TINY_DRAFTS="fr:en", **FRENCH)
    assert done.stdout.endswith("fr: 7 blocks, 2 comments and 1 term are still to be translated\n")


def test_all_that_lacks_a_language_is_told_and_counted(tiny):
    tiny.write("docs/guide.md", "%% zh\n# 说明\n%% en\n# Read me\n")
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_bundle_readme = "docs/guide.md"')
    done = check(tiny, **FRENCH)
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert len([line for line in told if "the block has zh and en but no fr" in line]) == 9
    assert len([line for line in told if "the comment has zh and en but no fr" in line]) == 3
    assert told[-1] == "12 faults"


def test_a_draft_that_is_complete_is_told(tiny):
    for path in tiny.root.glob("gallery/*.py"):
        path.unlink()
    tiny.write("gallery/GALLERY_HEADER.rst", "%% zh\n课\n==\n%% en\nLessons\n=======\n%% fr\nCours\n=====\n")
    tiny.write("docs/index.rst", "%% zh\n首页\n====\n%% en\nHome page\n=========\n%% fr\nAccueil\n=======\n")
    done = check(tiny, TINY_DRAFTS="fr:en", **FRENCH)
    assert done.stdout.endswith("fr: all is translated; remove it from polyglot_drafts in conf.py\n")


def test_a_file_that_is_not_utf8(tiny):
    (tiny.root / "gallery/10_module.py").write_bytes("# 张量".encode("gbk"))
    done = check(tiny)
    assert done.returncode == 1
    assert "gallery/10_module.py:1: this is not UTF-8; save the file in that encoding" in done.stderr


@pytest.mark.parametrize(("text", "fault"), [("polyglot_languages = {", "'{' was never"), ("raise ValueError", "")])
def test_settings_that_cannot_be_read(tiny, text, fault):
    tiny.write("conf.py", text)
    done = check(tiny)
    assert done.returncode == 1
    assert f"Error: {fault}" in done.stderr
    assert "conf.py:1: " in done.stderr


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:french"},
            'conf.py: polyglot_languages has "french" for fr, which is no language; write it like "fr" or "zh_CN"\n',
        ),
        (
            {**FRENCH, "TINY_DRAFTS": "fr:eng"},
            'conf.py: polyglot_drafts has "eng" stand in for fr; name one of zh, en\n',
        ),
        (
            {"TINY_DRAFTS": "fr:en"},
            'conf.py: polyglot_drafts has "fr"; add it to polyglot_languages or remove it here\n',
        ),
    ],
)
def test_languages_that_are_none(tiny, environment, message):
    for done in (check(tiny, **environment), tiny.build(**environment)):
        assert done.returncode == 1
        assert done.stderr.endswith(message), done.stderr
        assert "Traceback" not in done.stderr
    assert not (tiny.root / "docs/lessons").exists()


def page_faults(zh: str, en: str, default_role: str | None = None) -> list[str]:
    """What is told of a page with these two texts."""
    page = read_page("a.rst", "a", f"%% zh\n题\n====\n\n{zh}\n\n%% en\nT\n====\n\n{en}\n", list(LANGUAGES))
    return [str(fault) for fault in lesson_faults([page], LANGUAGES, Glossary(), default_role)]


def test_single_backquotes_are_told():
    message = "`x` stands in single backquotes, which mean nothing here; write ``x`` for code, or a role before it"
    found = page_faults("用`x`计算。", "With `x` it is.")
    assert [fault for fault in found if "backquotes" in fault] == [f"a.rst:{line}: {message}" for line in (5, 11)]
    assert page_faults("用 `x` 计算。", "With `x` it is.", "math") == []


@pytest.mark.parametrize(
    "text", ["`x`_", "`x <https://a.b>`__", ":ref:`x`", "`x`:math:", "``x``", "_`x`", "::\n\n   `x`"]
)
def test_other_backquotes_are_not(text):
    assert page_faults(text, text) == []


def test_notes_to_oneself_are_told():
    assert page_faults("待译。", "TODO: say it.") == [
        'a.rst:5: "待译" is left in what readers see; do it, or remove the note',
        'a.rst:11: "TODO" is left in what readers see; do it, or remove the note',
    ]
    assert page_faults("写 ``TODO``。", "Write ``TODO``.") == []


def test_a_line_that_stands_twice_and_markup_that_is_text_are_told():
    assert page_faults("这是平均数，\n这是平均数，\n它是", "This is the mean.") == [
        "a.rst:6: this line stands here twice; remove one"
    ]
    assert page_faults("开始。\n.. note::\n\n   好。", "Begin.\n.. note::\n\n   Good.")[0] == (
        'a.rst:6: ".. note::" right below text is text, too; put an empty line above it'
    )
    assert page_faults("两点：\n1. 甲\n2. 乙", "Two:\n1. A\n2. B")[0] == (
        'a.rst:6: "1. 甲" right below text is text, too; put an empty line above it'
    )
    assert page_faults("开始：\n\n::\n\n   x = 1\n   x = 1", "Begin:\n\n::\n\n   x = 1\n   x = 1") == []


def test_a_mark_without_text_is_told():
    with pytest.raises(SourceError, match="a.rst:1: no text stands below this mark; write it, or remove the mark"):
        read_page("a.rst", "a", "%% zh\n%% zh\n题\n====\n\n%% en\nT\n====\n", list(LANGUAGES))


PIECES = ["``x``", "``", "`", ":ref:`a <b>`", ":math:`x", "**", "层", "，", ",", "layer ", "3", ".. note::", "\n   ",
          ".. math::\n\n   x\n", ".. _a:\n", "::\n", "====\n", "https://a.b", "\n", "题\n====\n", " "]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join), st.lists(st.sampled_from(PIECES)).map("".join)
)
def test_any_prose_is_checked_without_a_traceback(zh, en):
    text = f"%% zh\n题\n====\n{zh}\n%% en\nT\n====\n{en}\n%% end\n"
    try:
        page = read_page("a.rst", "a", text, list(LANGUAGES))
    except SourceError:
        return
    for fault in lesson_faults([page], LANGUAGES, GLOSSARY):
        assert 1 <= fault.line <= text.count("\n") + 1
        assert "; " in fault.message


def test_headings_of_the_guide_are_compared(tiny):
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_bundle_readme = "docs/bundle.md"')
    tiny.write("docs/bundle.md", "%% zh\n# 课程\n\n```\n#!x\n```\n\n%% en\n#Lessons\n")
    done = check(tiny)
    assert done.returncode == 1
    assert 'docs/bundle.md:9: "#Lessons" is no heading; put a blank after "#"' in done.stderr
    assert "docs/bundle.md:1: the headings differ: zh 1 and en 0; write them in all on the same levels" in done.stderr


def test_numbers_of_the_guide_are_compared(tiny):
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_bundle_readme = "docs/bundle.md"')
    texts = ("共 10 课，1000 图：https://a.org/zh", "In 20 lessons, 1,000 pictures: https://a.org/en")
    tiny.write("docs/bundle.md", "%% zh\n{}\n\n%% en\n{}\n".format(*texts))
    assert "docs/bundle.md:2: zh has the link to https://a.org/zh, en has not; write it in both" in check(tiny).stderr
    assert "docs/bundle.md:2: zh has the number 10, en has not; write it in both or in neither" in check(tiny).stderr
    assert "1000" not in check(tiny).stderr
