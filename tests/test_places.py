"""Wherever the project lies, it builds the same site, or says why it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from faults import differences, site
from places import REPOSITORY
from tiny import tiny_course


@pytest.mark.proof
def test_two_folders_make_one_site(tmp_path):
    sites = []
    for name in ("first", "a folder of another name, 第二个"):
        course = tiny_course(tmp_path / name)
        course.new_interpreter = True
        (course.root / "gallery/30_version.py").unlink()
        done = course.build(SOURCE_DATE_EPOCH="1", PYTHONPATH=_paths(course.root, tmp_path / f"packages of {name}"))
        assert done.returncode == 0, done.stderr
        sites.append(site(course))
    assert differences(*sites) == []


def _paths(root: Path, packages: Path) -> str:
    """The course's modules, and the extension in an environment of this course's own."""
    shutil.copytree(REPOSITORY / "src/sphinx-polyglot/sphinx_polyglot", packages / "sphinx_polyglot", symlinks=True)
    import sphinx_gallery

    shutil.copytree(Path(sphinx_gallery.__file__).parent, packages / "sphinx_gallery", symlinks=True)
    return os.pathsep.join(map(str, (root / "src", root / "site", packages)))


def test_a_brace_in_the_path_is_told_before_a_lesson_runs(tmp_path):
    course = tiny_course(tmp_path / "{cur}ly")
    done = course.build()
    assert done.returncode == 1
    assert "{cur}ly/docs: the path of the sources has a brace, with which Sphinx-Gallery cannot save" in done.stderr
    assert not (course.root / "log").exists()


def test_make_notices_that_the_environment_was_moved(tmp_path):
    (tmp_path / "src/sphinx-polyglot").mkdir(parents=True)
    for name in ("Makefile", "requirements", "pyproject.toml", "src/sphinx-polyglot/pyproject.toml"):
        (shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy)(REPOSITORY / name, tmp_path / name)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name in ("uv.done", "html.done"):
        (tmp_path / ".venv" / name).write_text(f"{tmp_path.resolve()}\n")
    assert "venv" not in _planned(tmp_path)
    moved = tmp_path.rename(tmp_path.with_name("moved to 另一处"))
    planned = _planned(moved)
    assert "-m venv --clear .venv" in planned
    assert "--editable ." in planned


def _planned(root: Path) -> str:
    """What ``make html`` would do to set up; the last line builds."""
    done = subprocess.run(["make", "-n", "html"], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.rpartition(".venv/bin/python -m sphinx_polyglot")[0]
