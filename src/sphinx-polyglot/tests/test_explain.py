"""Whatever ends a verb is told in words, with an exit code."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from sphinx.errors import ConfigError, ExtensionError

from sphinx_polyglot.cli.explain import explained
from tiny import EXTENSION, tiny_course


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (ConfigError("conf.py: no"), "conf.py: no", 1),
        (KeyboardInterrupt(), "interrupted; the last good site stays", 130),
        (OSError(errno.ENOSPC, "No space left on device", "a.html"), "a.html: No space left on device; make it", 1),
        (FileNotFoundError(errno.ENOENT, "", "a.py"), "a.py: it was removed while the site was built, perhaps by", 1),
        (OSError(errno.ELOOP, "Too many links", "a.py"), "a.py: Too many links; correct what stands there, and", 1),
        (KeyboardInterrupt("gallery/20_data.py"), "gallery/20_data.py: interrupted; the last good site stays", 130),
        (ExtensionError("a scraper is gone", modname="sphinx_gallery.scrapers"), "a scraper is gone", 1),
        (RuntimeError("no"), "sphinx_polyglot: RuntimeError: no; the builder has not foreseen this: please", 1),
    ],
)
def test_errors_are_told(error, message, code):
    told, number = explained(error)
    assert told.startswith(message)
    assert number == code


@pytest.mark.everyday(1)
@pytest.mark.parametrize("verb", [["check", "docs"], ["build", "docs", "build/html"], ["clean", "build/html"]])
def test_a_terminal_of_few_letters_is_enough(tmp_path, verb):
    course = tiny_course(tmp_path)
    course.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\nraise ValueError("张量")')
    environment = {**os.environ, "PYTHONPATH": str(EXTENSION), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "sphinx_polyglot", *verb]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert r"conf.py:3: ValueError: \u5f20\u91cf; correct it" in done.stderr
    assert "Traceback" not in done.stderr
