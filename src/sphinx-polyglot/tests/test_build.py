"""Each lesson runs once for all languages, and again only for what it depends on."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiny import WAIT, Tiny, put_back, tiny_course

ALL = ["10_module", "20_data", "30_version"]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A tiny course that was built once; each test leaves it built."""
    tiny = tiny_course(tmp_path_factory.mktemp("tiny"))
    assert tiny.built() == ALL
    return tiny


@pytest.fixture
def own(built) -> Iterator[Tiny]:
    """The same course for a test that edits it; afterwards it is as before."""
    with put_back(built) as tiny:
        yield tiny


def test_a_second_build_runs_nothing(own):
    assert own.built() == []


@pytest.mark.everyday(3)
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("gallery/10_module.py", "# 正文。", "# 正文改了，\n# 还多了一行。"),
        ("gallery/10_module.py", "# Text.", "# Other text.\n#\n# .. _module-more:\n#\n# More\n# ~~~~\n#\n# And more."),
        ("gallery/20_data.py", "数据\n====", "读取数据\n========"),
        ("gallery/20_data.py", "# en: English comment", "# en: Reworded comment"),
        ("gallery/GALLERY_HEADER.rst", "Note.", "A longer note."),
        ("src/far.py", '"""Deep."""', '"""A docstring."""  # and a comment'),
        ("docs/index.rst", "Home page", "The start"),
    ],
)
def test_words_run_nothing(own, name, old, new):
    if "More" in new:  # a heading stands in both languages
        own.edit(name, "# 正文", "# 多一段。\n#\n# .. _module-more:\n#\n# 更多\n# ~~~~\n#\n# 正文")
    own.edit(name, old, new)
    assert own.built() == []


def test_what_is_no_terminal_gets_no_colours(own):
    done = own.build()
    assert done.returncode == 0 and "── English ──" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_markup_beside_chinese_is_read(built):
    assert "本课讲<strong>模块</strong>。" in built.page("zh/lessons/10_module.html")


def test_new_words_are_on_the_page(own):
    own.edit("gallery/30_version.py", "本课讲", "这一课讲")
    assert own.built() == []
    assert "这一课讲" in own.page("zh/lessons/30_version.html")
    assert "这一课讲" in own.page("zh/lessons/index.html")  # the thumbnail's tooltip


def test_a_new_title_is_on_every_page(own):
    own.edit("gallery/20_data.py", "Data\n====", "Datasets\n====")
    assert own.built() == []
    for page in ("index", "lessons/index", "lessons/10_module", "lessons/30_version"):
        assert "Datasets" in own.page(f"en/{page}.html"), page


TERM = """\
[value]
zh = ["值"]
en = ["value"]
theme = "one"
text.zh = "一个数。"
text.en = "A number."

[other]
zh = ["别的"]
en = ["other"]
theme = "two"
text.zh = "第二个。"
text.en = "The second one."
"""


def test_links_to_a_term_follow_it_to_another_page(tiny):
    tiny.edit("conf.py", "nitpicky", 'polyglot_glossary = "docs/terms.toml"\nnitpicky')
    tiny.write("docs/terms.toml", TERM)
    for theme, zh in (("one", "甲"), ("two", "乙")):
        page = f"%% zh\n{zh}\n====\n%% en\n{theme.title()}\n====\n%% end\n\n.. polyglot-glossary:: {theme}\n"
        tiny.write(f"docs/{theme}.rst", page)
    tiny.edit("docs/index.rst", "   lessons/index\n", "   lessons/index\n   one\n   two\n")
    tiny.edit("gallery/10_module.py", "# 正文。", "# 正文，:term:`值 <value>`。")
    tiny.edit("gallery/10_module.py", "# Text.", "# Text, :term:`value`.")
    tiny.built()
    assert 'href="../one.html#term-value"' in tiny.page("en/lessons/10_module.html")
    third = '[third]\nzh = ["第三"]\nen = ["third"]\ntheme = "one"\ntext.zh = "占位。"\ntext.en = "It stays."\n'
    tiny.write("docs/terms.toml", TERM.replace('theme = "one"', 'theme = "two"') + third)
    tiny.built()
    assert 'href="../two.html#term-value"' in tiny.page("en/lessons/10_module.html")


def test_another_version_of_what_makes_pages_reads_all_of_them_again(own):
    own.write("site/pygments-0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pygments\nVersion: 0.0\n")
    done = own.build()
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("config changed ('polyglot_makers')") == 2
    assert "config changed" not in own.build().stdout


def test_touch_runs_nothing(own):
    for path in own.root.rglob("*.py"):
        os.utime(path)
    assert own.built() == []


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("name", "old", "new", "ran"),
    [
        ("gallery/30_version.py", "value = 1", "value = 2", ["30_version"]),
        ("src/near.py", "return deep()", "return deep() + 1", ["10_module"]),
        ("src/far.py", "return 1", "return 2", ["10_module"]),
        ("data/words", "one", "four", ["20_data"]),
        ("site/tinydist-1.0.dist-info/METADATA", "Version: 1.0", "Version: 1.1", ["30_version"]),
    ],
)
def test_what_outputs_depend_on_runs_just_the_dependent(own, name, old, new, ran):
    own.edit(name, old, new)
    assert own.built() == ran
    assert own.built() == []


@pytest.mark.proof
def test_a_third_language_runs_nothing(own):
    french = {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr"}
    saved = {path: path.read_text("utf-8") for path in [*own.root.glob("gallery/*"), own.root / "docs/index.rst"]}
    for path, text in saved.items():
        text = re.sub(r"^# %% en\n((?:#.*\n)*)", r"\g<0># %% fr\n\1", text, flags=re.MULTILINE)
        text = re.sub(r"^%% en\n((?:(?!%%|\"{3}).*\n)*)", r"\g<0>%% fr\n\1", text, flags=re.MULTILINE)
        text = re.sub(r"^# en: (.*)$", r"\g<0>\n# fr: commentaire", text, flags=re.MULTILINE)
        path.write_text(text, "utf-8")
    assert own.built(**french) == []
    assert "# commentaire" in re.sub("<[^>]+>", "", own.page("fr/lessons/10_module.html"))
    assert '<html class="no-js" lang="fr"' in own.page("fr/lessons/10_module.html")
    for path, text in saved.items():
        path.write_text(text, "utf-8")
    assert own.built() == []


def test_a_draft_shows_another_language_where_it_has_gaps(own):
    french = {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr", "TINY_DRAFTS": "fr:en"}
    script = (own.root / "gallery/30_version.py").read_text("utf-8")
    own.edit(
        "gallery/30_version.py", "# Text.\n", "# Text.\n#\n# %% fr\n# .. _30_version-one:\n#\n# Un\n# --\n#\n# Texte.\n"
    )
    assert own.built(**french) == []
    page = own.page("fr/lessons/30_version.html")
    assert "Texte." in page and "About <strong>Versions</strong>" in page and "English comment" in page
    own.write("gallery/30_version.py", script)
    assert own.built() == []


@pytest.mark.proof
def test_a_renamed_lesson_leaves_nothing_behind(own):
    (own.root / "gallery/30_version.py").rename(own.root / "gallery/40_version.py")
    own.edit("gallery/40_version.py", '"30_version', '"40_version')
    assert own.built() == ["40_version"]
    left = [path for path in own.root.rglob("*30_version*") if "__pycache__" not in str(path)]
    assert left == []
    (own.root / "gallery/40_version.py").rename(own.root / "gallery/30_version.py")
    own.edit("gallery/30_version.py", '"40_version', '"30_version')
    assert own.built() == ["30_version"]


def test_plain_sphinx_build_takes_the_same_project(own):
    done = own.run("-q", "-W", "-c", ".", "-D", "language=en", "docs", "build/plain", module="sphinx")
    assert done.returncode == 0, done.stderr
    assert "First section" in (own.root / "build/plain/lessons/10_module.html").read_text("utf-8")


def test_the_site_has_no_placeholder_and_no_other_language(own):
    own.built()
    for path in sorted((own.root / "build/html").rglob("*.html")):
        text = path.read_text("utf-8")
        assert "⟦" not in text and "%%" not in text, path
        other = "First section" if "/zh/" in str(path) else "第一节"
        assert other not in text, path


def test_the_root_page_leads_to_each_language(built):
    page = (built.root / "build/html/index.html").read_text("utf-8")
    assert 'href="zh/index.html"' in page
    assert 'href="en/index.html"' in page
    assert "canonical" not in page


def test_addresses_appear_when_the_site_has_one(tiny):
    tiny.built(TINY_BASEURL="https://example.org/hour/")
    page = tiny.page("zh/lessons/10_module.html")
    assert '<link rel="canonical" href="https://example.org/hour/zh/lessons/10_module.html"' in page
    for name, code in (("zh-CN", "zh"), ("en", "en"), ("x-default", "en")):
        assert f'hreflang="{name}" href="https://example.org/hour/{code}/lessons/10_module.html"' in page


def test_a_lesson_that_raises_is_named_with_the_authors_line(tiny):
    tiny.edit("gallery/20_data.py", "value = 1", "value = 1\nlist_of = [][value]")
    line = (tiny.root / "gallery/20_data.py").read_text("utf-8").split("\n").index("list_of = [][value]") + 1
    done = tiny.build()
    assert done.returncode == 1
    assert (
        f"WARNING: gallery/20_data.py:{line}: the lesson raised IndexError: list index out of range; correct"
        in done.stderr
    )
    assert "build/stage" not in done.stderr
    assert not (tiny.root / "build/html/en").exists()
    assert (tiny.root / "log").read_text().split() == ["10_module", "20_data", "30_version"]  # the rest finishes
    tiny.edit("gallery/20_data.py", "value = 1\nlist_of = [][value]", "value = 1")
    assert tiny.built() == ["20_data"]


def test_a_syntax_error_is_named_with_the_authors_line(tiny):
    tiny.edit("gallery/20_data.py", "value = 1", "value = = 1")
    done = tiny.build()
    assert done.returncode == 1
    assert re.search(
        r"^gallery/20_data\.py:\d+: this is not Python: invalid syntax; correct the code", done.stderr, re.M
    )


ZH, EN = "首页\n====\n", "Home page\n=========\n"


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("name", "edits", "place", "message"),
    [
        (
            "gallery/30_version.py",
            {"# 正文。": "# 见 :ref:`nowhere`。", "# Text.": "# See :ref:`nowhere`."},
            "# 见 :ref:",
            "undefined label: 'nowhere'",
        ),
        (
            "gallery/30_version.py",
            {"# 正文。": "# .. nodirective::\n#    x", "# Text.": "# .. nodirective::\n#    x"},
            "# .. nodirective",
            'Unknown directive type "nodirective"',
        ),
        (
            "gallery/30_version.py",
            {"本课讲": "本课讲 :math:`\\nosuchcommand` ", "About ": "About :math:`\\nosuchcommand` "},
            "本课讲",
            "this formula cannot be drawn",
        ),
        (
            "docs/index.rst",
            {ZH: f"{ZH}\n见 :ref:`nowhere`。\n", EN: f"{EN}\nSee :ref:`nowhere`.\n"},
            "见 :ref:",
            "undefined label: 'nowhere'",
        ),
        (
            "docs/index.rst",
            {ZH: f"{ZH}\n见 :ref:`20_data-on`。\n", EN: f"{EN}\nSee :ref:`20_data-on`.\n"},
            "见 :ref:",
            "undefined label: '20_data-on'; write '20_data-one', or put the label above a heading",
        ),
        (
            "gallery/10_module.py",
            {"# 正文。": "# 见 :doc:`20_date`。", "# Text.": "# See :doc:`20_date`."},
            "# 见 :doc:",
            "unknown document: '20_date'; write '20_data', or write the page",
        ),
        (
            "docs/index.rst",
            {ZH: f"{ZH}\n见 :term:`lost`。\n", EN: f"{EN}\nSee :term:`lost`.\n"},
            "见 :term:",
            "term not in glossary: 'lost'; correct the name, or add the term to the glossary",
        ),
        (
            "docs/index.rst",
            {ZH: f"{ZH}\n.. math:: \\nosuch\n", EN: f"{EN}\n.. math:: \\nosuch\n"},
            ".. math::",
            "this formula cannot be drawn",
        ),
        (
            "docs/index.rst",
            {"   lessons/index": "   lessons/index\n   nowhere"},
            ".. toctree::",
            "nonexisting document",
        ),
    ],
)
def test_sphinx_names_the_authors_line(tiny, name, edits, place, message):
    for old, new in edits.items():
        tiny.edit(name, old, new)
    lines = (tiny.root / name).read_text("utf-8").split("\n")
    line = next(number for number, text in enumerate(lines, 1) if text.startswith(place))
    done = tiny.build()
    assert done.returncode == 1
    assert re.search(rf"{re.escape(name)}:{line}: .*{re.escape(message)}", done.stderr), done.stderr


def test_a_fault_in_the_library_is_named_at_its_line(tiny):
    tiny.edit("src/far.py", "return 1", "return = 1")
    done = tiny.build()
    assert done.returncode == 1
    assert re.search(r"^src/far\.py:6: this is not Python: invalid syntax; correct the code", done.stderr, re.M)
    assert "Traceback" not in done.stderr


def test_faults_of_all_lessons_are_listed_at_once(tiny):
    tiny.edit("gallery/10_module.py", "# %% en", "# %% eng")
    tiny.edit("gallery/20_data.py", "# First section\n# -------------", "# First section\n# ~~~~~~~~~~~~~")
    tiny.edit("gallery/30_version.py", "30_version-one", "20_data-one")
    done = tiny.build()
    assert done.returncode == 1
    assert 'gallery/10_module.py:28: "# %% eng" is not a mark; write "# %% zh" or "# %% en"' in done.stderr
    assert re.search(
        r'gallery/20_data\.py:\d+: the heading "First section" \(en\) has label .* give both the same', done.stderr
    )
    assert re.search(
        r'gallery/30_version\.py:\d+: the label "20_data-one" is already at gallery/20_data\.py:\d+; give', done.stderr
    )


@pytest.mark.proof
def test_a_warning_is_not_forgotten_by_the_next_build(tiny):
    tiny.edit("gallery/10_module.py", "# Text.", "# See :ref:`nowhere`.")
    tiny.edit("gallery/10_module.py", "# 正文。", "# 见 :ref:`nowhere`。")
    for _ in range(2):
        done = tiny.build()
        assert done.returncode == 1
        assert "undefined label: 'nowhere'" in done.stderr


@pytest.mark.proof
def test_the_last_good_site_stays_until_the_next(tiny):
    tiny.built()
    before = tiny.page("en/lessons/10_module.html")
    tiny.edit("gallery/10_module.py", "# Text.", "# New text.")
    tiny.edit("gallery/20_data.py", "value = 1", "value = missing")
    assert tiny.build().returncode == 1
    assert tiny.page("en/lessons/10_module.html") == before
    tiny.edit("gallery/20_data.py", "value = missing", "value = 1")
    assert tiny.built() == ["20_data"]  # figures of the run that failed may lie over those of the last good one
    assert "New text." in tiny.page("en/lessons/10_module.html")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('root_doc = "start"', r"docs/start\.rst: there is no such page, with which the site begins; write it"),
        ('locale_dirs = ["words"]', r"conf\.py: locale_dirs names words, and there is no folder .*docs/words; correct"),
        (
            'templates_path = ["looks"]',
            r"conf\.py: templates_path names looks, and there is no folder .*/looks; correct",
        ),
        ('copyright = "me\u202e"', r"^conf\.py:3: U\+202E \(RIGHT-TO-LEFT OVERRIDE\) does not show; remove it"),
        ('html_css_files = ["sight.css"]', r"conf\.py: html_css_files names sight\.css, which no html_static_path"),
        (
            'html_statc_path = ["docs"]',
            r"conf\.py: there is no setting html_statc_path; write html_static_path, or call",
        ),
        (
            'html_static_path = ["docs"]\nhtml_css_files = ["sight.css"]',
            r"conf\.py: html_css_files names sight\.css, which no html_static_path has; correct it",
        ),
    ],
)
def test_a_name_in_the_settings_without_its_file_is_told_before_a_lesson_runs(tiny, more, message):
    tiny.edit("conf.py", 'project = "Tiny"', f'project = "Tiny"\n{more}')
    done = tiny.build()
    assert done.returncode == 1
    assert re.search(message, done.stderr), done.stderr
    assert not (tiny.root / "log").exists()


def test_what_a_merge_left_in_a_template_is_told(tiny):
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\ntemplates_path = ["docs/_templates"]')
    tiny.write("docs/_templates/sidebar/brand.html", "<<<<<<< HEAD\n<p>{{ project }}</p>\n")
    done = tiny.build()
    assert done.returncode == 1
    assert done.stderr.startswith("docs/_templates/sidebar/brand.html:1: a merge left both its versions here; keep")


def test_an_output_folder_that_cannot_be_written(tiny):
    tiny.write("taken", "a file stands where the folder should be")
    done = tiny.build(output="taken/html")
    assert done.returncode == 1
    assert re.search(
        r"taken/.sphinx-polyglot: Not a directory; make it writable, make room, or name another", done.stderr
    )
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write into every folder")
def test_a_read_only_folder(tiny):
    (tiny.root / "build").mkdir()
    (tiny.root / "build").chmod(0o500)
    done = tiny.build()
    assert done.returncode == 1
    assert "Permission denied; make it writable" in done.stderr


@pytest.mark.proof
def test_two_builds_do_not_meet(tiny):
    tiny.edit(
        "gallery/10_module.py",
        "value = 1",
        f"{WAIT}value = 1",
    )
    first = threading.Thread(target=Tiny(tiny.root, new_interpreter=True).build)
    first.start()
    log = tiny.root / "log"
    while first.is_alive() and not log.exists():
        first.join(0.05)
    second = tiny.build()
    (tiny.root / "go").touch()
    first.join()
    assert second.returncode == 1
    assert "another build is writing" in second.stderr
    assert log.read_text().split() == ALL


def test_a_project_without_languages_is_built_unchanged(tmp_path: Path):
    tiny = Tiny(tmp_path)
    script = (
        '"""\nAn old script\n=============\n\nWritten by someone else.\n"""\n# %%\n# A title\n# -------\nprint(6 * 7)\n'
    )
    tiny.write("gallery/plot_old.py", script)
    tiny.write("gallery/README.txt", "Examples\n========\n")
    tiny.write(
        "docs/index.rst", "Home\n====\n\n.. toctree::\n\n   auto/index\n\n.. minigallery:: ../gallery/plot_old.py\n"
    )
    conf = (
        'project = "Old"\nextensions = ["sphinx_gallery.gen_gallery"{}]\n'
        'sphinx_gallery_conf = dict(examples_dirs=["../gallery"], gallery_dirs=["auto"], backreferences_dir="gen")\n'
    )
    pages = []
    for more in (', "sphinx_polyglot"', ""):
        tiny.write("conf.py", conf.format(more))
        done = tiny.run("-q", "-E", "-W", "-c", ".", "docs", "build/out", module="sphinx")
        assert done.returncode == 0, done.stderr
        names = ("index", "auto/index", "auto/plot_old")
        pages.append("\n".join((tmp_path / f"build/out/{name}.html").read_text("utf-8") for name in names))
    articles = [
        re.findall(r'<div class="body" role="main">(.*?)<div class="sphinxsidebar"', page, re.S) for page in pages
    ]
    timeless = [re.sub(r"\d+\.\d+ seconds", "", "\n".join(texts)) for texts in articles]
    assert timeless[0] == timeless[1]
    assert len(articles[0]) == 3
    assert "42" in timeless[0]
