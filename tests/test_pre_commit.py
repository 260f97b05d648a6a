"""The hooks of `.pre-commit-config.yaml`, run by pre-commit itself in a repository of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import REPOSITORY
from tiny import Tiny


@pytest.fixture
def repository(tiny: Tiny) -> Tiny:
    """The tiny course under git, with the hooks and this environment."""
    shutil.copy(REPOSITORY / ".pre-commit-config.yaml", tiny.root)
    shutil.copy(REPOSITORY / "pyproject.toml", tiny.root)
    (tiny.root / ".venv/bin").mkdir(parents=True)
    for name in ("python", "ruff"):
        launcher = tiny.write(f".venv/bin/{name}", f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n')
        launcher.chmod(0o755)
    tiny.write(".gitignore", ".venv\nsrc\nsite\n")
    git(tiny, "init", "--quiet")
    git(tiny, "add", ".")
    return tiny


def git(tiny: Tiny, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=tiny.root, check=True)


def hooks(tiny: Tiny) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--hook-stage", "pre-commit"]
    environment = {**tiny._environment({}), "PRE_COMMIT_HOME": str(tiny.root / ".venv/hooks")}
    return subprocess.run(command, cwd=tiny.root, env=environment, capture_output=True, text=True, check=False)


def test_a_lesson_without_fault_may_be_committed(repository):
    tidy = "[tool.ruff]\nextend-exclude = ['gallery', 'conf.py']\n"
    repository.write("pyproject.toml", tidy)
    done = hooks(repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_untidy_lesson_is_told(repository):
    repository.edit("gallery/10_module.py", "value = 1\n", "import json, math\n\nvalue = 1\n")
    done = hooks(repository)
    assert done.returncode == 1
    assert "E401" in done.stdout and "F401" in done.stdout and "`json` imported but unused" in done.stdout
    assert "E402" not in done.stdout


def test_a_fault_keeps_the_commit_back_and_is_told(repository):
    repository.edit("gallery/10_module.py", "# 正文。", "# 正文,共 3 行。")
    done = hooks(repository)
    assert done.returncode == 1
    assert 'gallery/10_module.py:26: half-width "," in "正文,共"; write "，"' in done.stdout
