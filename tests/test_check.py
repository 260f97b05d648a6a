"""``python -m sphinx_polyglot check``: every fault of every file at once, and none where there is none."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_polyglot.check import faults
from sphinx_polyglot.lesson import read_page
from sphinx_polyglot.marks import SourceError
from sphinx_polyglot.terms import Glossary, Term

LANGUAGES = {"zh": "zh_CN", "en": "en"}
GLOSSARY = Glossary([Term({"zh": ["层"], "en": ["layer"]}, {"zh": ["层次"]})], {"zh": {"举个栗子": "举个例子"}})


def check(tiny) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_polyglot", "check", "docs"]
    return subprocess.run(
        command, cwd=tiny.root, env=tiny._environment({}), capture_output=True, text=True, check=False
    )


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


def test_a_file_that_is_not_utf8(tiny):
    (tiny.root / "gallery/10_module.py").write_bytes("# 张量".encode("gbk"))
    done = check(tiny)
    assert done.returncode == 1
    assert "gallery/10_module.py:1: this is not UTF-8; save the file in that encoding" in done.stderr


@pytest.mark.parametrize("text", ["polyglot_languages = {", "raise ValueError"])
def test_settings_that_cannot_be_read(tiny, text):
    tiny.write("conf.py", text)
    done = check(tiny)
    assert done.returncode == 1
    assert "onfiguration file" in done.stderr


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
    for fault in faults([page], LANGUAGES, GLOSSARY):
        assert 1 <= fault.line <= text.count("\n") + 1
        assert "; " in fault.message
