"""Nothing of a lesson stays that is gone, was edited, or whose build broke off."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sphinx_polyglot.gallery.leftovers import remove_generated, remove_staged

SCRIPT = "print(1)\n"
LESSON = ["{}.codeobj.json", "{}.py", "{}.py.md5", "{}.rst", "{}.zip", "images/sphx_glr_{}_001.png"]
MORE = ["images/sphx_glr_{}_001_2_00x.png", "images/thumb/sphx_glr_{}_thumb.png"]


def make(root: Path, name: str) -> set[str]:
    """A staged script, and all that Sphinx-Gallery makes of it."""
    files = {pattern.format(name) for pattern in LESSON + MORE}
    for path in [root / "staged" / f"{name}.py", *(root / "generated" / file for file in files)]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SCRIPT)
    (root / f"generated/{name}.py.md5").write_text(hashlib.md5(SCRIPT.encode()).hexdigest())
    return files


def left(root: Path, *gone: str) -> set[str]:
    """What is left after another build looked at it, and found no more source of some."""
    generated, staged = root / "generated", root / "staged"
    kept = {path for path in staged.glob("*.py") if path.stem not in gone}
    remove_generated(generated, staged, kept)
    remove_staged(staged, kept)
    assert set(staged.glob("*.py")) == kept
    return {path.relative_to(generated).as_posix() for path in generated.rglob("*") if path.is_file()}


def test_a_whole_lesson_stays(tmp_path):
    assert left(tmp_path) == set()
    assert make(tmp_path, "plot") == left(tmp_path)


@pytest.mark.parametrize("missing", ["plot.rst", "plot.codeobj.json"])
def test_a_lesson_without_one_part_goes(tmp_path, missing):
    make(tmp_path, "plot")
    (tmp_path / "generated" / missing).unlink()
    assert left(tmp_path) == set()


def test_an_edited_lesson_goes(tmp_path):
    make(tmp_path, "plot")
    (tmp_path / "staged/plot.py").write_text("print(2)\n")
    assert left(tmp_path) == set()


def test_a_lesson_that_is_gone_goes(tmp_path):
    make(tmp_path, "plot")
    assert left(tmp_path, "plot") == set()


def test_a_lesson_that_was_killed_and_is_gone_goes(tmp_path):
    """Nothing but its copy was there yet."""
    for name in make(tmp_path, "plot") - {"plot.py"}:
        (tmp_path / "generated" / name).unlink()
    assert left(tmp_path, "plot") == set()


def test_a_lesson_that_was_gone_before_goes(tmp_path):
    make(tmp_path, "plot")
    (tmp_path / "staged/plot.py").unlink()
    assert left(tmp_path) == set()


def test_figures_of_a_lesson_that_was_killed_go(tmp_path):
    """The ``.md5`` comes after the last block, the page after that."""
    make(tmp_path, "plot")
    for name in ("plot.py.md5", "plot.rst", "plot.codeobj.json"):
        (tmp_path / "generated" / name).unlink()
    assert left(tmp_path) == set()


def test_a_page_that_was_made_without_running_stays(tmp_path):
    files = make(tmp_path, "plot") - {"plot.py.md5"}
    (tmp_path / "generated/plot.py.md5").unlink()
    assert left(tmp_path) == files


def test_line_ends_do_not_count(tmp_path):
    files = make(tmp_path, "plot")
    (tmp_path / "staged/plot.py").write_bytes(SCRIPT.replace("\n", "\r\n").encode())
    assert left(tmp_path) == files


@pytest.mark.parametrize("other", ["plot_more", "plot_2", "plot_200", "plot[1]", "plot.v2", "plo"])
def test_names_that_begin_alike(tmp_path, other):
    make(tmp_path, "plot")
    files = make(tmp_path, other)
    assert left(tmp_path, "plot") == files
