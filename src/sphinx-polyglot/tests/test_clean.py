"""``clean`` removes what builds wrote, and nothing else."""

from __future__ import annotations

from faults import tree
from tiny import tiny_course


def test_strangers_files_stay_and_all_else_goes(tmp_path):
    course = tiny_course(tmp_path)
    for name in ("10_module", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    before = tree(course.root)
    course.built()
    course.write("docs/lessons/images/sphx_mine.png", "mine")
    course.built()  # the build meets it, too
    strangers = [
        "build/.sphinx-polyglot/mine.txt",
        "build/html/CNAME",
        "build/notes.txt",
        "docs/lessons/20_data.txt",
        "build/stage/lessons/mine.py",
    ]
    for name in strangers:
        course.write(name, "mine")
    assert course.run("clean", "build/html").returncode == 0
    left = {name for name in tree(course.root) if "__pycache__" not in name}
    mine = {*strangers, "docs/lessons/images/sphx_mine.png"}
    assert left - before.keys() - {"log"} == mine | {"build/stage.lock"}
    assert before.keys() - left == set()
