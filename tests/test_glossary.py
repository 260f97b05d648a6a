"""The glossary's page, and the lessons' links to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from browsing import clean_page
from places import REPOSITORY
from sphinx_polyglot.check.headings import headings
from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.check.terms import read_glossary
from sphinx_polyglot.source.lesson import Lesson, read_script
from sphinx_polyglot.source.marks import Line
from tiny import Tiny, put_back, tiny_course

LANGUAGES = ["zh", "en"]
GLOSSARY = read_glossary(REPOSITORY / "docs/glossary.toml", LANGUAGES)

TOML = """\
[module]
zh = ["模块"]
en = ["module"]
theme = "code"
text.zh = "装代码的文件，``import`` 导入它。"
text.en = "A file of code, which ``import`` brings in."

[raw-data]
zh = ["原始数据"]
en = ["raw data"]
theme = "other"
text.zh = "还没有处理的。"
text.en = "Not worked upon yet."
"""
PAGE = "%% zh\n词汇表\n======\n%% en\nGlossary\n========\n%% end\n\n.. polyglot-glossary:: code\n"
#: A comment that the check takes for a place where the other terms are shown.
REST = "\n..\n   .. polyglot-glossary:: other\n"
ENTRY = re.compile(r'<dt id="(term-[^"]+)">(.*?)</dt><dd>(.*?)</dd>', re.DOTALL)
OTHER_NAME = re.compile(r'<span class="polyglot-name" lang="([^"]+)">([^<]+)</span>')
#: The entry has come to the top, which the theme keeps a little free, or the page to its end.
ARRIVED = """name => document.getElementById(name).getBoundingClientRect().top < 42
    || scrollY + innerHeight > document.documentElement.scrollHeight - 2"""
LINK = re.compile(r'<a class="reference internal" href="[^"]*glossary\.html#([^"]+)"')


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A tiny course with a glossary of two terms and a link to one; each test leaves it built."""
    tiny = tiny_course(tmp_path_factory.mktemp("glossary"))
    tiny.write("docs/glossary.toml", TOML)
    tiny.write("docs/glossary.rst", PAGE + REST)
    tiny.edit("docs/index.rst", "   lessons/index\n", "   lessons/index\n   glossary\n")
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_glossary = "docs/glossary.toml"')
    tiny.edit("gallery/10_module.py", "# 正文。", "# 两个:term:`模块 <module>`。")
    tiny.edit("gallery/10_module.py", "# Text.", "# Two :term:`modules <module>`.")
    tiny.built()
    return tiny


@pytest.fixture
def own(built) -> Iterator[Tiny]:
    """The same course for a test that edits it; afterwards it is as before."""
    with put_back(built) as tiny:
        yield tiny


def test_an_entry_has_the_names_and_the_sentence(built):
    [(anchor, names, text)] = ENTRY.findall(built.page("zh/glossary.html"))
    assert anchor == "term-module"
    assert names.startswith("模块 ") and OTHER_NAME.findall(names) == [("en", "module")]
    assert "装代码的文件，" in text and '<span class="pre">import</span>' in text
    [(anchor, names, text)] = ENTRY.findall(built.page("en/glossary.html"))
    assert anchor == "term-module"
    assert names.startswith("module ") and OTHER_NAME.findall(names) == [("zh-CN", "模块")]


def test_what_others_call_it_stands_there_and_is_searched_for(own):
    own.edit("docs/glossary.toml", 'en = ["module"]\n', 'en = ["module"]\nalso.zh = ["模组", "套件"]\n')
    assert own.built() == []
    [(_, _, text)] = ENTRY.findall(own.page("zh/glossary.html"))
    assert "导入它。也叫模组、套件。" in re.sub("<[^>]*>", "", text)
    assert '["term-module","模块 module 装代码的文件' in own.page("zh/searchtexts.js").replace('", "', '","')
    assert "Also called" not in own.page("en/glossary.html")


def test_a_lesson_links_to_it_in_each_language(built):
    for code in LANGUAGES:
        assert LINK.findall(built.page(f"{code}/lessons/10_module.html")) == ["term-module"]


def test_an_edit_of_the_file_writes_the_page_anew_and_runs_nothing(own):
    own.edit("docs/glossary.toml", "A file of code", "A text of code")
    assert own.built() == []
    assert "A text of code" in own.page("en/glossary.html")


def test_without_a_theme_all_terms_stand_there(own):
    own.edit("docs/glossary.rst", "polyglot-glossary:: code", "polyglot-glossary::")
    assert own.built() == []
    assert [anchor for anchor, _, _ in ENTRY.findall(own.page("en/glossary.html"))] == [
        "term-module",
        "term-raw-data",
    ]
    own.edit("docs/glossary.rst", "polyglot-glossary::\n\n", "polyglot-glossary:: code\n\n")


@pytest.mark.proof
def test_a_draft_shows_what_it_has(own):
    french = {"TINY_LANGUAGES": "zh:zh_CN,en:en,fr:fr", "TINY_DRAFTS": "fr:en"}
    assert own.built(**french) == []
    [(anchor, names, text)] = ENTRY.findall(own.page("fr/glossary.html"))
    assert (anchor, OTHER_NAME.findall(names)) == ("term-module", [("zh-CN", "模块")])
    assert names.startswith("module ") and "which" in text
    own.edit(
        "docs/glossary.toml",
        'text.zh = "装',
        'fr = ["le module"]\ntext.fr = "Un fichier pour ``import``."\ntext.zh = "装',
    )
    assert own.built(**french) == []
    [(anchor, names, text)] = ENTRY.findall(own.page("fr/glossary.html"))
    assert names.startswith("le module ") and "Un fichier pour" in text
    assert OTHER_NAME.findall(names) == [("zh-CN", "模块"), ("en", "module")]
    own.write("docs/glossary.toml", TOML)
    assert own.built() == []


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "docs/glossary.toml",
            'text.zh = "还没有处理的。"\n',
            "",
            r'^docs/glossary\.toml:8: the term "raw-data" lacks a sentence in zh; add text\.zh = "…"$',
        ),
        (
            "docs/glossary.toml",
            "装代码的文件，",
            "装代码的文件,",
            r'^docs/glossary\.toml:5: half-width "," in "文件,`…`"; write "，"$',
        ),
        (
            "docs/glossary.toml",
            "A file of code",
            "A **file of code",
            r'^docs/glossary\.toml:6: "\*\*" begins or ends no emphasis, and readers would see it; pair it',
        ),
        (
            "docs/glossary.rst",
            ":: code",
            ":: cody",
            r'^docs/glossary\.toml:1: the term "module" has the theme "code", which no page shows; give it a theme',
        ),
        (
            "conf.py",
            '"docs/glossary.toml"',
            '""',
            r"docs/glossary\.rst:9: ERROR: there is no glossary to show; set polyglot_glossary and",
        ),
        (
            "docs/glossary.toml",
            'theme = "code"',
            'theme = "other"',
            r"docs/glossary\.rst:9: ERROR: docs/glossary\.toml has no term",
        ),
        (
            "docs/glossary.toml",
            "[module]",
            "[modules]",
            r"gallery/10_module\.py:\d+: WARNING: term not in glossary: 'module'",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(own, name, old, new, message):
    text = (own.root / name).read_text("utf-8")
    own.edit(name, old, new)
    done = own.build()
    own.write(name, text)
    assert done.returncode == 1
    assert re.search(message, done.stderr, re.MULTILINE), done.stderr
    assert "Traceback" not in done.stderr
    assert own.built() == []


def lessons(edit: Callable[[str], str] = str) -> list[Lesson]:
    """The lessons of this project, in the order of the course."""
    paths = sorted((REPOSITORY / "gallery").glob("*.py"))
    return [read_script(path, path.stem, edit(path.read_text("utf-8")), LANGUAGES) for path in paths]


def named(lines: list[Line], language: str) -> dict[str, int]:
    """The terms that prose names, each with its first line.

    Headings cannot link, so they do not count; of names inside each other, the longest does.
    """
    above = {heading.line for heading in headings(lines)}
    plain = [(text, number) for text, number in inventory(lines).plain if number not in above]
    text = "\n".join(text for text, _ in plain)
    spans = [
        (*match.span(1), term.key)
        for term in GLOSSARY.terms
        for match in term.patterns[language].finditer(text)
        if match[1]
    ]
    whole = [
        (start, key)
        for start, end, key in spans
        if not any(left <= start and end <= right and end - start < right - left for left, right, _ in spans)
    ]
    return {key: plain[text.count("\n", 0, start)][1] for start, key in sorted(whole, reverse=True)}


def linked(lines: list[Line]) -> set[str]:
    """The terms that prose links."""
    values = [item.value for item in inventory(lines).items if item.kind == "link"]
    return {value.removeprefix("term ") for value in values if value.startswith("term ")}


def unlinked(course: list[Lesson]) -> Iterator[str]:
    """What the course names and does not link where it should.

    A term that is compared: in the first block that names it in every language. An everyday word
    may come up before it is meant as a term, so some block must link it, no matter which.
    """
    blocks = [(lesson.path, block) for lesson in course for block in lesson.blocks]
    links = set.union(*(linked(lines) for _, block in blocks for lines in block.values()))
    met: set[str] = set()
    for path, block in blocks:
        names = {code: named(lines, code) for code, lines in block.items()}
        for term in GLOSSARY.terms:
            if term.key in met or not all(term.key in names[code] for code in LANGUAGES):
                continue
            met.add(term.key)
            for code in LANGUAGES:
                if term.key not in (linked(block[code]) if term.compared else links):
                    name, place = term.names[code][0], f"{path.name}:{names[code][term.key]}"
                    yield f"{place}: {name} comes up first here; write :term:`{name} <{term.key}>`"


def test_every_term_is_linked_where_it_comes_up_first():
    missing = list(unlinked(lessons()))
    assert missing == [], "\n".join(missing)


@pytest.mark.proof
def test_missing_links_are_listed():
    course = lessons()
    used = set.union(*(linked(lines) for lesson in course for block in lesson.blocks for lines in block.values()))
    bare = lessons(lambda text: re.sub(r":term:`([^`<]+?)(?: <[^`>]+>)?`", r"\1", text))
    listed = {re.search(r"<(.+)>`$", message)[1] for message in unlinked(bare)}
    assert used <= listed
    assert "tensor" in used


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_has_every_term(site, code):
    page = (site / code / "glossary.html").read_text("utf-8")
    shown = {anchor: names for anchor, names, _ in ENTRY.findall(page)}
    assert sorted(shown) == sorted(f"term-{term.key}" for term in GLOSSARY.terms)
    for term in GLOSSARY.terms:
        assert shown[f"term-{term.key}"].startswith(term.names[code][0])


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_link_of_the_lessons_leads_to_an_entry(site, code):
    anchors = {anchor for anchor, _, _ in ENTRY.findall((site / code / "glossary.html").read_text("utf-8"))}
    for lesson in lessons():
        page = (site / code / f"lessons/{lesson.key}.html").read_text("utf-8")
        wanted = set.union(*(linked(block[code]) for block in lesson.blocks))
        assert {f"term-{key}" for key in wanted} == set(LINK.findall(page)) <= anchors, lesson.path


@pytest.mark.everyday(1)
@pytest.mark.parametrize("key", ["term-gradient", "term-weight", "term-all-reduce"])
def test_the_language_switch_keeps_the_term(browser, site, key):
    """Others stand close below it, and the last is too near the page's end to come to its top."""
    with clean_page(browser) as page:
        page.goto(f"{site.as_uri()}/zh/glossary.html#{key}")
        page.wait_for_function(ARRIVED, arg=key)
        page.locator(".polyglot-switch a:visible").click()
        page.wait_for_url(f"**/en/glossary.html#{key}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_term_looks_like_the_text_around_it(browser, site, scheme):
    with clean_page(browser, color_scheme=scheme) as page:
        page.goto(f"{site.as_uri()}/zh/lessons/10_tensors.html")
        link = page.locator("article a[href*='#term-tensor']").first
        color = "node => getComputedStyle(node).color"
        assert link.evaluate(color) == page.locator("article p").first.evaluate(color)
        assert link.evaluate("node => getComputedStyle(node).textDecorationStyle") == "dotted"
