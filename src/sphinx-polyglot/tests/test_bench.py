"""The bench: its projects build, what it reports was checked, its page has every row."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.__main__ import main
from bench.building import Fault, build, command
from bench.measuring import Times
from bench.projects import Project, Shape
from bench.report import page, section
from bench.rows import KINDS, Row, all_rows
from tiny import EXTENSION

ROWS = list(all_rows(Shape(), (10, 50, 200), 3))
FOUND = {kind: [Times(2.0, (1.0, 4.0), (1, 2)), Times(3.0, (2.0, 4.0), (1, 2))] for kind in KINDS}


def plain(tmp_path, lessons: int = 1) -> Project:
    """An ordinary project of Sphinx-Gallery's."""
    project = Project(tmp_path, Shape(lessons, ("en",), seconds=0), ("en",), is_ours=False)
    project.write()
    return project


def test_each_row_but_the_base_varies_one_thing():
    base, *others = ROWS
    for row in others:
        varied = [name for name in vars(base.shape) if getattr(row.shape, name) != getattr(base.shape, name)]
        assert len(varied) + row.is_on_cluster == 1, row.name


def test_a_page_has_a_table_for_each_row_and_a_line_for_each_kind():
    text = page([(row, FOUND) for row in ROWS], load=0.5)
    for row in ROWS:
        assert f"## {row.title}\n\n{row.sentence}\n\n| Build |" in text
    assert all(text.count(f"| {line} |") == len(ROWS) for line in KINDS.values())
    assert str(EXTENSION.parent) not in text


def test_ratios_are_of_pairs_and_one_language_has_no_copies():
    text = section(ROWS[0], {"prose": FOUND["prose"]})
    assert "| 2.5 (2.0–3.0) | 1.5 (1.0–2.0) | 5.5 (5.0–6.0) | 1.75 | 0.45 | 1, 2 |" in text
    alone = section(ROWS[1], {"prose": [Times(2.0, (1.0,), (0, 1))]})
    assert "| 2.0 (2.0–2.0) | 1.0 (1.0–1.0) | – | 2.00 | – | 0, 1 |" in alone


@pytest.mark.parametrize(("kind", "ours", "copy"), [("nothing", 0, 0), ("prose", 0, 1), ("library", 5, 7)])
def test_what_has_to_run(tmp_path, kind, ours, copy):
    shape = Shape(7)
    assert len(Project(tmp_path, shape, shape.languages, is_ours=True).expected(kind)) == ours
    assert len(Project(tmp_path, shape, ("zh",), is_ours=False).expected(kind)) == copy


def test_an_edit_changes_one_file_and_what_its_page_shall_show(tmp_path):
    project = plain(tmp_path, lessons=6)
    before = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.py")}
    project.edit("library")
    changed = [path.name for path, text in before.items() if path.read_text("utf-8") != text]
    assert changed == ["part_00.py"]
    assert "library-1" in project.shown(4) and "library-0" in project.shown(5)


def test_only_ours_is_told_of_a_cluster(tmp_path):
    shape = Shape(jobs=2)
    ours = Project(tmp_path, shape, shape.languages, is_ours=True)
    assert command(ours, "cold", "tcp://127.0.0.1:1")[-2:] == ["--cluster", "tcp://127.0.0.1:1"]
    assert command(ours, "cold")[-2:] == ["--jobs", "2"]
    assert "tcp://127.0.0.1:1" not in command(plain(tmp_path), "cold", "tcp://127.0.0.1:1")


@pytest.mark.proof
def test_a_build_that_did_something_else_has_no_time(tmp_path):
    project = plain(tmp_path)
    with pytest.raises(Fault, match="nothing: lessons that ran: 1, expected: 0; correct"):
        build(project, "nothing")
    project.editions["prose"] = 1
    with pytest.raises(Fault, match=r"the page build/html/lessons/000_l000.html does not show prose-1"):
        build(project, "nothing")
    (tmp_path / "src/part_00.py").write_text("raise OSError('no such luck')\n")
    project.edit("code")
    with pytest.raises(Fault, match="(?s)the build ended with exit code 2; .*no such luck"):
        build(project, "code")


def test_a_row_that_is_not_there_is_told_with_those_that_are(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["--only", "base,clutser"])
    assert "no row is called clutser; name some of these: base, languages-1," in capsys.readouterr().err


@pytest.mark.proof
def test_a_quick_bench_builds_every_row(tmp_path):
    line = [sys.executable, "-m", "bench", "--quick", "--write", tmp_path / "page.md"]
    done = subprocess.run(line, cwd=EXTENSION, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "page.md").read_text("utf-8")
    rows: list[Row] = list(all_rows(Shape(2), (2,), 1))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [f"## {row.title}" for row in rows]
    assert text.count("| 2, 2 |") == 2 and text.count("| 2, 4 |") == 6 and text.count("| 2, 6 |") == 2
