"""Regions of a cell's code: folded on the page and in the notebook to what they do, told where they do not end."""

from __future__ import annotations

import re

import nbformat
import pytest

from browsing import clean_page
from sphinx_polyglot.source.regions import Part, RegionError, parts
from tiny import Tiny, tiny_course

CELL = """\
value = 1
# region
# zh: 画图的代码
# en: The code that draws
drawn = [value] * 3
print(drawn)
# endregion
assert len(drawn) == 3
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """Built once, and not changed."""
    course = tiny_course(tmp_path_factory.mktemp("regions"))
    course.edit("gallery/10_module.py", "value = 1\nprint(value)\n", CELL)
    course.built()
    return course


def test_a_cell_is_cut_where_regions_begin_and_end():
    code = "a = 1\n# region\n# Draw\nb = 2\n\n# endregion\n# region\n# More\nc = 3\n# endregion"
    assert parts(code) == [Part("a = 1", "", 0), Part("b = 2\n", "Draw", 3), Part("c = 3", "More", 8)]
    assert parts("a = 1") == [Part("a = 1", "", 0)]


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("a = 1\n# region\n# Draw\nb = 2", 1, 'this region does not end in its cell; write "# endregion"'),
        ("a = 1\n# endregion", 1, 'no region ends here; write "# region" where it begins'),
        ("# region\na = 1\n# endregion", 0, "this region does not say what it does"),
        ("# region\n# A\n# region\n# B\n# endregion", 2, "this region begins inside another"),
        ("if a:\n# region\n# A\n    b = 1\n# endregion", 0, "a region begins or ends inside a statement here"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(code, line, message):
    with pytest.raises(RegionError, match=re.escape(message)) as caught:
        parts(code)
    assert caught.value.line == line


def test_the_check_tells_it_at_the_authors_line(tmp_path):
    course = tiny_course(tmp_path)
    course.edit("gallery/10_module.py", "value = 1\nprint(value)\n", CELL.replace("# endregion\n", ""))
    done = course.run("check", "docs")
    line = (course.root / "gallery/10_module.py").read_text("utf-8").split("\n").index("# region") + 1
    assert done.returncode == 1
    assert f"gallery/10_module.py:{line}: this region does not end in its cell" in done.stderr


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("code", "words"), [("zh", "画图的代码"), ("en", "The code that draws")])
def test_it_is_folded_in_the_language_of_the_page(built, browser, code, words):
    with clean_page(browser) as page:
        page.goto((built.root / f"build/html/{code}/lessons/10_module.html").as_uri())
        fold = page.locator("details.polyglot-fold")
        assert fold.locator("summary").inner_text() == words
        inside = fold.locator("pre")
        assert not inside.is_visible() and "region" not in page.content()
        fold.locator("summary").press("Enter")
        assert inside.inner_text().split() == ["drawn", "=", "[value]", "*", "3", "print(drawn)"]
        inside.locator(".polyglot-held", has_text="value").hover()
        assert page.get_by_role("tooltip").inner_text() == "value: int 1"
        assert page.locator(".polyglot-checked").count() == 1


def test_the_notebook_hides_its_source_and_runs_the_same(built):
    notebook = nbformat.read(built.root / "build/html/en/lessons/10_module.ipynb", 4)
    sources = [cell.source for cell in notebook.cells]
    place = sources.index("drawn = [value] * 3\nprint(drawn)")
    assert sources[place - 1] == "**The code that draws**" and notebook.cells[place - 1].cell_type == "markdown"
    assert notebook.cells[place].metadata == {"jupyter": {"source_hidden": True}, "cellView": "form"}
    assert sources[place + 1] == "assert len(drawn) == 3"
    assert [output.text for output in notebook.cells[place + 1].outputs] == ["[1, 1, 1]\n"]
    values: dict[str, object] = {}
    exec("\n".join(sources[place - 2 : place - 1] + sources[place : place + 2]), values)
    assert values["drawn"] == [1, 1, 1]


def test_other_words_run_nothing(tmp_path):
    course = tiny_course(tmp_path)
    course.edit("gallery/10_module.py", "value = 1\nprint(value)\n", CELL)
    course.built()
    course.edit("gallery/10_module.py", "The code that draws", "What draws")
    assert course.built() == []
    assert "<summary>What draws</summary>" in course.page("en/lessons/10_module.html")
