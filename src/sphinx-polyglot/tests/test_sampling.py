"""Of a test's cases, as many run every day as it says, in whatever order, and whoever else asks for a choice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Two choose: one before, and one after, others have put the cases into an order of their own.
FIRST = """\
import pytest
from sampling import pytest_collection_modifyitems as sample

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    sample(items)
    yield
"""
SECOND = "from sampling import pytest_collection_modifyitems\n"
SETTINGS = "[pytest]\nmarkers =\n    proof: all\n    everyday(n): some\n"
CASES = """\
import pytest

@pytest.mark.everyday(3)
@pytest.mark.parametrize("one", range(4))
@pytest.mark.parametrize("other", range(5))
def test_it(one, other):
    pass
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_as_many_cases_run_as_are_asked_for(tmp_path, seed):
    (tmp_path / "inner").mkdir()
    for name, text in {
        "pytest.ini": SETTINGS,
        "conftest.py": FIRST,
        "inner/conftest.py": SECOND,
        "inner/test_cases.py": CASES,
    }.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-m", "not proof", f"--randomly-seed={seed}", "inner"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "3 passed, 17 deselected" in done.stdout, done.stdout + done.stderr
