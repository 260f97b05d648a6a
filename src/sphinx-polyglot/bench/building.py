"""One build: a process of its own, its time, and whether it did what it should."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.projects import Project

#: How long a build may take, in seconds, and how many of its last lines are told with a fault.
TIMEOUT, LAST = 3600, 20


class Fault(Exception):
    """A build did something else than it should; its time counts for nothing."""


def command(project: Project, kind: str, cluster: str = "") -> list[str]:
    """What builds a project. Plain Sphinx-Gallery sees no edit of a module, so it is told to run every lesson."""
    jobs = project.shape.jobs
    if project.is_ours:
        ways = ["--cluster", cluster] if cluster else ["--jobs", str(jobs)]
        return [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html", *ways]
    everything = ["-D", "sphinx_gallery_conf.run_stale_examples=1"] * (kind == "library")
    return [sys.executable, "-m", "sphinx", "-c", ".", "-j", str(jobs), *everything, "docs", "build/html"]


def build(project: Project, kind: str, cluster: str = "") -> float:
    """Build a project after an edit of this kind; return the seconds.

    Raises:
        Fault: the build failed, or other lessons ran, or a page does not show the edit.
    """
    (project.root / "ran").write_text("")
    begin = time.perf_counter()
    done = subprocess.run(
        command(project, kind, cluster),
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if fault := _fault(project, kind, done.returncode):
        who = "ours" if project.is_ours else f"plain Sphinx-Gallery ({project.languages[0]})"
        words = done.stdout.decode("utf-8", "replace").splitlines()
        lines = "\n  ".join(words[-LAST:])
        raise Fault(f"{who}, {kind}: {fault}; correct what its last lines tell, and run again:\n  {lines}")
    return seconds


def _fault(project: Project, kind: str, code: int) -> str:
    """What a build did wrong; empty if nothing."""
    if code:
        return f"the build ended with exit code {code}"
    ran = sorted(map(int, (project.root / "ran").read_text().split()))
    expected = project.expected(kind)
    if ran != expected:
        return f"{len(ran)} lessons ran instead of {len(expected)}"
    for lesson in range(project.shape.lessons):
        for path in project.pages(lesson):
            text = path.read_text("utf-8") if path.is_file() else ""
            missing = [words for words in project.shown(lesson) if words not in text]
            if missing:
                return f"the page {path.relative_to(project.root)} does not show {', '.join(missing)}"
    return ""
