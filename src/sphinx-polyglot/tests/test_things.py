"""Things to play with: their words, their scripts as files of the site, what is loaded late, their drawing."""

from __future__ import annotations

import base64
import re

import nbformat
import pytest

from browsing import clean_page, served
from tiny import Tiny, tiny_course

LESSON = '''\
"""
%% zh
玩一玩
======

%% en
Play
====
"""
import os

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("40_play\\n")


class Thing:
    def _repr_html_(self):
        script = """
        document.querySelectorAll("[data-thing]").forEach(thing => {
          thing.querySelector("button").addEventListener("click", () => {
            thing.querySelector("output").textContent = thing.querySelector("[data-word=done]").textContent;
          });
        });
        """
        later = 'document.querySelector("[data-thing]").dataset.arrived = "yes";'
        return (
            '<div class="thing" data-thing="{&quot;n&quot;: 1}"><style>.thing output { color: #123456 }</style>'
            '<svg viewBox="0 0 9 9"><text x="1" y="8" class="code">relu</text><text x="1" y="4">loss</text></svg>'
            '<button title="press">press</button><output></output>'
            f'<div hidden><span data-word="done">done</span></div><script>{script}</script>'
            f'<script data-when="shown">{later}</script></div>'
        )


Thing()

# %% zh
# .. caption:: 一个可以按的按钮。
#
# 完。
#
# %% en
# .. caption:: A button to press.
#
# The end.
'''
WORDS = '[loss]\nzh = "损失"\n\n[press]\nzh = "按一下"\n\n[done]\nzh = "按过了"\n'
FAR = "".join(f"# 第 {n} 段。\n#\n" for n in range(80))
WITHOUT_ICON = ("Failed to load resource: the server responded with a status of 404",)


def course_with_a_thing(root) -> Tiny:
    """The tiny course, and a lesson that shows something to play with."""
    course = tiny_course(root)
    for name in ("10_module", "20_data", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    course.write("gallery/40_play.py", LESSON)
    course.write("docs/figures.toml", WORDS)
    course.edit(
        "conf.py", 'html_theme = "furo"\n', 'html_theme = "furo"\npolyglot_figure_words = "docs/figures.toml"\n'
    )
    return course


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """Built once, and not changed."""
    course = course_with_a_thing(tmp_path_factory.mktemp("things"))
    assert course.built() == ["40_play"]
    return course


def test_it_speaks_the_pages_language_and_code_stays(built):
    zh, en = (built.page(f"{code}/lessons/40_play.html") for code in ("zh", "en"))
    assert '<button title="按一下">按一下</button>' in zh and '<button title="press">press</button>' in en
    assert ">损失</text>" in zh and ">relu</text>" in zh and ">loss</text>" in en
    assert 'aria-labelledby="caption-1"' in zh and '<figcaption id="caption-1">一个可以按的按钮。</figcaption>' in zh


def test_its_scripts_and_styles_are_files_of_the_site(built):
    page = built.page("en/lessons/40_play.html")
    assert not re.findall(r"<script(?![^>]* src=)[^>]*>", page.partition("<article")[2].partition("</article>")[0])
    files = sorted(path.name for path in (built.root / "build/html/en/_static/shown").iterdir())
    assert [name.partition(".")[2] for name in files].count("js") == 2 and len(files) == 3
    for name in files:
        assert f"_static/shown/{name}" in page


@pytest.mark.parametrize("way", ["file", "http"])
def test_it_can_be_played_with_and_what_is_heavy_comes_later(built, browser, way):
    folder = built.root / "build/html"
    screen = {"width": 390, "height": 600}
    with served(folder) as url, clean_page(browser, WITHOUT_ICON, viewport=screen) as page:
        page.goto(f"{url if way == 'http' else folder.as_uri()}/zh/lessons/40_play.html")
        page.get_by_role("button", name="按一下").click()
        assert page.locator("output").inner_text() == "按过了"
        assert page.locator("output").evaluate("node => getComputedStyle(node).color") == "rgb(18, 52, 86)"
        page.locator("[data-arrived=yes]").wait_for()


def test_what_is_far_away_is_not_loaded(tmp_path, browser):
    course = course_with_a_thing(tmp_path)
    english = re.sub(r"第 (\d+) 段。", r"Part \1.", FAR)
    course.edit("gallery/40_play.py", '"""\nimport os', f'"""\n\n# %% zh\n{FAR}# %% en\n{english}\nimport os')
    course.built()
    with clean_page(browser, viewport={"width": 800, "height": 600}) as page:
        page.goto((course.root / "build/html/en/lessons/40_play.html").as_uri())
        page.wait_for_timeout(300)
        assert page.locator("[data-polyglot-script]").count() == 1
        page.locator("[data-thing]").scroll_into_view_if_needed()
        page.locator("[data-arrived=yes]").wait_for()


def test_a_new_word_runs_nothing_and_old_files_go(tmp_path):
    course = course_with_a_thing(tmp_path)
    course.built()
    course.edit("docs/figures.toml", "按过了", "按下去了")
    assert course.built() == []
    assert "按下去了" in course.page("zh/lessons/40_play.html")
    shown = course.root / "build/html/en/_static/shown"
    before = {path.name for path in shown.iterdir()}
    course.edit("gallery/40_play.py", "#123456", "#654321")
    assert course.built() == ["40_play"]
    assert len(before - {path.name for path in shown.iterdir()}) == 1 and len(list(shown.iterdir())) == 3


def test_a_word_without_a_name_and_a_thing_without_a_caption_are_told(tmp_path):
    course = course_with_a_thing(tmp_path)
    course.edit("docs/figures.toml", '[done]\nzh = "按过了"\n', "")
    course.edit("gallery/40_play.py", "# .. caption:: 一个可以按的按钮。\n#\n", "")
    course.edit("gallery/40_play.py", "# .. caption:: A button to press.\n#\n", "")
    told = course.build().stderr
    assert re.search(r"40_play.py:10: WARNING: 'done' stands in this cell's figure", told), told
    assert re.search(r"40_play.py:10: WARNING: the figure of this cell has no caption", told), told


def test_a_notebook_keeps_its_drawing_and_nothing_that_distrust_would_break(built):
    notebook = nbformat.read(built.root / "build/html/zh/lessons/40_play.ipynb", 4)
    shown = [output.data["text/html"] for cell in notebook.cells for output in cell.get("outputs", [])]
    assert len(shown) == 1
    still = re.fullmatch(
        r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]+)"><p data-run>运行这一格，.*</p>', shown[0]
    )
    assert still[1] == "一个可以按的按钮。"
    assert "损失" in base64.b64decode(still[2]).decode()
