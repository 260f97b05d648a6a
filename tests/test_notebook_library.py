"""The wheel that travels with the lessons, and the cell that installs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from conftest import REPOSITORY, served
from sphinx.errors import ConfigError

from sphinx_polyglot.notebooks.library import Library, build_wheel, find_library
from sphinx_polyglot.notebooks.preparation import install

PYPROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "tiny-library"
version = "1.2"

[tool.setuptools.packages.find]
where = ["src"]
"""


def project(root: Path) -> Path:
    """A project with one package, and another that is not to travel."""
    for name, text in {
        "pyproject.toml": PYPROJECT,
        "LICENSE": "Do as you like.\n",
        "src/tiny/__init__.py": "answer = 42\n",
        "src/tiny/deep/__init__.py": "",
        "src/other/__init__.py": "",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def library(root: Path) -> Library:
    return find_library(root, "tiny", ["src"])


def test_the_wheel_holds_this_package_alone(tmp_path):
    wheel = build_wheel(library(project(tmp_path / "a")), tmp_path / "out")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = Parser().parsestr(archive.read(next(name for name in names if name.endswith("METADATA"))).decode())
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"tiny"}
    assert "tiny/deep/__init__.py" in names
    assert metadata["Name"] == "tiny-library"
    assert re.fullmatch(r"1\.2\+h[0-9a-f]{8}", metadata["Version"])
    assert wheel.name == f"tiny_library-{metadata['Version']}-py3-none-any.whl"


def test_equal_sources_give_equal_bytes_wherever_and_whenever(tmp_path):
    one = project(tmp_path / "a")
    two = project(tmp_path / "b/c")
    (two / "src/tiny/__init__.py").chmod(0o600)
    os.utime(two / "src/tiny/__init__.py", (0, 1e9))
    (two / "src/tiny/__pycache__").mkdir()
    (two / "src/tiny/__pycache__/left.pyc").write_bytes(b"left")
    wheels = [build_wheel(library(root), root / "out") for root in (one, two)]
    assert wheels[0].name == wheels[1].name
    assert wheels[0].read_bytes() == wheels[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("src/tiny/__init__.py", "42", "43"),
        ("src/tiny/__init__.py", "answer = 42", "answer = 42  # a comment"),
        ("LICENSE", "like", "please"),
        ("pyproject.toml", '"1.2"', '"1.3"'),
    ],
)
def test_other_content_has_another_version(tmp_path, name, old, new):
    root = project(tmp_path)
    before = library(root).version
    path = root / name
    path.write_text(path.read_text().replace(old, new))
    assert library(root).version != before


def test_what_is_not_in_the_wheel_leaves_the_version(tmp_path):
    root = project(tmp_path)
    before = library(root).version
    (root / "src/other/__init__.py").write_text("x = 1\n")
    (root / "pyproject.toml").write_text(PYPROJECT + "\n[tool.ruff]\nline-length = 99\n")
    assert library(root).version == before


def test_it_is_built_only_when_it_changed(tmp_path):
    root, folder = project(tmp_path / "a"), tmp_path / "out"
    first = build_wheel(library(root), folder)
    os.utime(first, (1, 1))
    assert build_wheel(library(root), folder).stat().st_mtime == 1
    (root / "src/tiny/__init__.py").write_text("answer = 43\n")
    second = build_wheel(library(root), folder)
    assert [path.name for path in folder.iterdir()] == [second.name]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pyproject.toml", "[project]\nname = 'a'\n", "it needs a build-backend, a name and a version"),
        ("pyproject.toml", "[project\n", "pyproject.toml makes no wheel of tiny"),
        ("src/tiny/__init__.py", None, "polyglot_library 'tiny' is in no folder of polyglot_source_dirs"),
    ],
)
def test_a_project_without_such_a_library_is_told(tmp_path, name, text, message):
    root = project(tmp_path)
    shutil.rmtree((root / name).parent) if text is None else (root / name).write_text(text)
    with pytest.raises(ConfigError, match=message):
        library(root)


def test_a_build_that_fails_says_what_the_backend_said(tmp_path):
    root = project(tmp_path)
    (root / "pyproject.toml").write_text(PYPROJECT.replace('name = "tiny-library"', 'name = "no name"'))
    with pytest.raises(ConfigError, match="setuptools.build_meta built no .*(?s:.*)project.name"):
        build_wheel(library(root), tmp_path / "out")


def test_this_project_ships_torchhour_alone(tmp_path):
    wheel = build_wheel(find_library(REPOSITORY, "torchhour", ["src"]), tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info" not in name}
    assert shipped == {str(path.relative_to(REPOSITORY / "src")) for path in REPOSITORY.glob("src/torchhour/**/*.py")}


def test_to_work_on_this_project_installs_both_packages(tmp_path):
    shutil.copytree(REPOSITORY / "src", tmp_path / "src")
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(REPOSITORY / name, tmp_path)
    code = "from setuptools import build_meta; print(build_meta.build_editable('.'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as archive:
        path = archive.read(next(name for name in archive.namelist() if name.endswith(".pth"))).decode().strip()
    assert {"torchhour", "sphinx_polyglot"} <= {package.name for package in Path(path).iterdir()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """An environment with pip and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


class Reader:
    """Someone who runs the first cell in a folder."""

    def __init__(self, python: Path, folder: Path):
        self.python, self.folder = python, folder
        folder.mkdir(exist_ok=True)

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        command = [self.python, "-c", code]
        offline = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": ""}
        environment = {**os.environ, **offline}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def version(self) -> str:
        return self.run("from importlib.metadata import version; print(version('tiny-library'))").stdout.strip()

    def uninstall(self) -> None:
        subprocess.run([self.python, "-m", "pip", "uninstall", "--quiet", "--yes", "tiny-library"], check=True)


def test_the_first_cell_installs_what_is_missing_or_differs(tmp_path, environment):
    root, reader = project(tmp_path / "a"), Reader(environment, tmp_path / "reader")
    old = library(root)
    shutil.copy(build_wheel(old, tmp_path / "out"), reader.folder)
    (root / "src/tiny/__init__.py").write_text("answer = 43\n")
    new = library(root)
    shutil.copy(build_wheel(new, tmp_path / "out"), reader.folder)
    for wanted, answer in ((old, 42), (new, 43), (old, 42)):
        done = reader.run(install(wanted, "").source + "\nimport tiny\nprint(tiny.answer)")
        assert (done.stdout, done.returncode) == (f"{answer}\n", 0), done.stderr
        assert reader.version() == wanted.version
    reader.uninstall()


def test_the_first_cell_does_nothing_where_all_is_there(tmp_path, environment):
    wanted, reader = library(project(tmp_path / "a")), Reader(environment, tmp_path / "reader")
    wheel = shutil.copy(build_wheel(wanted, tmp_path / "out"), reader.folder)
    assert reader.run(install(wanted, "").source).returncode == 0
    Path(wheel).unlink()
    assert reader.run(install(wanted, "").source).returncode == 0
    reader.uninstall()


def test_without_wheel_and_address_the_first_cell_says_what_to_do(tmp_path, environment):
    wanted, reader = library(project(tmp_path / "a")), Reader(environment, tmp_path / "reader")
    done = reader.run(install(wanted, "").source)
    assert done.returncode == 1
    assert (
        f"FileNotFoundError: {wanted.wheel} is not in this folder; take it from the zip of all lessons" in done.stderr
    )


def test_the_wheel_comes_from_the_sites_address(tmp_path, environment):
    wanted, reader = library(project(tmp_path / "a")), Reader(environment, tmp_path / "reader")
    build_wheel(wanted, tmp_path / "site/zh")
    with served(tmp_path / "site") as address:
        done = reader.run(install(wanted, f"{address}/zh/").source + "\nimport tiny")
    assert done.returncode == 0, done.stderr
    assert reader.version() == wanted.version
    reader.uninstall()
