"""A remark stands where its tag holds, in both languages and in the notebook; a tag that no build sets is a fault."""

from __future__ import annotations

import json

import pytest

from tiny import Tiny

BLOCK = """
# %% zh
# .. only:: cifar10
#
#    真实的照片。
#
# .. only:: not cifar10
#
#    画出来的图。
#
# %% en
# .. only:: cifar10
#
#    Real photographs.
#
# .. only:: not cifar10
#
#    Drawn pictures.
"""


@pytest.fixture
def course(tiny) -> Tiny:
    tiny.edit("conf.py", "nitpicky", 'polyglot_tags = {"cifar10": "CIFAR" in os.environ, "weights": False}\nnitpicky')
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + BLOCK, "utf-8")
    return tiny


def test_a_remark_stands_where_it_is_true(course):
    for environment, there, gone in (({}, "Drawn", "Real"), ({"CIFAR": "1"}, "Real", "Drawn")):
        assert course.built(**environment) == (["10_module", "20_data", "30_version"] if not environment else [])
        page = course.page("en/lessons/10_module.html")
        assert there in page and gone not in page
        notebook = next((course.root / "build/html/en/lessons").glob("*10_module*.ipynb")).read_text("utf-8")
        cells = "".join("".join(cell["source"]) for cell in json.loads(notebook)["cells"])
        assert there in cells and gone not in cells
        texts = course.page("en/searchtexts.js")
        assert there in texts and gone not in texts


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "only:: cifar10",
            "only:: cifra10",
            'no build sets the tag "cifra10"; write cifar10, or add it to polyglot_tags in conf.py',
        ),
        (
            "only:: not cifar10",
            "only:: html and drawn",
            'no build sets the tag "drawn"; write cifar10 or weights, or add it to polyglot_tags in conf.py',
        ),
    ],
)
def test_a_tag_that_no_build_sets(course, old, new, message):
    course.edit("gallery/10_module.py", old, new)
    done = course.run("check", "docs")
    assert done.returncode == 1
    lines = (course.root / "gallery/10_module.py").read_text("utf-8").split("\n")
    numbers = [number for number, line in enumerate(lines, 1) if new in line]
    for number in numbers:
        assert f"gallery/10_module.py:{number}: {message}" in done.stderr


def test_languages_have_the_same_remarks(course):
    course.edit("gallery/10_module.py", "# .. only:: not cifar10\n#\n#    Drawn", "# .. only:: weights\n#\n#    Drawn")
    done = course.run("check", "docs")
    assert 'zh has a remark for "not cifar10", en has not; write it in both or in neither' in done.stderr
