"""What others install holds all of the extension, and builds a project that knows nothing of this one."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from places import REPOSITORY
from tiny import tiny_course

PROJECT = REPOSITORY / "src/sphinx-polyglot"
UV = Path(sys.executable).with_name("uv")
IMPORTED_AS = {
    "scikit-learn": "sklearn",
    "pillow": "PIL",
    "markdown-it-py": "markdown_it",
    "translate-toolkit": "translate",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PROJECT, folder / "project", ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__"))
    subprocess.run([UV, "build", "--quiet", "--offline", "--no-build-isolation", folder / "project"], check=True)
    [wheel] = (folder / "project/dist").glob("*.whl")
    return wheel


def test_the_wheel_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = (path for path in (PROJECT / "sphinx_polyglot").rglob("*") if path.is_file())
    assert held == {str(path.relative_to(PROJECT)) for path in files if "__pycache__" not in path.parts}


def test_its_command_builds_a_project_elsewhere(wheel, tmp_path):
    packages = tmp_path / "packages"
    install = [UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", sys.executable]
    subprocess.run([*install, "--target", packages, wheel], check=True)
    course = tiny_course(tmp_path / "course")
    paths = os.pathsep.join(map(str, (packages, course.root / "src", course.root / "site")))
    environment = {**os.environ, "PYTHONPATH": paths, "TINY_LOG": str(course.root / "log")}
    command = [packages / "bin/sphinx-polyglot", "build", "docs", "build/html"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "正文。" in course.page("zh/lessons/10_module.html") and "Text." in course.page("en/lessons/10_module.html")
    where = [sys.executable, "-c", "import sphinx_polyglot; print(sphinx_polyglot.__file__)"]
    found = subprocess.run(where, cwd=course.root, env=environment, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).is_relative_to(packages)


@pytest.mark.parametrize("project", [REPOSITORY, PROJECT], ids=["torchhour", "sphinx-polyglot"])
def test_what_is_imported_is_declared(project):
    """Every import of the package is from Python, from itself or from a declared dependency."""
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for lines in settings.get("optional-dependencies", {}).values() for line in lines]
    names = [Requirement(line).name for line in (*settings["dependencies"], *extras)]
    declared = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}
    package = project / ("src/torchhour" if project == REPOSITORY else "sphinx_polyglot")
    imported = {name for path in package.rglob("*.py") for name in _imports(path)}
    assert imported - declared - {package.name} - set(sys.stdlib_module_names) == set()
    assert declared - imported == set()


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found
