"""Lesson 95: every exercise of every lesson has its solution, each links to the other, and the solutions hold."""

from __future__ import annotations

import copy
import re
from functools import cache

import pytest
import torch
from bs4 import BeautifulSoup, Tag

from browsing import clean_page
from lessons import GALLERY, real, run
from measured import timeless
from places import LESSONS

LANGUAGES = ["zh", "en"]
LESSON = GALLERY / "95_solutions.py"
TEXT = LESSON.read_text(encoding="utf-8")
#: The lessons with exercises, by what their labels begin with.
PREFIXES = {name[3:].replace("_", "-"): name for name in LESSONS if name != LESSON.stem}
# Runs the lesson as often as the third argument says, from the seed that the fourth names, and
# keeps its figures' titles and its state.
DRIVER = """
import random, sys
import matplotlib.pyplot as plt
import numpy, torch

text = open(sys.argv[1], encoding="utf-8").read().replace("manual_seed(0)", f"manual_seed({sys.argv[4]})")
runs = []
for turn in range(int(sys.argv[3])):
    if turn:
        random.random(), numpy.random.rand(5), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
        plt.rcParams["figure.dpi"] = 50
    figures = []

    def show():
        figures.extend(len(plt.figure(number).axes) for number in plt.get_fignums())
        plt.close("all")

    plt.show = show
    found = {"__name__": "__main__"}
    exec(compile(text, sys.argv[1], "exec"), found)
    runs.append({"figures": figures, "parameters": [p.detach() for p in found["network"].parameters()]})
torch.save(runs, sys.argv[2])
"""
SOURCES = ["scikit-learn digits", real("CIFAR-10 and MNIST", "MNIST")]


@cache  # some are long
def page(site, code: str, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / code / f"lessons/{name}.html").read_text("utf-8"), "html.parser")


def exercises(lesson: BeautifulSoup, prefix: str) -> list[Tag]:
    """The numbered exercises at the end of a lesson."""
    lists = lesson.select(f"#{prefix}-exercises > ol")
    return [item for numbered in lists for item in numbered.find_all("li", recursive=False)]


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_exercise_links_to_its_solution_in_its_hint_and_back(site, code, prefix):
    name, solutions = PREFIXES[prefix], page(site, code, LESSON.stem)
    items = exercises(page(site, code, name), prefix)
    assert items, f"{name} has no numbered exercises below the label {prefix}-exercises"
    for number, item in enumerate(items, 1):
        label = f"solutions-{prefix}-{number}"
        links = item.select(f'a[href="{LESSON.stem}.html#{label}"]')
        assert len(links) == 1, f"{name}, exercise {number}: its hint links to {label} once"
        assert links[0].find_parent("details"), f"{name}, exercise {number}: the link stands in the hint"
        solution = solutions.select_one(f"section#{label}")
        assert solution, f"{name}, exercise {number}: {LESSON.stem} has no section {label}"
        assert solution.select(f'details a[href="{name}.html#{prefix}-exercises"]'), f"{label} does not link back"
        assert solution.h3.get_text().startswith(f"{number}. ")
        code_of_it = "\n".join(block.get_text() for block in solution.select("div[class*=highlight] pre"))
        assert re.search(r"^\W*assert ", code_of_it, re.MULTILINE), f"{label} asserts nothing"


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_solution_is_without_its_exercise_and_each_is_folded(site, code):
    """In the lessons' order, below a heading for each lesson."""
    found = page(site, code, LESSON.stem).select('section[id^="solutions-"] section[id^="solutions-"]')
    wanted = [
        f"solutions-{prefix}-{number}"
        for prefix, name in PREFIXES.items()
        for number, _ in enumerate(exercises(page(site, code, name), prefix), 1)
    ]
    assert [section["id"] for section in found] == wanted
    for section in found:
        assert section.parent["id"] == section["id"].rpartition("-")[0]
        shown = [node for node in section.find_all(recursive=False) if node.name != "span"]
        assert [node.name for node in shown] == ["h3", "details"], section["id"]


def test_a_new_exercise_without_a_solution_is_noticed(site):
    lesson = copy.copy(page(site, "en", "10_tensors"))
    numbered = lesson.select_one("#tensors-exercises > ol")
    before = len(exercises(lesson, "tensors"))
    numbered.append(lesson.new_tag("li"))
    assert len(exercises(lesson, "tensors")) == before + 1
    assert not page(site, "en", LESSON.stem).select(f"#solutions-tensors-{before + 1}")


def test_the_link_opens_its_solution_and_no_other(site, browser):
    with clean_page(browser) as view:
        view.goto(f"{site.as_uri()}/en/lessons/10_tensors.html#tensors-exercises")
        hint = view.locator("#tensors-exercises details").nth(1)
        assert not view.get_by_text("the solution").first.is_visible()
        hint.locator("summary").click()
        hint.get_by_text("the solution").click()
        view.wait_for_url("**/95_solutions.html#solutions-tensors-2")
        assert view.locator("#solutions-tensors-2").get_by_text("16 groups").is_visible()
        assert view.locator("article details.polyglot-fold[open]").count() == 1


@pytest.mark.proof
@pytest.mark.parametrize("source", SOURCES)
def test_it_holds_and_comes_out_the_same_whatever_came_before(source, tmp_path):
    """Every assertion of it; twice in one process, the second time after other random draws."""
    (first, second), printed = run(DRIVER, LESSON, source, tmp_path, "2", "0")
    printed = timeless(printed)
    half = len(printed) // 2
    assert printed[:half] == printed[half:]
    assert first["figures"] == second["figures"]
    assert all(map(torch.equal, first["parameters"], second["parameters"]))


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("source", SOURCES)
def test_it_holds_from_other_seeds(source, seed, tmp_path):
    run(DRIVER, LESSON, source, tmp_path, "1", str(seed))


def test_each_solution_asserts():
    """In the script: between the labels of two solutions stands an assertion."""
    parts = re.split(r"^# \.\. _(solutions-[\w-]+-\d+):$", TEXT[TEXT.index("# %% zh") :], flags=re.MULTILINE)
    english = dict(zip(parts[1::2], parts[2::2], strict=True))  # of two languages, the later
    assert all(re.search(r"^\s*assert ", code, re.MULTILINE) for code in english.values())
