"""Catalogues for translators: what goes out is all the prose, and what comes back lands where it belongs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from translate.storage import factory

from sphinx_polyglot.exchange.catalogue import EXPORTED
from tiny import Tiny

FORMATS = ["po", "xliff"]
GLOSSARY = '[module]\nzh = ["模块"]\nen = ["module"]\n\n[body]\nzh = ["正文"]\nen = ["text"]\n'
FRENCH = {"TINY_LANGUAGES": "zh:zh_CN,fr:fr,en:en", "TINY_DRAFTS": "fr:en"}


@pytest.fixture
def course(tiny: Tiny) -> Tiny:
    """The tiny course with a glossary, and a page that begins with something for all languages."""
    tiny.write("docs/glossary.toml", GLOSSARY)
    tiny.edit("conf.py", "polyglot_source_dirs", 'polyglot_glossary = "docs/glossary.toml"\npolyglot_source_dirs')
    tiny.write("docs/page.rst", ":orphan:\n\n%% zh\n页\n==\n\n%% en\nPage\n====\n%% end\n")
    return tiny


def exported(course: Tiny, *options: str, **environment: str) -> str:
    done = course.run("export", "docs", "po", *options, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def imported(course: Tiny, *options: str, code: int = 0, **environment: str) -> str:
    done = course.run("import", "docs", "po", *options, **environment)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def translate(course: Tiny, name: str, change: Callable[[polib.POEntry], None]) -> None:
    """Change entries of a catalogue as a translator does."""
    file = polib.pofile(str(course.root / "po" / name))
    for entry in file:
        change(entry)
    file.save()


def setting(id: str, text: str, *flags: str) -> Callable[[polib.POEntry], None]:
    def change(entry: polib.POEntry) -> None:
        if entry.msgctxt == id:
            entry.msgstr, entry.flags = text, [*entry.flags, *flags]

    return change


def sources(course: Tiny) -> dict[Path, bytes]:
    """All that authors wrote."""
    return {path: path.read_bytes() for name in ("docs", "gallery") for path in (course.root / name).rglob("*.*")}


def test_each_block_goes_out_with_its_name_place_and_surroundings(course: Tiny):
    told = exported(course, "--from", "zh", "--to", "en")
    assert told == "po/en: 16 texts of 6 files from zh to en, 0 to do\n"
    file = polib.pofile(str(course.root / "po/en/lessons/10_module.po"))
    assert (file.metadata["Language"], file.metadata["X-Source-Language"]) == ("en", "zh_CN")
    found = {entry.msgctxt.partition(":")[2]: entry for entry in file}
    assert list(found) == ["title", "0.1", "1.1", "c0"]
    assert (found["title"].msgid, found["title"].msgstr) == ("模块", "Modules")
    assert found["1.1"].msgid == ".. _10_module-one:\n\n第一节\n------\n\n正文。"
    assert found["1.1"].msgstr == ".. _10_module-one:\n\nFirst section\n-------------\n\nText."
    assert found["c0"].occurrences == [("gallery/10_module.py", "36")]
    script = (course.root / "gallery/10_module.py").read_text("utf-8").split("\n")
    for part, entry in found.items():
        line = script[int(entry.occurrences[0][1]) - 1]
        assert line.removeprefix("# ").removeprefix("zh: ") == entry.msgid.split("\n")[0], part
    assert "Above the line: value = 1" in found["c0"].comment and "Term: 正文 = text" in found["1.1"].comment


@pytest.mark.parametrize("form", FORMATS)
def test_the_libraries_of_each_format_read_the_same(course: Tiny, form: str):
    exported(course, "--format", form)
    for path in sorted((course.root / "po").rglob("*.*")):
        units = [unit for unit in factory.getobject(str(path)).units if unit.source]
        assert units and all(unit.target for unit in units)
        if form == "po":
            with path.open("rb") as file:
                known = {message.context: (message.id, message.string) for message in read_po(file) if message.id}
            assert list(known.values()) == [(unit.source, unit.target) for unit in units]


def test_from_and_to_turn_about(course: Tiny):
    exported(course, "--from", "en", "--to", "zh")
    entry = polib.pofile(str(course.root / "po/zh/page.po"))[0]
    assert (entry.msgctxt, entry.msgid, entry.msgstr) == ("page:title", "Page", "页")


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_tool_opens_and_saves_changes_nothing(course: Tiny, form: str):
    exported(course, "--format", form)
    before = sources(course)
    for path in (course.root / "po").rglob("*.*"):
        if form == "po":
            polib.pofile(str(path), wrapwidth=20).save()
        factory.getobject(str(path)).save()
    assert imported(course) == "zh to en: 0 translations taken, 16 as they were\n"
    assert sources(course) == before


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_translator_writes_lands_in_its_block_and_nowhere_else(course: Tiny, form: str):
    exported(course, "--format", form)
    path = next((course.root / "po/en/lessons").glob("20_data.*"))
    file = factory.getobject(str(path))
    for unit in file.units:
        if unit.source == "中文注释":
            unit.target = "New <comment> & \\more"
        if unit.source.startswith(".. _20_data"):
            unit.target = ".. _20_data-one:\n\nA longer heading\n----\n\n* one\n\n  - two\n"
    file.save()
    before, script = sources(course), course.root / "gallery/20_data.py"
    told = imported(course)
    assert told == "gallery/20_data.py: 2 translations taken\nzh to en: 2 translations taken, 14 as they were\n"
    expected = before[script].decode().replace("# en: English comment", "# en: New <comment> & \\more")
    block = "# First section\n# -------------\n#\n# Text.\n"
    assert block in expected
    block, new = block, f"# A longer heading\n# {'-' * 16}\n#\n# * one\n#\n#   - two\n"
    assert sources(course) == {**before, script: expected.replace(block, new).encode()}


def test_a_dry_run_writes_nothing(course: Tiny):
    exported(course)
    translate(course, "en/page.po", setting("page:title", "Leaf"))
    before = sources(course)
    assert "docs/page.rst: 1 translation would be taken\n" in imported(course, "--dry-run")
    assert sources(course) == before


def test_a_title_gets_the_underline_that_it_needs(course: Tiny):
    exported(course)
    exported(course, "--from", "en", "--to", "zh")
    translate(course, "en/page.po", setting("page:title", "A longer page"))
    translate(course, "zh/lessons/10_module.po", setting("lessons/10_module:title", "一个模块"))
    imported(course)
    assert "%% en\nA longer page\n=============\n%% end" in (course.root / "docs/page.rst").read_text("utf-8")
    assert "%% zh\n一个模块\n========\n\n本课" in (course.root / "gallery/10_module.py").read_text("utf-8")
    assert course.run("check", "docs").stderr.count("underline") == 0


def test_fuzzy_translations_wait_until_they_are_asked_for(course: Tiny):
    exported(course)
    translate(course, "en/page.po", setting("page:title", "Leaf", "fuzzy"))
    assert "1 of them fuzzy" in imported(course) and "Leaf" not in (course.root / "docs/page.rst").read_text()
    assert "docs/page.rst: 1 translation taken" in imported(course, "--fuzzy")


def test_xliff_knows_what_is_to_be_looked_at_once_more(course: Tiny):
    exported(course, "--format", "xliff")
    file = factory.getobject(str(course.root / "po/en/page.xlf"))
    file.units[0].target = "Leaf"
    file.units[0].markfuzzy()
    file.save()
    assert "1 of them fuzzy" in imported(course)
    assert "docs/page.rst: 1 translation taken" in imported(course, "--fuzzy")


def test_a_block_that_moved_is_found_by_its_text(course: Tiny):
    exported(course)
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:1.1", ".. _10_module-one:\n\nNew\n---"))
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:c0", "Moved"))
    course.edit(
        "gallery/10_module.py", "import os\n", "import os\n\n# %% zh\n# 先\n# %% en\n# First\n\n# zh: 又\n# en: Too\n"
    )
    assert "gallery/10_module.py: 2 translations taken" in imported(course)
    text = (course.root / "gallery/10_module.py").read_text("utf-8")
    assert "# First\n" in text and "# en: Too\n" in text and "# en: Moved\n" in text and "# New\n# ---\n" in text


def test_a_block_that_says_something_else_now_is_refused_and_the_others_are_taken(course: Tiny):
    exported(course)
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:1.1", "Old"))
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:c0", "Taken"))
    course.edit("gallery/10_module.py", "# 正文。\n", "# 新的正文。\n")
    told = imported(course, code=1)
    assert "po/en/lessons/10_module.po:" in told and "gallery/10_module.py:21 says something else now" in told
    assert "export again, and translate what changed\n1 translation refused\n" in told
    text = (course.root / "gallery/10_module.py").read_text("utf-8")
    assert "# en: Taken\n" in text and "# Old" not in text


def test_texts_that_repeat_keep_their_order(course: Tiny):
    course.edit("gallery/10_module.py", "import os\n", "import os\n\n# zh: 中文注释\n# en: Same\n")
    exported(course)
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:c0", "First"))
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:c1", "Second"))
    course.edit("gallery/10_module.py", "import os\n", "# zh: 新\n# en: New\nimport os\n")
    assert "gallery/10_module.py: 2 translations taken" in imported(course)
    text = (course.root / "gallery/10_module.py").read_text("utf-8")
    assert text.index("# en: New\n") < text.index("# en: First\n") < text.index("# en: Second\n")


def test_a_text_that_repeats_is_refused_where_it_is_not_clear_which_is_meant(course: Tiny):
    exported(course)
    translate(course, "en/lessons/10_module.po", setting("lessons/10_module:c0", "Which"))
    more = "# zh: 新\n# en: New\nimport os\n# zh: 中文注释\n# en: Second\n"
    course.edit("gallery/10_module.py", "import os\n", more)
    told = imported(course, code=1)
    assert "the text that this translates stands in several places: gallery/10_module.py:" in told
    assert "# en: Which" not in (course.root / "gallery/10_module.py").read_text("utf-8")


def test_a_translation_that_the_author_changed_meanwhile_is_not_lost(course: Tiny):
    exported(course)
    course.edit("docs/page.rst", "Page\n====", "Author\n======")
    assert "0 translations taken" in imported(course)
    translate(course, "en/page.po", setting("page:title", "Translator"))
    assert "docs/page.rst:4: its translation was changed there since the export, too" in imported(course, code=1)
    assert "Author" in (course.root / "docs/page.rst").read_text()
    assert "1 translation taken" in imported(course, "--overwrite")
    assert "Translator\n==========" in (course.root / "docs/page.rst").read_text()


@pytest.mark.parametrize(
    ("part", "text", "message"),
    [
        ("1.1", ".. _10_module-one:\n\nA\n==\n\n%% zh\n", '"# %% zh" would be read as a mark'),
        ("0.1", 'Three """ quotes', "this is not Python"),
        ("c0", "One\ntwo", "a comment is one line"),
        ("title", "One\ntwo", "a title is one line"),
    ],
)
def test_a_translation_that_would_break_its_script_is_refused(course: Tiny, part: str, text: str, message: str):
    exported(course)
    translate(course, "en/lessons/10_module.po", setting(f"lessons/10_module:{part}", text))
    before = sources(course)
    told = imported(course, code=1)
    assert message in told and told.endswith("1 translation refused\n")
    assert sources(course) == before


def test_a_language_that_no_script_has_yet_comes_in(course: Tiny):
    told = exported(course, "--from", "en", "--to", "fr", **FRENCH)
    assert told == "po/fr: 16 texts of 6 files from en to fr, 16 to do\n"

    def change(entry: polib.POEntry) -> None:
        if entry.msgctxt != "lessons/30_version:c0":
            entry.msgstr = entry.msgid.replace("Text.", "Texte.")

    for path in (course.root / "po/fr").rglob("*.po"):
        translate(course, str(path.relative_to(course.root / "po")), change)
    assert "en to fr: 15 translations taken, 0 as they were, 1 not there yet" in imported(course, **FRENCH)
    script = (course.root / "gallery/10_module.py").read_text("utf-8")
    assert re.search("# 正文。\n#\n# %% fr [0-9a-f]{8}\n# .. _10_module-one:\n", script)
    assert "# zh: 中文注释\n# fr: English comment\n" in script
    checked = course.run("check", "docs", **FRENCH)
    assert checked.stdout.endswith("fr: 1 comment and 2 terms are still to be translated\n"), checked.stderr
    assert "po/fr: 16 texts of 6 files from en to fr, 1 to do" in exported(
        course, "--from", "en", "--to", "fr", **FRENCH
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_translation_that_fell_behind_is_fuzzy_until_a_translator_has_looked_at_it(course: Tiny, form: str):
    way = ["--from", "en", "--to", "fr", "--format", form]
    block = "# .. _10_module-one:\n#\n# First section\n# -------------\n#\n# Text.\n"
    exported(course, *way, **FRENCH)
    path = next((course.root / "po/fr/lessons").glob("10_module.*"))
    copied = factory.getobject(str(path))
    for unit in copied.units:
        if unit.source:
            unit.target = unit.source
    copied.save()
    imported(course, **FRENCH)
    before = sources(course)
    course.edit("gallery/10_module.py", f"# %% en\n{block}", f"# %% en\n{block.replace('Text', 'Other text')}")
    assert "1 block is behind en" in checked(course)
    exported(course, *way, **FRENCH)
    assert "1 of them fuzzy" in imported(course, **FRENCH) and "1 block is behind en" in checked(course)
    looked_at = factory.getobject(str(path))
    for unit in looked_at.units:
        if unit.source:
            if form == "po":
                assert unit.isfuzzy() == unit.source.startswith(".. _10_module-one")
            unit.markfuzzy(False)
            if form == "xliff":
                unit.set_state_n(unit.S_TRANSLATED)
    looked_at.save()
    assert "gallery/10_module.py: 1 translation taken" in imported(course, **FRENCH)
    assert "behind en" not in checked(course)
    changed = {path for path, content in sources(course).items() if content != before[path]}
    assert changed == {course.root / "gallery/10_module.py"}


def checked(course: Tiny) -> str:
    done = course.run("check", "docs", **FRENCH)
    return done.stdout + done.stderr


def test_notebooks_and_translations_in_files_of_their_own_are_left_out_and_told(course: Tiny):
    course.write("gallery/10_module.fr.py", '"""\n%% fr\nModules\n=======\n\nLes **modules**.\n"""\n')
    told = exported(course, "--from", "en", "--to", "fr", **FRENCH)
    assert "gallery/10_module.py: left out, as it is a notebook, or with translations in a file beside it" in told
    assert not (course.root / "po/fr/lessons/10_module.po").exists()


def test_a_title_and_the_text_below_it_come_in_together(course: Tiny):
    exported(course, "--from", "en", "--to", "fr", **FRENCH)
    translate(course, "fr/lessons/10_module.po", setting("lessons/10_module:title", "Modules"))
    told = imported(course, code=1, **FRENCH)
    assert "the text below this title is not translated yet; translate that as well" in told


def test_work_of_a_translator_is_not_written_over(course: Tiny):
    exported(course)
    translate(course, "en/page.po", setting("page:title", "Leaf"))
    done = course.run("export", "docs", "po")
    assert (
        done.returncode == 1 and "po/en/page.po:" in done.stderr and "import it, or export with --over" in done.stderr
    )
    imported(course)
    exported(course)
    translate(course, "en/page.po", setting("page:title", "Other"))
    exported(course, "--overwrite")
    assert polib.pofile(str(course.root / "po/en/page.po"))[0].msgstr == "Leaf"


def test_a_tool_may_drop_our_notes_and_name_the_language_its_own_way(course: Tiny):
    exported(course, "--from", "en", "--to", "zh")
    path = course.root / "po/zh/page.po"
    file = polib.pofile(str(path))
    file.metadata["Language"], file[0].comment, file[0].msgstr = "zh_Hans", "", "书页"
    file.save()
    assert EXPORTED not in path.read_text("utf-8")
    assert "docs/page.rst: 1 translation taken" in imported(course)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "docs", "po", "--to", "fr"], "conf.py: fr is not in polyglot_languages; add it there"),
        (["export", "docs", "po", "--from", "en", "--to", "en"], "en cannot be translated into itself"),
        (["import", "docs", "src"], "src: no catalogue is there; name a folder or a file that export wrote"),
        (["import", "docs", "bad.po"], "bad.po:1: this is no PO file"),
        (["import", "docs", "bad.xlf"], "bad.xlf:1: this is no XLIFF 1.2"),
        (["import", "docs", "other.po"], 'other.po:1: the catalogue is for the language "ja"; write zh_CN or en'),
    ],
)
def test_what_cannot_be_is_told(course: Tiny, arguments: list[str], message: str):
    course.write("bad.po", "this is none\n")
    course.write("bad.xlf", "<xliff")
    course.write("other.po", 'msgid ""\nmsgstr "Language: ja\\nX-Source-Language: zh_CN\\n"\n')
    done = course.run(*arguments)
    assert done.returncode == 1 and message in done.stderr


def test_sources_with_faults_are_told_first(course: Tiny):
    course.edit("docs/page.rst", "%% en\n", "%%en\n")
    done = course.run("export", "docs", "po")
    assert done.returncode == 1 and 'docs/page.rst:7: "%%en" is not a mark' in done.stderr
    assert not (course.root / "po").exists()
