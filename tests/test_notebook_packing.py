"""What a lesson imports, packed into its first cell: whatever the reader's Python has seen before, it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

from places import REPOSITORY
from sphinx_polyglot.notebooks.bundle import find_library
from sphinx_polyglot.notebooks.packing import digest, imported_files, pack
from sphinx_polyglot.notebooks.preparation import bring

MODULES = {
    "tiny/__init__.py": "answer = 42\n",
    "tiny/near.py": 'def call():\n    """Call."""\n    from tiny.deep import far\n\n    return far.text()\n',
    "tiny/deep/__init__.py": "",
    "tiny/deep/far.py": "from pathlib import Path\n\n\ndef text():\n"
    '    return Path(__file__).with_name("words.txt").read_text()\n\n\nclass Far:\n    pass\n',
    "tiny/deep/words.txt": "one two",
    "tiny/unused.py": "",
    "other/__init__.py": "",
}
NEEDED = {"tiny/__init__.py", "tiny/near.py", "tiny/deep/__init__.py", "tiny/deep/far.py", "tiny/deep/words.txt"}


def written(root: Path, **changed: str) -> Path:
    """A folder of modules; those of ``tiny`` may be ``changed``."""
    for name, text in (MODULES | {f"tiny/{name}.py": text for name, text in changed.items()}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def cell(root: Path, code: str = "import tiny.near", needed=None, hints=None) -> str:
    """The code that brings what ``code`` imports from ``root``."""
    return bring(imported_files([code], [root]), needed or {}, hints or {})[1].source


class Reader:
    """Someone who runs cells in an empty folder, with nothing installed; temporary files have a folder, too."""

    def __init__(self, root: Path):
        self.folder, self.temporary = root / "reader", root / "temporary"
        for folder in (self.folder, self.temporary):
            folder.mkdir()

    def run(self, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script, which is gone afterwards."""
        script = self.folder / "lesson.py"
        script.write_text(code)
        environment = {**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": "", **variables}
        command = [sys.executable, "-B", str(script)]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        script.unlink()
        return done


@pytest.fixture
def reader(tmp_path) -> Iterator[Reader]:
    with tempfile.TemporaryDirectory() as short:  # a socket's path has to be
        reader = Reader(tmp_path)
        reader.temporary = Path(short)
        yield reader


def test_the_modules_are_those_that_an_import_needs(tmp_path):
    root = written(tmp_path)
    (root / "tiny/__pycache__").mkdir()
    (root / "tiny/__pycache__/left.pyc").write_bytes(b"left")
    found = imported_files(["import tiny.near"], [root])
    assert set(found) == NEEDED  # the package above, and what is imported when it is called
    assert found["tiny/deep/words.txt"] == b"one two"
    assert set(imported_files(["import os", "import other"], [root])) == {"other/__init__.py"}


def test_equal_modules_give_equal_text_wherever_and_whenever(tmp_path):
    one, two = written(tmp_path / "a"), written(tmp_path / "b/c")
    os.utime(two / "tiny/near.py", (0, 1e9))
    found = [imported_files(["import tiny.near"], [root]) for root in (one, two)]
    assert pack(found[0]) == pack(found[1]) and digest(found[0]) == digest(found[1])
    (two / "tiny/near.py").write_text(MODULES["tiny/near.py"] + "# a comment\n")
    assert digest(imported_files(["import tiny.near"], [two])) != digest(found[0])


def test_the_real_lessons_carry_little():
    sizes = {
        path.stem: len(pack(imported_files([path.read_text("utf-8")], [REPOSITORY / "src"])))
        for path in REPOSITORY.glob("gallery/[0-9]*.py")
    }
    assert sizes and max(sizes.values()) < 80_000, sizes  # most of it, things to play with


def test_a_cell_alone_is_enough_and_leaves_nothing_behind(tmp_path, reader):
    code = cell(written(tmp_path / "a")) + "\nimport tiny.near\nprint(tiny.near.call(), tiny.__file__)"
    done = reader.run(code)
    assert done.returncode == 0, done.stderr
    words, path = done.stdout.rsplit(" ", 1)
    assert words == "one two" and Path(path).is_relative_to(reader.temporary)
    assert list(reader.folder.iterdir()) == list(reader.temporary.iterdir()) == []


def test_sources_can_be_read_and_stand_in_tracebacks(tmp_path, reader):
    code = "import inspect, tiny.near\nprint(inspect.getsource(tiny.near.call))\ntiny.deep.far.text(1)"
    done = reader.run(
        cell(written(tmp_path / "a"), "import tiny.near, tiny.deep.far") + f"\nimport tiny.deep.far\n{code}"
    )
    assert '"""Call."""' in done.stdout
    assert "TypeError: text()" in done.stderr
    done = reader.run(
        cell(written(tmp_path / "b", near="def call():\n    return 1 / 0  # here\n"))
        + "\nimport tiny.near\ntiny.near.call()"
    )
    assert "return 1 / 0  # here" in done.stderr


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_processes_find_the_modules(tmp_path, reader, method):
    code = f"""
if __name__ == "__main__":
    import multiprocessing, subprocess, tiny.deep.far, tiny.near
    with multiprocessing.get_context("{method}").Pool(2) as pool:
        print(pool.apply(tiny.near.call), type(pool.apply(tiny.deep.far.Far)) is tiny.deep.far.Far)
    subprocess.run([sys.executable, "-c", "import tiny.near; print(tiny.near.call())"], check=True)
"""
    done = reader.run(cell(written(tmp_path / "a")) + code)
    assert (done.stdout, done.returncode) == ("one two True\none two\n", 0), done.stderr
    assert list(reader.temporary.iterdir()) == []


@pytest.mark.parametrize("loaded", [True, False])
def test_another_version_gives_way(tmp_path, reader, loaded):
    """Installed, beside the lesson, or loaded before the cell runs."""
    installed = written(tmp_path / "installed", __init__="answer = 41\n", near="")
    written(reader.folder, __init__="answer = 40\n", near="")
    before = "import tiny.near\nassert tiny.answer == 40\n" if loaded else ""
    code = before + cell(written(tmp_path / "a")) + "\nimport tiny.near\nprint(tiny.answer, tiny.near.call())"
    done = reader.run(code, PYTHONPATH=str(installed))
    assert (done.stdout, done.returncode) == ("42 one two\n", 0), done.stderr


def test_a_second_run_keeps_what_is_loaded(tmp_path, reader):
    again = cell(written(tmp_path / "a"))
    code = f"""{again}
import pickle, shutil, tiny.deep.far
far = tiny.deep.far.Far()
{again}
import tiny.deep.far
print(isinstance(pickle.loads(pickle.dumps(far)), tiny.deep.far.Far), os.environ["PYTHONPATH"].count("tiny-"))
shutil.rmtree(os.path.dirname(tiny.__file__))  # a system may sweep out old temporary files
{again}
import tiny.near
print(tiny.near.call())
"""
    done = reader.run(code)
    assert (done.stdout, done.returncode) == ("True 1\none two\n", 0), done.stderr
    assert list(reader.temporary.iterdir()) == []


def test_two_lessons_take_turns_in_one_process(tmp_path, reader):
    one, two = cell(written(tmp_path / "a")), cell(written(tmp_path / "b", unused="x = 1\n"), "import tiny.unused")
    near, unused = "\nimport tiny.near\nprint(tiny.near.call())\n", "\nimport tiny.unused\nprint(tiny.unused.x)\n"
    done = reader.run(one + near + two + unused + one + near)
    assert (done.stdout, done.returncode) == ("one two\n1\none two\n", 0), done.stderr


def test_all_that_is_missing_is_named_before_anything_else_fails(tmp_path, reader):
    needed = {"json": "json", "no_such_a": "a-b", "no_such_c": "c"}
    code = cell(written(tmp_path / "a"), needed=needed, hints={"no_such_c": "It is small.", "json": "Not told."})
    done = reader.run(code)
    message = (
        "ModuleNotFoundError: This lesson needs packages that are not installed here."
        " To install them, run: pip install a-b c\nIt is small.\n"
    )
    assert done.returncode == 1 and done.stderr.endswith(message), done.stderr
    assert reader.run(cell(tmp_path / "a", needed={"json": "json"})).returncode == 0


def test_a_library_that_is_not_there_is_told(tmp_path):
    assert find_library(written(tmp_path / "src").parent, "tiny", ["lib", "src"]) == tmp_path / "src/tiny"
    with pytest.raises(ConfigError, match="polyglot_library 'small' is in no folder of polyglot_source_dirs"):
        find_library(tmp_path, "small", ["src"])
