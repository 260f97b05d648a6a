"""The contract with Sphinx-Gallery, and all that stands on it, with the oldest and the newest releases."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tiny import EXTENSION

#: What the contract is with; the rest is as new as can be.
UPSTREAM = ("sphinx", "sphinx-gallery", "docutils")


def requirements(oldest: bool) -> list[str]:
    """What is declared, pinned to the lower bounds if the oldest are wanted, and what the tests need."""
    project = tomllib.loads((EXTENSION / "pyproject.toml").read_text("utf-8"))
    declared = project["project"]["dependencies"]
    if oldest:
        declared = [line.split(",")[0].replace(">=", "==") if line.startswith(UPSTREAM) else line for line in declared]
    return [*declared, *project["dependency-groups"]["test"]]


@pytest.mark.proof
@pytest.mark.parametrize("age", ["oldest", "newest"])
def test_all_goes_well_with_the_releases_that_are_declared(tmp_path, age):
    uv = [sys.executable, "-m", "uv"]
    python = tmp_path / "environment/bin/python"
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, tmp_path / "environment"], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, "setuptools", *requirements(age == "oldest")], check=True)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "--editable", EXTENSION], check=True)
    command = [python, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
    done = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
