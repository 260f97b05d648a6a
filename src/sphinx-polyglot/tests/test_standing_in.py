"""What stands in for a translation is marked, so that eyes and readers of screens know which language it is."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, NavigableString

from browsing import clean_page, served
from partly import SIGNS, partly_translated
from tiny import Tiny

UNREAD = ["script", "style", "title"]  # a page's title in the browser's frame has no markup

STRINGS = ["s1", "s2"]  # of code, which is for all


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """Built once, and not changed."""
    course = partly_translated(tmp_path_factory.mktemp("partly"))
    course.built()
    return course


def address(course: Tiny) -> str:
    return (course.root / "build/html").as_uri()


def parsed(course: Tiny, name: str) -> BeautifulSoup:
    return BeautifulSoup(course.page(name), "html.parser")


def spoken(text: NavigableString) -> str:
    return text.find_parent(lang=True)["lang"]


def texts(soup: BeautifulSoup) -> list[tuple[NavigableString, str]]:
    """The texts of a page by an author, each with its language."""
    found = [text for text in soup.find_all(string=True) if type(text) is NavigableString]
    read = [text for text in found if not text.find_parent(UNREAD) and not text.find_parent(class_=STRINGS)]
    return [(text, language) for text in read for language, sign in SIGNS.items() if sign in text]


def test_every_text_stands_in_an_element_of_its_language(built):
    seen: dict[str, set[str]] = {}
    for path in sorted(Path(built.root, "build/html").rglob("*.html")):
        code = path.relative_to(built.root / "build/html").parts[0]
        for text, language in texts(BeautifulSoup(path.read_text("utf-8"), "html.parser")):
            assert spoken(text) == language, (path, text)
            if path.parent.name == "lessons":  # the glossary has each term in all languages
                seen.setdefault(code, set()).add(language)
    assert seen == {"zh": {"zh-CN"}, "en": {"en"}, "fr": {"fr", "en"}, "ar": {"ar", "en"}}


def test_what_has_the_other_direction_says_so(built):
    for name in ("lessons/10_module", "lessons/index", "words"):
        page = parsed(built, f"ar/{name}.html")
        assert page.html["dir"] == "rtl"
        lent = [
            element
            for element in page.article.find_all(lang="en")
            if not element.find_parent(class_=["polyglot-both", "polyglot-head"])
        ]
        assert lent and all(element["dir"] == "ltr" for element in lent)
    assert not parsed(built, "fr/words.html").html.has_attr("dir")


def test_a_run_has_one_note_and_the_page_tells_how_much(built):
    page = parsed(built, "fr/lessons/10_module.html")
    head, *notes = page.find_all(class_="polyglot-note")
    assert head.text.strip() == "Pas encore traduit sur cette page : 17 parties sur 20 (anglais)."
    assert [note.text for note in notes] == ["Pas encore traduit"] * 2
    assert all(note["lang"] == "fr" for note in (head, *notes))
    assert notes[0].find_next("p").text == "Enword “quoted” text."
    assert notes[1].find_parent("li").p.text == "Enword item"
    index = parsed(built, "fr/lessons/index.html").find_all(class_="polyglot-note")
    assert [note.text for note in index] == [
        "Cette page n’est pas encore traduite ; voici le texte d’origine (anglais)."
    ]
    assert not parsed(built, "en/lessons/10_module.html").find_all(class_="polyglot-note")


def test_quotation_marks_are_those_of_the_text(built):
    page = built.page("fr/lessons/10_module.html")
    assert "Frmot « intro »" in page and "Enword “quoted” text" in page


def test_headings_stand_in_the_language_that_is_theirs(built):
    page = parsed(built, "ar/lessons/10_module.html")
    assert page.h1["lang"] == "en" and page.h1["dir"] == "ltr"
    assert [item["lang"] for item in page.select(".toc-drawer span[lang]")] == ["en"] * 2
    assert {link.span["lang"] for link in page.select(".sidebar-tree .toctree-l2 > a")} == {"en"}


def test_words_of_figures_have_their_language(built):
    figure = parsed(built, "ar/lessons/30_version.html").select_one("svg.polyglot-drawing")
    told = {text.string: text.get("lang") for text in figure.find_all("text") if "polyglot-sans" in text["style"]}
    assert (told["Enword figure"], told["كلمة محور"]) == ("en", None)
    thing = parsed(built, "fr/lessons/30_version.html").select_one("[data-thing]")
    assert [word["lang"] for word in thing.find_all(True)] == ["en", "en"]


def test_our_words_within_it_are_of_the_page(built):
    minutes = parsed(built, "fr/lessons/30_version.html").find(string="1 min, et 1 de plus pour ce qui est replié")
    assert spoken(minutes) == "fr" and spoken(minutes.find_parent("p").next) == "en"


def test_notebooks_say_it_too(built):
    notebook = nbformat.read(built.root / "build/html/fr/lessons/10_module.ipynb", 4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert prose.count("*Pas encore traduit*") == 2
    assert "*Pas encore traduit*\n\nEnword “quoted” text." in prose


@pytest.mark.proof
def test_the_search_finds_it(built, browser):
    no_icon = "Failed to load resource: the server responded with a status of 404"
    with served(built.root / "build/html") as site, clean_page(browser, (no_icon,)) as page:
        page.goto(f"{site}/fr/search.html?q=Enword+caption")
        page.wait_for_selector("#search-results a")
        assert page.locator("#search-results a").count() >= 1


@pytest.mark.parametrize(
    ("asked", "led"),
    [(["fr-FR", "fr", "en"], "en"), (["fr-FR", "fr"], "fr"), (["ar", "fr", "zh-CN"], "zh"), (["de"], "en")],
)
def test_a_browser_is_led_to_a_whole_translation_first(built, browser, asked, led):
    with clean_page(browser) as page:
        page.add_init_script(f"Object.defineProperty(navigator, 'languages', {{get: () => {json.dumps(asked)}}})")
        page.goto(f"{address(built)}/index.html")
        page.wait_for_url(f"**/{led}/index.html")


def test_whoever_chose_a_draft_is_led_there_again(built, browser):
    with clean_page(browser, locale="en-US") as page:
        page.goto(f"{address(built)}/en/index.html")
        page.locator('.polyglot-switch [data-polyglot="ar"]').click()
        page.wait_for_url("**/ar/index.html")
        page.goto(f"{address(built)}/index.html")
        page.wait_for_url("**/ar/index.html")


def test_both_together_put_nothing_below_itself(built, browser):
    with clean_page(browser) as page:
        page.goto(f"{address(built)}/fr/lessons/10_module.html")
        page.locator('[data-polyglot-together="en"]').click()
        page.wait_for_selector(".polyglot-together")
        added = page.locator(".polyglot-together")
        assert {text.get_attribute("lang") for text in added.all()} == {"en"}
        assert added.filter(has_text="quoted").all_inner_texts() == ["Enword “quoted” intro, see Enword two."]
        page.locator('[data-polyglot-together="ar"]').click()
        page.wait_for_selector('.polyglot-together[lang="ar"]')
        told = page.locator('.polyglot-together[lang="ar"]').first
        assert told.get_attribute("dir") == "rtl" and "كلمة" in told.inner_text()
        assert page.locator(".polyglot-together .polyglot-note").count() == 0
