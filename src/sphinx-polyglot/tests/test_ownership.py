"""No verb removes or changes a file that it did not make."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

from sphinx_polyglot.cli.ownership import MARK, WORK, check_output, mark, note, sources
from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.disk.ledger import read_ledger
from sphinx_polyglot.gallery.upstream import SIGNS
from sphinx_polyglot.settings import Settings
from tiny import Tiny, tiny_course


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A course with one lesson, built once."""
    course = tiny_course(tmp_path_factory.mktemp("owned"))
    for name in ("10_module", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    assert course.built() == ["20_data"]
    return course


def sums(root: Path, *left_out: str) -> dict[str, str]:
    """A checksum of every file below a folder, links included, but for those whose path begins so."""
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file() or path.is_symlink()}
    return {
        name: str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
        if not name.startswith(left_out)
    }


def repository(root: Path) -> str:
    subprocess.run(["git", "init", "-q", str(root / "pub")], check=True)
    (root / "pub/CNAME").write_text("example.org")
    return "pub"


def site_of_another_tool(root: Path) -> str:
    (root / "pub/html/en").mkdir(parents=True)
    (root / "pub/html/en/index.html").write_text("theirs")
    return "pub/html"


def home(root: Path) -> str:
    """What the build takes for its work lies beside the site."""
    (root / f"home/{WORK}/html/thesis").mkdir(parents=True)
    (root / f"home/{WORK}/thesis.tex").write_text("ten years of work")
    return "home/public"


def link_to_a_folder(root: Path) -> str:
    (root / "theirs").mkdir()
    (root / "theirs/photo.jpg").write_text("a day at the sea")
    (root / "pub").symlink_to(root / "theirs")
    return "pub"


def a_file(root: Path) -> str:
    (root / "pub").write_text("a file")
    return "pub"


def sources_of_the_project(root: Path) -> str:
    return "."


def pages_of_the_project(root: Path) -> str:
    return "docs"


def lessons_of_the_project(root: Path) -> str:
    return "gallery"


def above_the_project(root: Path) -> str:
    return ".."


def build_folder(root: Path) -> str:
    (root / "build").mkdir()
    (root / "build/notes.txt").write_text("mine")
    return "build"


CASES = [repository, site_of_another_tool, home, link_to_a_folder, a_file, sources_of_the_project]
CASES += [pages_of_the_project, lessons_of_the_project, above_the_project, build_folder]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_folder_of_someone_elses_is_refused(tmp_path, case):
    course = tiny_course(tmp_path / "project")
    output = (course.root / case(course.root)).resolve()
    before = sums(tmp_path)
    folders = {"examples_dirs": ["../gallery"], "gallery_dirs": ["lessons"]}
    config = Configuration(Settings(), {"sphinx_gallery_conf": folders})
    with pytest.raises(ConfigError, match="name another"):
        check_output(output, output.parent / WORK, sources(config, course.root / "docs", course.root))
    assert sums(tmp_path) == before


@pytest.mark.parametrize("case", [repository, sources_of_the_project], ids=lambda case: case.__name__)
def test_a_build_says_so_and_ends(tmp_path, case):
    course = tiny_course(tmp_path)
    output = case(tmp_path)
    before = sums(tmp_path)
    done = course.build(output)
    assert done.returncode == 1
    assert "name another output folder" in done.stderr
    assert not (tmp_path / "log").exists()  # no lesson ran
    assert sums(tmp_path, "build/stage.lock") == before


def test_a_strangers_file_in_the_site_is_kept(built):
    stranger = built.write("build/html/CNAME", "example.org")
    done = built.build()
    assert done.returncode == 1
    assert "build/html holds what no build wrote: CNAME; move it elsewhere, or name another" in done.stderr
    assert stranger.read_text() == "example.org"
    stranger.unlink()
    assert built.built() == []


def test_a_build_without_one_of_its_marks_goes_on(built):
    (built.root / "build/html" / MARK).unlink()
    assert built.built() == []
    assert (built.root / "build/html" / MARK).exists()


def test_one_language_at_a_time_is_ours(tmp_path):
    site, work = tmp_path / "site", tmp_path / WORK
    for name in ("zh/index.html", "en/index.html"):
        mark(site, note(site, work, [name]))
        (site / name).parent.mkdir(parents=True)
        (site / name).write_text("page")
    mark(site, note(site, work, []))
    check_output(site, work, {})
    (site / "en/CNAME").write_text("example.org")
    with pytest.raises(ConfigError, match="holds what no build wrote: en/CNAME; move it elsewhere"):
        check_output(site, work, {})


@pytest.mark.parametrize("name", ["20_data.rst", "index.rst"])
def test_a_page_that_sphinx_gallery_would_overwrite_is_kept(tmp_path, name):
    course = tiny_course(tmp_path)
    page = course.write(f"docs/lessons/{name}", "My own page\n===========\n")
    done = course.build()
    assert done.returncode == 1
    assert f"docs/lessons/{name}: Sphinx-Gallery would overwrite this, and did not write it; move it" in done.stderr
    assert page.read_text().startswith("My own page")


def test_a_page_of_ours_is_written_anew_whatever_became_of_it(tmp_path):
    ledger = read_ledger(tmp_path / "stage", tmp_path)
    page = tmp_path / "docs/lessons/a.rst"
    page.parent.mkdir(parents=True)
    page.write_text("THIS FILE WAS AUTOMATICALLY GENERATED BY SPHINX-GALLERY.")
    ledger.check_generated({page: tmp_path / "a.py"}, SIGNS)
    ledger.has_generated([page])
    page.write_text("damaged")
    read_ledger(tmp_path / "stage", tmp_path).check_generated({page: tmp_path / "a.py"}, SIGNS)


def test_a_stage_with_a_strangers_file_is_refused(tmp_path):
    course = tiny_course(tmp_path)
    stranger = course.write("build/stage/lessons/thesis.py", "print('mine')")
    done = course.build()
    assert done.returncode == 1
    assert "build/stage/lessons/thesis.py: no build staged this; move it elsewhere, or set another" in done.stderr
    assert stranger.exists()


def test_a_neighbour_of_a_page_outlives_its_lesson(built):
    note = built.write("docs/lessons/20_data.txt", "my notes")
    script = built.root / "gallery/20_data.py"
    text = script.read_text("utf-8")
    script.unlink()
    built.write("gallery/25_data.py", text.replace('"20_data', '"25_data').replace("20_data-one", "data-one"))
    done = built.build()
    assert done.returncode == 0, done.stderr
    assert note.read_text() == "my notes"
    assert not (built.root / "docs/lessons/20_data.rst").exists()


@pytest.mark.proof
def test_a_strangers_folder_in_the_place_of_a_file_is_kept(tiny):
    tiny.built()
    for name in ("docs/lessons/20_data.rst", "docs/lessons/20_data.zip", "build/stage/ledger.json"):
        path = tiny.root / name
        path.rename(path.with_name("aside"))
        theirs = tiny.write(f"{name}/mine.txt", "mine")
        done = tiny.build()
        assert done.returncode == 1, name
        assert f"{path} is a folder, and a build writes a file there; move it elsewhere" in done.stderr
        assert theirs.read_text() == "mine"
        shutil.rmtree(path)
        path.with_name("aside").rename(path)
    assert tiny.build().returncode == 0
