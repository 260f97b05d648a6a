"""Translations in files beside their script: each finds its original, and what finds none is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from edits import Course, lost, stale
from sphinx_polyglot.cli.watch import Watcher, watched
from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.lesson import Lesson, read_script
from sphinx_polyglot.source.sidecar import parse_sidecar
from tiny import Tiny

FRENCH = '''"""
%% fr
Données
=======

À propos des **données**.
"""

# %% fr
# .. _20_data-one:
#
# Première section
# ----------------
#
# Du texte.

# en: English comment
# fr: Remarque
'''


@pytest.fixture
def french(tiny) -> Tiny:
    """The tiny course, whose second lesson has a French file beside it."""
    tiny.environment |= {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr", "TINY_DRAFTS": "fr:en"}
    tiny.write("gallery/20_data.fr.py", FRENCH)
    return tiny


def read(english: list[str], french: str) -> tuple[Lesson, list[str]]:
    """A lesson of these blocks, with a sidecar; and the faults."""
    faults = []
    script = '"""\n%% en\nTitle\n=====\n"""\n' + "\nx = 1\n\n".join(f"# %% en\n# {text}\n" for text in english)
    sidecar = parse_sidecar(french, Path("10_a.fr.py"), "fr", "en", faults)
    languages = Languages(["en", "fr"], {"fr": "en"})
    return read_script(Path("10_a.py"), "a", script, languages, faults, [sidecar]), [str(fault) for fault in faults]


def french_of(lesson: Lesson) -> list[str]:
    """The first lines of the blocks below the title, in French or what stands in."""
    return [block["fr"][0][0].rstrip() for block in lesson.blocks[1:]]


@pytest.mark.everyday(10)
@pytest.mark.parametrize("seed", range(100))
def test_every_edit_is_told_and_none_falsely(seed):
    course = Course(seed)
    sidecar = course.sidecar(course.blocks)
    assert stale(course.read(sidecar)) == set()
    for _ in range(seed % 3 + 1):
        course.edit()
    lesson = course.read(sidecar)
    changed = {block.french[0] for block in course.blocks if block.changed and block.french}
    assert stale(lesson) | lost(lesson.remarks, sidecar) == changed
    for block, prose in zip(course.blocks, lesson.blocks[1:], strict=True):
        if block.french and not block.changed:
            assert prose["fr"][0][0] == block.french[0]


@pytest.mark.everyday(10)
@pytest.mark.parametrize("seed", range(100))
def test_after_one_edit_each_translation_stands_beside_its_original(seed):
    course = Course(seed)
    sidecar = course.sidecar(course.blocks)
    course.edit()
    expected = [block.french[0] if block.french else block.english[0] for block in course.blocks]
    lesson = course.read(sidecar)
    assert french_of(lesson) == expected and not lesson.remarks


def test_without_digests_the_order_and_shared_words_decide():
    english = ["We call ``relu`` once.", "Then ``conv2d`` 3 times.", "And ``linear`` last."]
    french = "# %% fr\n# Puis ``conv2d`` 3 fois.\n\n# %% fr\n# Et ``linear`` enfin.\n"
    lesson, faults = read(english, french)
    assert french_of(lesson) == [english[0], "Puis ``conv2d`` 3 fois.", "Et ``linear`` enfin."] and not faults


def test_what_finds_no_original_is_told_at_its_own_place():
    lesson, faults = read(["One."], "# %% fr\n# Un.\n\n# %% fr\n# Deux.\n\n# en: gone\n# fr: parti\n")
    assert [str(remark) for remark in lesson.remarks] == [
        "10_a.fr.py:4: the script has no block without fr of which this is the translation; "
        "remove it, or move it beside its neighbours there",
        '10_a.fr.py:8: no comment of the script has "gone" in en; remove it here',
    ]
    assert french_of(lesson) == ["Un."] and not faults


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        ("x = 1\n", '10_a.fr.py:1: this is neither prose below a mark "# %% fr" nor a comment below its original'),
        ("# fr: seul\n", "10_a.fr.py:1: this is neither prose"),
        ("# %% fr\n# Un.\n\n# Deux.\n", "10_a.fr.py:4: this is neither prose"),
        ("# %% en\n# One.\n", '10_a.fr.py:1: "# %% en" is not a mark; write "# %% fr"'),
        ("# %% fr\n\n# %% fr\n# Un.\n", "10_a.fr.py:1: no text stands below this mark; write it, or remove it"),
        ("# %% fr 12\n# Un.\n", '10_a.fr.py:1: "# %% fr 12" is not a mark'),
        ('"""\nTitre\n=====\n"""\n', '10_a.fr.py:2: the docstring is not one block; write "%% fr" once'),
        ('"""\n%% fr\nTitre\n"""\n', "10_a.fr.py:3: fr does not begin with a title; underline its first line"),
    ],
)
def test_faults_of_a_sidecar(french, fault):
    _, faults = read(["One."], french)
    assert faults[0].startswith(fault), faults


def test_the_checks_tell_the_sidecar_s_own_place(french):
    french.edit("gallery/20_data.fr.py", "# Du texte.", "# Du texte de 3 lignes.\n#\n# Encore.")
    french.edit("gallery/20_data.fr.py", "---\n", "-\n")
    told = french.run("check", "docs").stderr
    assert "gallery/20_data.fr.py:15: fr has the number 3, zh and en have not; write it" in told
    assert "gallery/20_data.fr.py:10: paragraphs begin in lines 21, 23, 26 in zh" in told
    assert "17 of 20_data.fr.py in fr" in told and "gallery/20_data.fr.py:13: the underline" in told


def test_what_is_no_sidecar_is_told(french):
    french.write("gallery/99_gone.fr.py", FRENCH)
    french.write("gallery/20_data.en.py", FRENCH)
    told = french.run("check", "docs").stderr
    assert "gallery/99_gone.fr.py:1: there is no 99_gone.py beside it, of which it could be the translation" in told
    assert "gallery/20_data.en.py:1: the file is named after en, which is translated from no language; add it" in told


def test_a_language_that_is_no_draft_lacks_what_neither_file_has(french):
    french.environment["TINY_DRAFTS"] = ""
    french.edit("conf.py", "polyglot_baseurl", 'polyglot_translated = {"fr": "en"}\npolyglot_baseurl')
    french.edit("gallery/20_data.fr.py", "# en: English comment\n# fr: Remarque\n", "")
    told = [line for line in french.run("check", "docs").stderr.splitlines() if "20_data" in line]
    assert told == [
        "gallery/20_data.py:37: neither this comment nor 20_data.fr.py has fr; "
        'add "# en: English comment" there, and "# fr: …" below it'
    ]


def test_a_comment_whose_original_changed_gives_way_to_it(french):
    french.edit("gallery/20_data.py", "# en: English comment", "# en: Another comment")
    done = french.run("check", "docs")
    assert done.returncode == 0, done.stderr
    assert (
        'gallery/20_data.fr.py:18: en, which stands in, says "Another comment" now, not "English comment"; '
        "correct both lines here" in done.stdout
    )


def test_a_site_is_built_of_both_files(french):
    assert french.built() == ["10_module", "20_data", "30_version"]
    page = french.page("fr/lessons/20_data.html")
    for words in ("<title>Données", "Première section", "Du texte.", "# Remarque", "<strong>données</strong>"):
        assert words in page, words
    assert not list(french.root.glob("build/stage/**/*.fr.py")) and not list(french.root.glob("docs/**/*.fr.*"))
    french.edit("gallery/20_data.fr.py", "Du texte.", "Un autre texte.")
    french.edit("gallery/20_data.fr.py", "À propos", "À :ref:`missing` propos")
    done = french.build()
    assert "gallery/20_data.fr.py:6: " in done.stderr and "lesson 1" not in done.stdout
    french.edit("gallery/20_data.fr.py", ":ref:`missing` ", "")
    assert french.built() == []
    assert "Un autre texte." in french.page("fr/lessons/20_data.html")


def test_a_save_is_seen_and_is_no_code(french):
    watcher = Watcher(watched(read_configuration(french.root), french.root / "docs", french.root), [])
    french.edit("gallery/20_data.fr.py", "Du texte.", "Un autre texte.")
    assert watcher.saved() == [french.root / "gallery/20_data.fr.py"] and not watcher.new_code
