"""A project of three files: bilingual, with the switch, the buttons and the links, in any theme."""

from __future__ import annotations

from pathlib import Path

import pytest

from browsing import clean_page
from tiny import Tiny

#: What pydata-sphinx-theme says of itself on the console.
OWN_WORDS = ("Got invalid theme mode",)
THEMES = ["alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme"]
PROJECT = {
    "conf.py": """\
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk"]
html_theme = "{theme}"
project = "Means"
polyglot_languages = {{"zh": "zh_CN", "en": "en"}}
polyglot_repository = "https://example.org/means"
sphinx_gallery_conf = {{"examples_dirs": "gallery", "gallery_dirs": "lessons", "filename_pattern": "[.]py$"}}
{more}
""",
    "index.rst": """\
%% zh
首页
====

%% en
Home
====

%% end

.. toctree::

   lessons/index
""",
    "gallery/mean.py": '''\
"""
%% zh
平均数
======

%% en
The mean
========
"""

# %% zh
# 把它们加起来，再除以 3：
#
# %% en
# Add them up and divide by 3:

print(sum([1, 2, 6]) / 3)
'''
    + "".join(
        f"""
# %% zh
# 第 {number} 段正文。
#
# %% en
# Paragraph {number} of the text.

total = {number}
"""
        for number in range(40)
    ),
}


def three_files(root: Path, theme: str, more: str = "") -> Tiny:
    """The project, nothing but these files."""
    tiny = Tiny(root)
    tiny.write("conf.py", PROJECT["conf.py"].format(theme=theme, more=more))
    for name in ("index.rst", "gallery/mean.py"):
        tiny.write(name, PROJECT[name])
    return tiny


@pytest.mark.everyday(1)
@pytest.mark.parametrize("theme", THEMES)
def test_three_files_become_a_bilingual_site(tmp_path, browser, theme):
    done = three_files(tmp_path, theme).run("build", ".", "build/html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    site = tmp_path / "build/html"
    with clean_page(browser, OWN_WORDS, viewport={"width": 390, "height": 800}) as page:
        page.goto(f"{site.as_uri()}/en/lessons/mean.html")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator(".polyglot-switch").count() == 1
        assert page.locator(".polyglot-links a").count() == 3
        for link in page.locator(".polyglot-downloads a").all():
            assert (site / "en/lessons" / link.get_attribute("href")).resolve().is_file()
        text = page.get_by_text("Paragraph 20 of the text.")
        text.evaluate("node => scrollBy({top: node.getBoundingClientRect().top - 280, behavior: 'instant'})")
        before = text.bounding_box()["y"]
        page.locator(".polyglot-switch a").evaluate("link => link.click()")
        page.wait_for_url("**/zh/lessons/mean.html")
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert page.locator(".polyglot-downloads span").first.inner_text() == "下载"
        assert page.locator(".polyglot-switch a").inner_text() == "English"
        assert abs(page.get_by_text("第 20 段正文。").bounding_box()["y"] - before) < 40
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.everyday(1)
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_shows_a_placeholder_and_a_search_has_the_switch(tmp_path, browser, theme):
    """Sphinx-Gallery's own files to take along, and Sphinx's copies of the sources, have no prose."""
    done = three_files(tmp_path, theme).run("build", ".", "build/html")
    assert done.returncode == 0, done.stdout + done.stderr
    site = tmp_path / "build/html"
    files = [path for path in site.rglob("*") if path.is_file()]
    assert not [path for path in files if "⟦".encode() in path.read_bytes()]
    assert {path.name for path in files if path.suffix == ".zip"} == {"means-en.zip", "means-zh.zip"}
    assert not list(site.glob("*/_sources/**/*.txt"))
    with clean_page(browser, OWN_WORDS, viewport={"width": 390, "height": 800}) as page:
        for name in ("search", "genindex"):
            page.goto(f"{site.as_uri()}/zh/{name}.html")
            assert page.locator(".polyglot-switch").count() == 1
            page.locator(".polyglot-switch a").evaluate("link => link.click()")
            page.wait_for_url(f"**/en/{name}.html*")


@pytest.mark.proof
def test_a_template_of_the_project_may_place_them(tmp_path):
    tiny = three_files(tmp_path, "alabaster", 'polyglot_templates = True\ntemplates_path = ["templates"]')
    tiny.write(
        "templates/layout.html", '{% extends "!layout.html" %}{% block footer %}{{ polyglot_switch }}{% endblock %}'
    )
    assert tiny.run("build", ".", "build/html").returncode == 0
    page = tiny.page("en/lessons/mean.html")
    assert page.count("polyglot-switch") == 1 and "polyglot-downloads" not in page
    assert page.index("polyglot-switch") > page.index("Paragraph 39")
    tiny.edit("templates/layout.html", "{% block footer %}", "{% block footer %}<p>Edited.</p>")
    assert tiny.run("build", ".", "build/html").returncode == 0  # no page has changed, and all are written again
    assert "<p>Edited.</p>" in tiny.page("en/lessons/mean.html")


def test_a_warning_is_a_failure_where_the_project_says_so(tmp_path):
    tiny = three_files(tmp_path, "alabaster")
    tiny.edit("index.rst", "%% end\n", "%% end\n\n:ref:`nowhere`\n")
    done = tiny.run("build", ".", "build/html")
    assert done.returncode == 0 and done.stderr.count("undefined label: 'nowhere'") == 2  # once in each language
    tiny.edit("conf.py", "project =", "polyglot_fail_on_warning = True\nproject =")
    done = tiny.run("build", ".", "build/html")
    assert done.returncode == 1 and "correct them and build again" in done.stderr


def test_directories_as_pages_lead_to_each_other(tmp_path):
    tiny = three_files(tmp_path, "alabaster")
    for code, name in {"zh": "zh_CN", "en": "en"}.items():
        done = tiny.run("-q", "-b", "dirhtml", "-D", f"language={name}", ".", f"out/{code}", module="sphinx")
        assert done.returncode == 0, done.stderr
    page = tmp_path / "out/en/lessons/mean/index.html"
    assert 'href="../../../zh/lessons/mean/"' in page.read_text("utf-8")
    assert 'href="../zh/"' in (tmp_path / "out/en/index.html").read_text("utf-8")


def test_a_project_may_say_our_words_otherwise(tmp_path):
    tiny = three_files(tmp_path, "alabaster", 'locale_dirs = ["locale"]')
    catalogue = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
    tiny.write("locale/zh_CN/LC_MESSAGES/sphinx_polyglot.po", catalogue.format("Script", "程序"))
    assert tiny.run("build", ".", "build/html").returncode == 0
    page = tiny.page("zh/lessons/mean.html")
    assert ">程序</a>" in page and ">笔记本</a>" in page


def test_several_galleries_with_sections_and_modules_beside_them(tmp_path):
    tiny = three_files(tmp_path, "alabaster")
    tiny.edit("conf.py", '"examples_dirs": "gallery", "gallery_dirs": "lessons"', GALLERIES)
    script = PROJECT["gallery/mean.py"]
    tiny.write("gallery/part/GALLERY_HEADER.rst", "%% zh\n部分\n====\n\n%% en\nPart\n====\n")
    tiny.write("gallery/part/middle.py", script.replace("print(", "import beside\n\nprint(beside.ONE + "))
    tiny.write("gallery/part/beside.py", "ONE = 1\n")
    tiny.write("more/other.py", script)
    tiny.edit("index.rst", "   lessons/index\n", "   lessons/index\n   others/index\n")
    done = tiny.run("build", ".", "build/html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ">4.0" in tiny.page("zh/lessons/part/middle.html")
    assert "平均数" in tiny.page("zh/others/other.html")
    assert 'href="../../../en/lessons/part/middle.html"' in tiny.page("zh/lessons/part/middle.html")
    tiny.write("gallery/part/beside.py", "ONE = 2\n")
    assert "lesson 1 of 1: middle" in tiny.run("build", ".", "build/html").stdout
    assert ">5.0" in tiny.page("zh/lessons/part/middle.html")


def test_a_script_may_fail_where_the_project_expects_it(tmp_path):
    tiny = three_files(tmp_path, "alabaster")
    tiny.edit("gallery/mean.py", "print(sum", "print(1 / 0, sum")
    assert tiny.run("build", ".", "build/html").returncode == 1
    tiny.edit("conf.py", '"examples_dirs"', '"expected_failing_examples": ["gallery/mean.py"], "examples_dirs"')
    done = tiny.run("build", ".", "build/html")
    assert done.returncode == 0, done.stderr
    assert "ZeroDivisionError" in tiny.page("zh/lessons/mean.html")


GALLERIES = (
    '"examples_dirs": ["gallery", "more"], "gallery_dirs": ["lessons", "others"], "ignore_pattern": r"beside[.]py"'
)
