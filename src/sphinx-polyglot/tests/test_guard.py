"""A lesson leaves everything as the next one needs it, or is told where it does not."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sphinx_polyglot.errors import LessonError
from sphinx_polyglot.gallery.guard import Guard
from sphinx_polyglot.gallery.selection import NOT_EXECUTED
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.lesson import Lesson

#: A state that the project has watched.
MODE = {"gradients": True}


class Run:
    """A lesson whose cells, two lines each, begin at lines 20 and 22 of the author's file."""

    def __init__(self, root: Path):
        self.script = root / "stage/20_data.py"
        self.script.parent.mkdir(parents=True)
        self.page = root / "20_data.py"
        self.source = root / "gallery/20_data.py"
        self.source.parent.mkdir()
        self.source.touch()
        lines = [("", 0), ("a", 20), ("a", 21), ("", 0), ("b", 22), ("b", 23)]
        staged = {str(self.script): (Lesson(self.source, "20_data", {}, []), lines)}
        course = Course(root=root, staged=staged, contents={str(self.source): ""})
        self.guard = Guard(course, 60, {"the gradient mode": lambda: MODE["gradients"]})

    def run(self, *cells) -> str:
        """What is told of a lesson with these cells; nothing if it may go on."""
        self.page.with_name("20_data.py.md5").unlink(missing_ok=True)
        self.guard.start("20_data.py")
        for line, cell in zip((1, 4), cells, strict=False):
            os.chdir(self.script.parent)
            cell()
            self.guard.look(line, str(self.script), str(self.page))
        try:
            self.guard.end()
        except LessonError as error:
            assert self.page.with_name("20_data.py.md5").read_text() == NOT_EXECUTED
            return str(error)
        return ""


@pytest.fixture
def lesson(tmp_path, monkeypatch) -> Iterator[Run]:
    """A lesson to be run; what it changes is put back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(MODE, "gradients", True)
    os.environ["SPHINX_POLYGLOT_LEFT"] = ""  # by us: what a library sets is not watched
    monkeypatch.setattr(builtins, "left", None, raising=False)
    yield Run(tmp_path)
    del os.environ["SPHINX_POLYGLOT_LEFT"]


CHANGES = {
    "the environment": lambda: os.environ.update(SPHINX_POLYGLOT_LEFT="1"),
    "Python's builtins": lambda: setattr(builtins, "left", 1),
    "the gradient mode": lambda: MODE.update(gradients=False),
    "the working folder": lambda: os.chdir("/"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_left_changed_is_told_with_the_cell(lesson, name):
    assert lesson.run(CHANGES[name]).startswith(f"gallery/20_data.py:20: the cell that begins here changes {name}")


def test_the_cell_is_the_one_that_changed_it(lesson):
    told = lesson.run(lambda: None, CHANGES["the environment"])
    assert told.startswith(
        "gallery/20_data.py:22: the cell that begins here changes the environment (SPHINX_POLYGLOT_LEFT), and"
    )
    assert told.endswith("put it back")


def test_what_is_put_back_may_change(lesson):
    assert lesson.run(CHANGES["the gradient mode"], lambda: MODE.update(gradients=True)) == ""


def test_what_a_library_sets_is_no_fault_of_the_lesson(lesson, monkeypatch):
    monkeypatch.delenv("SPHINX_POLYGLOT_LIBRARY", raising=False)
    code = "import os\nos.environ['SPHINX_POLYGLOT_LIBRARY'] = '1'\n"
    library = compile(code, str(Path(pytest.__file__).with_name("library.py")), "exec")  # as if it were installed
    assert lesson.run(lambda: exec(library)) == ""
    os.environ["SPHINX_POLYGLOT_LIBRARY"] = "2"
    assert lesson.run(lambda: exec(library)) == ""  # it was there before
    assert os.environ["SPHINX_POLYGLOT_LIBRARY"] == "1"


def test_a_source_that_a_lesson_removes_is_told(lesson):
    told = lesson.run(lambda: lesson.source.unlink())
    assert told == "gallery/20_data.py:1: this was removed while 20_data.py ran; restore it, and build again"
