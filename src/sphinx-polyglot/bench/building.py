"""One build: a process of its own, its time, and whether it did what it should."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from subprocess import PIPE, STDOUT

from bench.projects import Project

#: How long a build may take, in seconds, and how many of its last lines are told with a fault.
TIMEOUT, LAST = 1800, 20


class Fault(Exception):
    """A build did something else than it should; its time counts for nothing."""


def command(project: Project, kind: str, cluster: str = "") -> list[str]:
    """What builds a project. Plain Sphinx-Gallery sees no edit of a module, so it is told to run every lesson."""
    if project.is_ours:
        ways = ["--cluster", cluster] if cluster else ["--jobs", str(project.shape.jobs)]
        return [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html", *ways]
    everything = ["-D", "sphinx_gallery_conf.run_stale_examples=1"] * (kind == "library")
    return [sys.executable, "-m", "sphinx", "-c", ".", *everything, "docs", "build/html"]


def build(project: Project, kind: str, cluster: str = "") -> float:
    """Build a project after an edit of this kind; return the seconds.

    Raises:
        Fault: the build failed, or other lessons ran, or a page does not show the edit.
    """
    (project.root / "ran").write_text("")
    begin = time.perf_counter()
    code, words = _run(command(project, kind, cluster), project.root)
    seconds = time.perf_counter() - begin
    if fault := _fault(project, kind, code):
        who = "ours" if project.is_ours else f"plain Sphinx-Gallery ({project.languages[0]})"
        lines = "\n  ".join(words.decode("utf-8", "replace").splitlines()[-LAST:])
        raise Fault(f"{who}, {kind}: {fault}; correct what its last lines tell, and run again:\n  {lines}")
    return seconds


def _run(line: list[str], folder: Path) -> tuple[int | None, bytes]:
    """The exit code of a process, none if it was ended, and all that it said."""
    try:
        done = subprocess.run(line, cwd=folder, stdout=PIPE, stderr=STDOUT, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        return None, error.output or b""
    return done.returncode, done.stdout


def _fault(project: Project, kind: str, code: int | None) -> str:
    """What a build did wrong; empty if nothing."""
    if code is None:
        return f"the build took longer than {TIMEOUT} s"
    if code:
        return f"the build ended with exit code {code}"
    ran = sorted(map(int, (project.root / "ran").read_text().split()))
    expected = project.expected(kind)
    if ran != expected:
        return f"lessons that ran: {len(ran)}, expected: {len(expected)}"
    for lesson in range(project.shape.lessons):
        for path in project.pages(lesson):
            text = path.read_text("utf-8") if path.is_file() else ""
            missing = [words for words in project.shown(lesson) if words not in text]
            if missing:
                return f"the page {path.relative_to(project.root)} does not show {', '.join(missing)}"
    return ""
