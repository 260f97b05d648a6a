"""The built site: every page in its own language, whole and self-contained."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from places import REPOSITORY

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]*\b[ ,]+){4,}")
UNREAD = {"code", "pre", "script", "style", "math"}
READ_ATTRIBUTES = ("title", "aria-label", "alt", "tooltip", "placeholder")


class Reader(HTMLParser):
    """Collects what a person reads or hears of a page, code and formulas aside.

    What says that it is in another language, such as the second name of a term, stands in ``foreign``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.foreign: list[tuple[str, str]] = []
        self.language = ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in ("meta", "link", "input", "img", "br", "hr", "wbr"):
            self.language = values.get("lang", "") if tag != "html" else ""
            is_code = "polyglot-mono" in values.get("style", "")  # in a figure
            skipped = tag in UNREAD or is_code or bool(self.language) or bool(self.open and self.open[-1] == "")
            self.open.append("" if skipped else tag)
        if not (self.open and self.open[-1] == ""):
            self.texts += [values[name] for name in READ_ATTRIBUTES if values.get(name)]

    def handle_endtag(self, tag):
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if not (self.open and self.open[-1] == ""):
            self.texts.append(data)
        elif self.language and data.strip():
            self.foreign.append((self.language, data))


def read(path: Path) -> list[str]:
    """The readable texts of a page."""
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    return [text.strip() for text in reader.texts if text.strip()]


@pytest.fixture(scope="module")
def pages(site) -> dict[str, list[Path]]:
    """The pages of each language."""
    return {code: sorted((site / code).rglob("*.html")) for code in ("zh", "en")}


def test_both_languages_have_the_same_pages(site, pages):
    names = [[path.relative_to(site / code) for path in paths] for code, paths in pages.items()]
    assert names[0] == names[1]
    assert Path("lessons/10_tensors.html") in names[0]


def test_no_placeholder_on_any_page(pages):
    for path in [*pages["zh"], *pages["en"]]:
        assert "⟦" not in path.read_text("utf-8"), path


def test_no_mark_outside_code(pages):
    for path in [*pages["zh"], *pages["en"]]:
        assert [text for text in read(path) if "%%" in text] == [], path


def test_english_pages_have_no_chinese(pages):
    for path in pages["en"]:
        assert [text for text in read(path) if HAN.search(text)] == [], path


def test_chinese_pages_have_no_english_sentence(pages):
    for path in pages["zh"]:
        assert [text for text in read(path) if ENGLISH_SENTENCE.search(text)] == [], path


def test_what_says_that_it_is_in_another_language_is(pages):
    for path in [*pages["zh"], *pages["en"]]:
        reader = Reader()
        reader.feed(path.read_text("utf-8"))
        assert reader.foreign, path
        for language, text in reader.foreign:
            assert language in ("zh-CN", "en") and bool(HAN.search(text)) == (language == "zh-CN"), (path, text)


def test_each_page_says_its_language(pages):
    for code, tag in (("zh", "zh-CN"), ("en", "en")):
        for path in pages[code]:
            assert f'lang="{tag}"' in path.read_text("utf-8").split(">", 2)[1], path


def test_anchors_are_the_same_in_both_languages(site, pages):
    for path in pages["zh"]:
        other = site / "en" / path.relative_to(site / "zh")
        anchors = [re.findall(r'<section[^>]* id="([^"]+)"', page.read_text("utf-8")) for page in (path, other)]
        assert anchors[0] == anchors[1], path
        assert not [name for name in anchors[0] if re.fullmatch(r"id\d+", name)], path


def test_an_identifier_stands_once_on_a_page(pages):
    for path in [*pages["zh"], *pages["en"]]:
        names = re.findall(r'\bid="([^"]+)"', path.read_text("utf-8"))
        assert sorted(names) == sorted(set(names)), path


def test_each_figure_has_its_place_before_it_comes(pages):
    for path in [*pages["zh"], *pages["en"]]:
        for image in re.findall(r"<img [^>]*>", path.read_text("utf-8")):
            assert re.search(r'width="\d+" height="\d+"', image), (path, image)


def test_no_page_has_a_script_of_its_own(pages):
    for path in [*pages["zh"], *pages["en"]]:
        assert re.findall(r"<script(?![^>]* src=)[^>]*>", path.read_text("utf-8")) == [], path


def test_no_source_is_shipped_with_placeholders(site):
    for path in site.rglob("*"):
        if path.is_file() and path.suffix in (".txt", ".rst", ".js", ".json", ".py"):
            assert "⟦" not in path.read_text("utf-8"), path


def test_no_address_when_the_site_has_none(pages):
    for path in [*pages["zh"], *pages["en"]]:
        text = path.read_text("utf-8")
        assert 'rel="alternate"' not in text and 'rel="canonical"' not in text, path


def test_the_start_page_asks_for_nothing_that_it_does_not_give(pages):
    """Neither a project whose address this build does not know, nor a server."""
    for path in (paths[0].parent / "index.html" for paths in pages.values()):
        assert "make html" not in path.read_text("utf-8")


def test_no_link_to_a_repository_when_there_is_none(pages):
    for path in [*pages["zh"], *pages["en"]]:
        assert "polyglot-links" not in path.read_text("utf-8"), path


def test_the_start_page_leads_to_every_lesson(pages):
    names = [path.stem for path in sorted((REPOSITORY / "gallery").glob("*.py"))]
    for path in (paths[0].parent / "index.html" for paths in pages.values()):
        article = re.search(r"<article.*</article>", path.read_text("utf-8"), re.DOTALL)[0]
        linked = re.findall(r'href="lessons/(\w+)\.html"', article)
        assert linked == names, path


def test_no_label_of_a_chinese_page_is_english(pages):
    for path in pages["zh"]:
        labels = re.findall(r'aria-label="([^"]*)"', path.read_text("utf-8"))
        assert [label for label in labels if re.search(r"[^\W\d_]", label) and not HAN.search(label)] == [], path


def test_the_theme_speaks_chinese():
    """Every string that furo plumbs for translation is in the catalogue, or Sphinx has it."""
    import furo
    from babel.messages.pofile import read_po

    with (REPOSITORY / "docs/locale/zh_CN/LC_MESSAGES/sphinx.po").open("rb") as file:
        ours = {message.id for message in read_po(file)}
    page = (Path(furo.__file__).parent / "theme/furo/page.html").read_text("utf-8")
    for text in re.findall(r'aria-label="(Toggle [^"{]+)"', page):
        assert text in ours
