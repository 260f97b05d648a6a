"""A lesson that is just begun: it builds, says what goes where, and overwrites nothing."""

from __future__ import annotations

import re
import subprocess

import pytest

from places import REPOSITORY
from sphinx_polyglot.check.sources import lesson_faults
from sphinx_polyglot.check.terms import read_glossary
from sphinx_polyglot.cli.new import skeleton
from sphinx_polyglot.source.lesson import read_script
from tiny import Tiny


def new(tiny: Tiny, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Begin a lesson as a user does."""
    return tiny.run("new", name, **environment)


def test_it_builds_without_a_warning_in_every_language(tiny):
    three = {"TINY_LANGUAGES": "zh:zh_CN,en:en,de:de"}
    for path in tiny.root.glob("gallery/*"):
        path.unlink()
    tiny.write("gallery/GALLERY_HEADER.rst", "%% zh\n课\n==\n\n%% en\nLessons\n=======\n\n%% de\nKurs\n====\n")
    tiny.write("docs/index.rst", "Home\n====\n\n.. toctree::\n\n   lessons/index\n")
    done = new(tiny, "55_batch_norm", **three)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("gallery/55_batch_norm.py is written; see it with: python -m sphinx_polyglot serve")
    done = tiny.build(**three)
    assert done.returncode == 0, done.stderr
    for code, words in {
        "zh": ["Batch norm", "需要的基础", "约 2 分钟", "# 从 1 开始", "练习"],
        "en": ["Batch norm", "What you need", "About 2 min", "# a few odd numbers", "Exercises"],
        "de": ["Batch norm", "What you need", "About 2 min", "# a few odd numbers", "Exercises"],
    }.items():
        page = tiny.page(f"{code}/lessons/55_batch_norm.html")
        assert [word for word in words if word not in page] == []
        assert 'id="batch-norm-idea"' in page and 'id="batch-norm-exercises"' in page
        assert "<span></span>odd = [1, 3, 5, 7]\ntotal = 16\n" in page
        assert page.count("polyglot-drawing") == 1


def test_it_passes_the_check_whatever_term_it_is_named_after():
    languages = {"zh": "zh_CN", "en": "en"}
    glossary = read_glossary(REPOSITORY / "docs/glossary.toml", list(languages))
    names = {re.sub(r"\W+", "_", name.lower()) for term in glossary.terms for name in term.names["en"]}
    assert {"loss", "optimizer", "gradient", "convolution"} <= names
    told = []
    for name in sorted(names | {"loss_curve", "a_gradient_and_a_loss", "how_to_train_your_own_network"}):
        path = f"55_{name}.py"
        lesson = read_script(path, name, skeleton(path[:-3], languages, glossary), list(languages))
        told += map(str, lesson_faults([lesson], languages, glossary))
    assert told == []


def test_it_names_the_verb_of_the_project(tiny):
    tiny.write("Makefile", "serve:\n\tpython -m sphinx_polyglot serve\n")
    assert new(tiny, "55_name").stdout == "gallery/55_name.py is written; see it with: make serve LESSON=55_name\n"


def test_a_gallery_without_numbers_takes_names_without(tiny):
    for path in tiny.root.glob("gallery/*.py"):
        path.rename(path.with_name(f"plot_{path.stem[3:]}.py"))
    assert new(tiny, "plot_batch_norm").returncode == new(tiny, "plot_0_sine").returncode == 0
    assert ".. _batch-norm-idea:" in (tiny.root / "gallery/plot_batch_norm.py").read_text("utf-8")
    assert "write it like plot_name" in new(tiny, "Batch Norm").stderr
    assert 'a lesson is called "data" already' in new(tiny, "55_data").stderr


@pytest.mark.parametrize(
    "name", ["", "55", "batch_norm", "5_name", "55_name.py", "55-name", "55_Name", "55_名", "../55_x"]
)
def test_a_name_that_is_none(tiny, name):
    before = sorted(tiny.root.rglob("*"))
    done = new(tiny, name)
    assert done.returncode == 1
    assert done.stderr.startswith(f'"{name}" is no name for a lesson: two digits, an underscore, then small letters')
    assert done.stderr.endswith("write it like 55_name\n")
    assert sorted(tiny.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("20_data", "gallery/20_data.py: this lesson is there already and stays as it is; choose another name\n"),
        (
            "55_data",
            'gallery/20_data.py: a lesson is called "data" already, and labels are made of that; choose another name\n',
        ),
    ],
)
def test_a_lesson_that_is_there(tiny, name, message):
    before = {path: path.read_bytes() for path in tiny.root.glob("gallery/*")}
    done = new(tiny, name)
    assert (done.returncode, done.stderr) == (1, message)
    assert {path: path.read_bytes() for path in tiny.root.glob("gallery/*")} == before


def test_a_folder_that_is_not_there(tiny):
    tiny.edit("conf.py", "../gallery", "../lessons")
    done = new(tiny, "55_name")
    assert done.returncode == 1
    message = "examples_dirs names lessons, and there is no folder lessons; make it, or correct the name"
    assert done.stderr == f"conf.py: {message}, as seen from docs\n"


def test_no_settings(tiny):
    (tiny.root / "conf.py").unlink()
    done = new(tiny, "55_name")
    assert done.returncode == 1
    assert done.stderr.endswith("conf.py: there is no such file; name its folder with -c\n")
    tiny.write("conf.py", "polyglot_languages = {}\n")
    assert new(tiny, "55_name").stderr.endswith("conf.py: polyglot_languages is not set; set it there\n")


def test_a_project_without_a_folder_for_docs(tmp_path):
    """The sources of a small project lie beside ``conf.py``."""
    tiny = Tiny(tmp_path)
    gallery = 'sphinx_gallery_conf = {"examples_dirs": "gallery", "gallery_dirs": "lessons"}'
    settings = 'extensions = ["sphinx_polyglot"]\npolyglot_languages = {"zh": "zh_CN", "en": "en"}'
    tiny.write("conf.py", f"{settings}\n{gallery}\n")
    (tmp_path / "gallery").mkdir()
    assert tiny.run("new", "median").returncode == 0
    assert "%% zh" in (tmp_path / "gallery/median.py").read_text("utf-8")
