"""Links to a page's source and to a report of its mistakes, where there is a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import clean_page, served
from places import REPOSITORY
from tiny import Tiny, put_back, tiny_course

HOME = "https://example.org/group/hour"
NAV = re.compile(r'<nav class="polyglot-links".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')
CONF = f"""\
import os
polyglot_repository = os.environ.get("TINY_REPOSITORY", "")
polyglot_branch = os.environ.get("TINY_BRANCH", "main")
polyglot_report_link = os.environ.get("TINY_REPORT", "{{repository}}/issues/new?title={{title}}&body={{address}}")
polyglot_templates = True
templates_path = ["{REPOSITORY}/docs/_templates"]
locale_dirs = ["{REPOSITORY}/docs/locale"]
html_static_path = ["{REPOSITORY}/docs/_static"]
html_css_files = ["site.css"]
html_favicon = "{REPOSITORY}/docs/_static/favicon.svg"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A tiny course with the templates and the words of the real one; each test says what is set."""
    tiny = tiny_course(tmp_path_factory.mktemp("links"))
    tiny.edit("conf.py", "import os\n", CONF)
    tiny.edit(
        "conf.py",
        '["../gallery"], "gallery_dirs": ["lessons"]',
        '["../gallery", "../old"], "gallery_dirs": ["lessons", "old"]',
    )
    tiny.write("old/README.txt", "Old\n===\n")
    tiny.write("old/plot_old.py", '"""\nAn old script\n=============\n\nWithout marks.\n"""\nprint(1)\n')
    tiny.edit("docs/index.rst", "   lessons/index\n", "   lessons/index\n   old/index\n")
    tiny.edit("gallery/20_data.py", "\nData\n====", "\nData & what of *it*?\n====================")
    tiny.built(TINY_REPOSITORY=HOME)
    return tiny


@pytest.fixture
def own(built) -> Iterator[Tiny]:
    """The same course for a test that edits it; afterwards it is as before."""
    with put_back(built) as tiny:
        yield tiny


def links(tiny: Tiny, name: str) -> dict[str, str]:
    """The links of a page, by what they say."""
    [nav] = NAV.findall(tiny.page(name))
    return {text: unescape(href) for href, text in LINK.findall(nav)}


@pytest.mark.parametrize(
    ("page", "source"),
    [
        ("lessons/10_module", "gallery/10_module.py"),
        ("lessons/index", "gallery/GALLERY_HEADER.rst"),
        ("index", "docs/index.rst"),
    ],
)
def test_the_source_is_what_its_author_edits(own, page, source):
    own.built(TINY_REPOSITORY=HOME)
    assert links(own, f"en/{page}.html")["Source of this page"] == f"{HOME}/blob/main/{source}"
    assert links(own, f"zh/{page}.html")["本页的源文件"] == f"{HOME}/blob/main/{source}"
    assert (own.root / source).is_file()


def test_a_page_of_a_script_without_marks_shows_no_source(own):
    own.built(TINY_REPOSITORY=HOME)
    assert list(links(own, "en/old/plot_old.html")) == ["Report a mistake on this page", "The project"]


def test_the_start_page_leads_to_the_project(own):
    own.built(TINY_REPOSITORY=f"{HOME}/")
    assert links(own, "en/index.html")["The project"] == HOME
    assert links(own, "zh/index.html")["项目主页"] == HOME


def test_a_report_has_the_title_and_the_address(own):
    own.built(TINY_REPOSITORY=f"{HOME}/")
    report = urlsplit(links(own, "en/lessons/20_data.html")["Report a mistake on this page"])
    assert f"{report.scheme}://{report.netloc}{report.path}" == f"{HOME}/issues/new"
    assert parse_qs(report.query) == {"title": ["Data & what of it?"], "body": ["en/lessons/20_data.html"]}
    report = urlsplit(links(own, "zh/lessons/20_data.html")["报告本页的错误"])
    assert parse_qs(report.query) == {"title": ["数据"], "body": ["zh/lessons/20_data.html"]}


def test_the_address_is_whole_where_the_site_has_one(own):
    own.built(TINY_REPOSITORY=HOME, TINY_BASEURL="https://hour.example/")
    report = urlsplit(links(own, "zh/index.html")["报告本页的错误"])
    assert parse_qs(report.query)["body"] == ["https://hour.example/zh/index.html"]


@pytest.mark.proof
def test_other_settings_write_every_page_anew(own):
    own.built(TINY_REPOSITORY=HOME)
    assert own.built(TINY_REPOSITORY=HOME, TINY_BRANCH="a/b c", TINY_REPORT="mailto:us?subject={path}") == []
    assert links(own, "en/lessons/10_module.html") == {
        "Report a mistake on this page": "mailto:us?subject=gallery/10_module.py",
        "Source of this page": f"{HOME}/blob/a/b%20c/gallery/10_module.py",
        "The project": HOME,
    }


@pytest.mark.parametrize("template", ["{repo}/new", "{repository", "{}"])
def test_an_address_that_cannot_be_filled_in(own, template):
    done = own.build(TINY_REPOSITORY=HOME, TINY_REPORT=template)
    assert done.returncode == 1
    assert f"polyglot_report_link '{template}' cannot be filled in" in done.stderr
    assert "; use {repository}, {branch}, {path}, {title}, {address}" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_repository_there_are_no_links(own):
    own.built()
    for path in (own.root / "build/html").rglob("*.html"):
        assert "polyglot-links" not in path.read_text("utf-8"), path


@pytest.mark.proof
@pytest.mark.everyday(1)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["zh", "en"])
def test_they_are_reached_by_keyboard_and_fit_a_phone(own, browser, code, scheme):
    own.built(TINY_REPOSITORY=HOME)
    options = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    with served(own.root / "build/html") as address, clean_page(browser, **options) as page:
        page.goto(f"{address}/{code}/lessons/10_module.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        first, second, third = page.locator(".polyglot-links a").all()
        assert all(link.bounding_box()["height"] >= 24 for link in (first, second, third))
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.href"))
        place = reached.index(first.get_attribute("href"))
        assert reached[place + 1 : place + 3] == [second.get_attribute("href"), third.get_attribute("href")]
        found = Axe().run(page, ".polyglot-links", {"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
