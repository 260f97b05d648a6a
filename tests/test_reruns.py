"""What re-runs a real lesson, counted by the code that Python executed."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from places import REPOSITORY
from tiny import Tiny

pytestmark = pytest.mark.proof

#: Notes each staged script whose code Python executes, once a process.
AUDIT = """\
import os, sys
seen = set()
def note(event, arguments):
    if event == "exec":
        path = getattr(arguments[0], "co_filename", "")
        if f"build{os.sep}stage" in path and path not in seen:
            seen.add(path)
            with open(os.environ["TINY_LOG"], "a") as log:
                log.write(os.path.basename(path) + "\\n")
sys.addaudithook(note)
"""
#: A start page that leads to no lesson but this one.
START = "%% zh\n首页\n====\n%% en\nHome\n====\n%% end\n\n.. toctree::\n\n   lessons/index\n   glossary\n"
LESSON = "gallery/10_tensors.py"
RAN = ["10_tensors.py"]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Tiny:
    """A copy of this project with lesson 10 alone, built once."""
    course = Tiny(tmp_path_factory.mktemp("course"), {"TORCHHOUR_DATA": ""})
    for name in ("conf.py", "pyproject.toml", "docs", "src", "gallery"):
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, course.root / name)
    shutil.rmtree(course.root / "docs/lessons", ignore_errors=True)
    for path in [*course.root.glob("gallery/*.py"), *course.root.glob("docs/*.rst")]:
        if path.name not in ("10_tensors.py", "glossary.rst"):
            path.unlink()
    course.edit("conf.py", "polyglot_fail_on_warning = True", "polyglot_fail_on_warning = False")  # links lead out
    course.write("docs/index.rst", START)
    course.write("site/sitecustomize.py", AUDIT)
    course.new_interpreter = True
    assert course.built() == RAN
    return course


def test_no_change(course):
    assert course.built() == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (LESSON, "张量\n====", "认识张量\n========"),
        (LESSON, "Tensors\n=======", "All about tensors\n================="),
        (LESSON, "看一张图里的数", "看一幅图里的数"),
        (LESSON, "# en: a new array: t no longer follows", "# en: another array: t stays behind"),
        ("src/torchhour/data/digits.py", '"""Handwritten digits:', '"""Digits written by hand:'),
        ("src/torchhour/data/sources.py", '"""What every set', '"""All that every set'),
    ],
)
def test_words_run_nothing(course, name, old, new):
    course.edit(name, old, new)
    assert course.built() == []


def test_touch_runs_nothing(course):
    for path in course.root.rglob("*.py"):
        os.utime(path)
    assert course.built() == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (LESSON, "torch.manual_seed(0)", "torch.manual_seed(1)"),
        ("src/torchhour/data/digits.py", "random_state=0", "random_state=1"),
        ("src/torchhour/data/sources.py", "eq=False, repr=False", "eq=False, repr=True"),
    ],
)
def test_code_runs_the_lesson(course, name, old, new):
    course.edit(name, old, new)
    assert course.built() == RAN
    assert course.built() == []


def test_a_module_that_it_does_not_import_runs_nothing(course):
    course.write("src/torchhour/other.py", "x = 1\n")
    assert course.built() == []


def test_another_version_runs_the_lesson(course):
    metadata = course.write("site/numpy-0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: numpy\nVersion: 0.0\n")
    assert course.built() == RAN
    shutil.rmtree(metadata.parent)
    assert course.built() == RAN


def test_another_source_of_data_runs_the_lesson(course):
    shared = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared/data")
    if not (shared / "MNIST/raw").is_dir():
        pytest.skip("MNIST is not at hand: set TORCHHOUR_DATA to a folder that holds MNIST/raw")
    assert course.built(TORCHHOUR_DATA=str(shared)) == RAN
    assert course.built(TORCHHOUR_DATA=str(shared)) == []
    assert "MNIST (TORCHHOUR_DATA)" in course.page("zh/lessons/10_tensors.html")
    assert course.built() == RAN


def test_a_truncated_mnist_file_is_named(course, tmp_path):
    shared = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared/data")
    if not (shared / "MNIST/raw").is_dir():
        pytest.skip("MNIST is not at hand: set TORCHHOUR_DATA to a folder that holds MNIST/raw")
    raw = tmp_path / "MNIST/raw"
    shutil.copytree(shared / "MNIST/raw", raw)
    images = raw / "train-images-idx3-ubyte.gz"
    images.chmod(0o600)
    images.write_bytes(images.read_bytes()[:100_000])
    done = course.build(TORCHHOUR_DATA=str(tmp_path))
    assert done.returncode == 1
    assert re.search(
        r"gallery/10_tensors\.py:\d+: the lesson raised torchhour\.data\.sources\.DataError: ", done.stderr
    )
    assert f"{images}: not a readable gzip file" in done.stderr
    assert "delete it and run `make data`" in done.stderr
    assert course.built() in ([], RAN)


def test_a_third_language_runs_nothing(course):
    course.edit("conf.py", '"en": "en"}', '"en": "en", "fr": "fr"}\npolyglot_drafts = {"fr": "en"}')
    for path in [*course.root.glob("gallery/*.*"), *course.root.glob("docs/*.rst")]:
        text = path.read_text("utf-8")
        text = re.sub(r"^# %% en\n((?:#.*\n)*)", r"\g<0># %% fr\n\1", text, flags=re.MULTILINE)
        text = re.sub(r"^%% en\n((?:(?!%%|\"{3}).*\n)*)", r"\g<0>%% fr\n\1", text, flags=re.MULTILINE)
        text = re.sub(r"^([ ]*)# en: (.*)$", r"\g<0>\n\1# fr: \2", text, flags=re.MULTILINE)
        path.write_text(text, "utf-8")
    assert course.built() == []
    assert 'lang="fr"' in course.page("fr/lessons/10_tensors.html")
