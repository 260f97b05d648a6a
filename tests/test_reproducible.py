"""Two clean builds of the same sources are the same, byte for byte: in whatever folder and order of sets, and however
many lessons run at once.

What three lessons measure is masked, and nothing else; ``measured`` says which, and how they mark it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from copies import copied_course
from faults import differences, generated, site
from measured import masked
from tiny import Tiny, tiny_course

#: Differ in what must not matter.
BUILDS = [("one", "1", 1), ("another/and-deeper", "2", 2)]


def built_twice(make, root: Path) -> list[Tiny]:
    """Make a course in two folders; build each with another order of sets, and with more lessons at once."""
    courses = []
    for folder, seed, jobs in BUILDS:
        (root / folder).mkdir(parents=True)
        course = make(root / folder)
        course.new_interpreter, course.jobs = True, jobs
        course.built(SOURCE_DATE_EPOCH="1700000000", PYTHONHASHSEED=seed)
        courses.append(course)
    return courses


def with_figures(root: Path) -> Tiny:
    """The tiny course with a figure, a formula, and sets of words to get into disorder."""
    course = tiny_course(root)
    drawing = "import matplotlib.pyplot as plt\n[line] = plt.plot([0, value])\n\n"
    drawing += "# %% zh\n# .. caption:: 一条直线。\n#\n# %% en\n# .. caption:: A straight line.\n"
    course.edit("gallery/10_module.py", "print(value)", drawing)
    course.edit("gallery/20_data.py", "# 正文。", "# 说的是 :math:`a^2`。")
    course.edit("gallery/20_data.py", "# Text.", "# Of :math:`a^2`, and of many other words.")
    course.edit("docs/index.rst", "%% end\n", "%% end\n\n.. index:: three, words, here\n")
    return course


@pytest.mark.proof
def test_the_tiny_course(tmp_path):
    one, other = built_twice(with_figures, tmp_path)
    assert b"polyglot-drawing" in site(one)["en/lessons/10_module.html"]
    assert differences(site(one), site(other)) == []
    assert differences(generated(one), generated(other)) == []


@pytest.mark.proof
def test_the_real_course(tmp_path):
    one, other = built_twice(copied_course, tmp_path)
    assert differences(masked(site(one)), masked(site(other))) == []
    assert differences(masked(generated(one)), masked(generated(other))) == []
