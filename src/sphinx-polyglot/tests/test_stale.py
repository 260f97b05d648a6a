"""Translations whose original has changed since: all are told, and no other; they stop no build."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from edits import Course, stale
from sphinx_polyglot.check.history import former_texts
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.lesson import read_page
from sphinx_polyglot.source.origins import digest_of
from tiny import Tiny

FRENCH = {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr", "TINY_DRAFTS": "fr:en"}
BLOCK = "# Text.\n\n"
INDEX = """\
%% zh
首页
====

正文。

%% en
Home page
=========

Text.

%% fr 00000000
Accueil
=======

Du texte.

%% end

.. toctree::

   lessons/index
"""


@pytest.fixture
def french(tiny) -> Tiny:
    """The tiny course, where one lesson has a block and a comment in French, and a page is translated."""
    tiny.environment |= FRENCH
    digest = digest_of([(line, 0) for line in [".. _20_data-one:", "", "First section", "-------------", "", "Text."]])
    heading = "# .. _20_data-one:\n#\n# Première section\n# ----------------\n#\n# Du texte.\n\n"
    tiny.edit("gallery/20_data.py", BLOCK, f"# Text.\n#\n# %% fr {digest}\n{heading}")
    return tiny


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, **who})


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a version")


@pytest.mark.everyday(10)
@pytest.mark.parametrize("seed", range(100))
def test_every_edit_is_told_and_none_falsely(seed):
    course = Course(seed)
    assert stale(course.read()) == set()
    for _ in range(seed % 3 + 1):
        course.edit()
    changed = {block.french[0] for block in course.blocks if block.changed and block.french}
    assert stale(course.read()) == changed


def test_a_mark_without_a_digest_tells_nothing():
    text = "%% en\nNew\n===\n\nText.\n%% fr\nNeuf\n====\n\nTexte.\n"
    (one,) = read_page(Path("a.rst"), "a", text, Languages(["en", "fr"], {}, {"fr": "en"})).translations
    assert (one.digest, one.is_stale, one.line, one.end) == ("", False, 6, 10)


def test_what_moved_is_told_without_git_and_is_no_fault(french):
    assert french.run("check", "docs").stdout.count("behind") == 0
    french.edit("gallery/20_data.py", "# 正文。", "# 正文有 3 行。")
    french.edit("gallery/20_data.py", "# Text.", "# Text of 3 lines.")
    done = french.run("check", "docs")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "gallery/20_data.py:36: en has changed since this was translated; correct it, then run "
        '"sphinx-polyglot confirm fr gallery/20_data.py"',
        "    gallery/20_data.py:26: zh and en have the number 3, fr has not; write it in all or in none",
        "fr: 1 block is behind en",
        "fr: 7 blocks and 3 comments are still to be translated",
    ]


def test_a_new_heading_of_the_original_is_no_fault_of_a_stale_block(french):
    for text, more in (("# 正文。", "# 又一节\n# ------"), ("# Text.", "# Another section\n# ---------------")):
        french.edit("gallery/20_data.py", text, f"{text}\n#\n# .. _20_data-two:\n#\n{more}")
    french.edit("gallery/20_data.py", "_20_data-two", "_data-two")
    done = french.run("check", "docs")
    assert "has no label" not in done.stderr
    assert 'the heading "又一节" (zh) is missing in fr' in done.stdout
    assert "fr: 1 block is behind en" in done.stdout


def test_the_difference_comes_from_git(french):
    git(french.root, "init", "--quiet")
    commit(french.root)
    french.edit("gallery/20_data.py", "# Text.", "# Text, written again.")
    commit(french.root)
    (french.root / "gallery/20_data.py").rename(french.root / "gallery/25_data.py")
    commit(french.root)
    assert "    -Text.\n    +Text, written again.\n" in french.run("check", "docs").stdout


def test_versions_that_are_no_python_or_have_other_languages_are_passed_over(tmp_path):
    git(tmp_path, "init", "--quiet")
    path = tmp_path / "10_ä.py"
    versions = ['"""\n%% en\nOld\n===\n"""\n', "x = (", '"""\n%% en\nNew\n===\n%% fr\nN\n=\n"""\n']
    for text in versions:
        path.write_text(text, "utf-8")
        commit(tmp_path)
    wanted = digest_of([("Old", 3), ("===", 4)])
    languages = Languages(["en", "fr"], {}, {"fr": "en"})
    assert former_texts(path, "en", {wanted, "00000000"}, languages) == {wanted: ["Old", "==="]}


def test_git_is_asked_only_where_something_is_stale(french, monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bin")
    log = folder / "log"
    asked = folder / "git"
    asked.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexit 1\n')
    asked.chmod(0o755)
    paths = f"{folder}{os.pathsep}{os.environ['PATH']}"
    french.run("check", "docs", PATH=paths)
    assert not log.exists()
    french.edit("gallery/20_data.py", "# Text.", "# Text, written again.")
    french.run("check", "docs", PATH=paths)
    assert len(log.read_text().splitlines()) == 1


def test_each_build_tells_it_and_the_page_has_a_note(french):
    french.edit("gallery/20_data.py", "# Text.", "# Text, written again.")
    french.write("docs/index.rst", INDEX)
    for _ in range(2):  # once read, and once remembered
        done = french.build()
        assert done.returncode == 0, done.stderr
        assert "gallery/20_data.py:36: en has changed since this was translated" in done.stdout
        assert done.stdout.count("docs/index.rst:13: en has changed") == 1
        assert "fr: 2 blocks are behind en" in done.stdout
    note = r'<div class="polyglot-stale" role="note"><span>L’original a changé [^<]*</span> <a href="([^"]*)".*<p>'
    assert re.findall(note, french.page("fr/lessons/20_data.html")) == ["../../en/lessons/20_data.html#data-one"]
    assert re.findall(note, french.page("fr/index.html")) == ["../en/index.html#index"]
    assert "polyglot-stale" not in french.page("en/lessons/20_data.html")
    notebooks = [path.read_text("utf-8") for path in french.root.glob("build/html/fr/**/20_data*.ipynb")]
    assert notebooks and not any("has changed" in text for text in notebooks)
    assert french.run("confirm", "fr").stdout == "fr: 2 blocks confirmed in 2 files\n"
    assert "behind" not in french.build().stdout
    assert "polyglot-stale" not in french.page("fr/lessons/20_data.html")
