"""Run the lessons that must run, before Sphinx-Gallery looks: it then finds their pages up to date."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from sphinx_polyglot.disk.records import give_way, names
from sphinx_polyglot.errors import LessonError
from sphinx_polyglot.gallery.selection import outdated
from sphinx_polyglot.gallery.upstream import LOGGER, SUM, maker, runs_alone, script_sum
from sphinx_polyglot.running.executors import executor
from sphinx_polyglot.running.job import Job, Outcome
from sphinx_polyglot.running.planning import Plan
from sphinx_polyglot.running.process import run
from sphinx_polyglot.running.progress import Progress
from sphinx_polyglot.running.store import Store

logger = logging.getLogger(LOGGER.removeprefix("sphinx."))


def run_lessons(app: Sphinx) -> None:
    """``builder-inited``: run them, in processes of their own; what fails is told when all have ended."""
    scripts = outdated(app) if app.env.polyglot.languages else {}
    if not scripts:
        return
    settings = app.config.sphinx_gallery_conf
    lessons = _Lessons(app, scripts)
    try:
        missed = [script for script in scripts if not lessons.take_kept(script)]
        for script, job, outcome in lessons.outcomes(missed):
            lessons.take(script, job, outcome)
    finally:
        lessons.progress.close()
    if settings["failing_examples"] and settings["abort_on_example_error"]:
        lessons.faults.append("a lesson failed, see above; the build stopped there")
    if lessons.faults:
        raise LessonError("\n".join(lessons.faults))
    settings["run_stale_examples"] = False  # they ran


class _Lessons:
    """Those of one build that must run, each with its page; ``faults`` are what ended without a page."""

    def __init__(self, app: Sphinx, scripts: dict[Path, Path]):
        self.app, self.scripts = app, scripts
        self.settings = app.env.polyglot.settings
        self.plan, self.store = Plan(app), Store(self.settings.store)
        self.progress = Progress(0 if app.quiet else len(scripts), sys.stdout)
        self.faults: list[str] = []

    def take_kept(self, script: Path) -> bool:
        """Take from the store what a lesson wrote elsewhere; whether it was there."""
        kept = self.store.get(self.plan.key(script))
        if kept:
            self.progress.start(str(script))
            _keep(Path(self.app.srcdir), script, self.scripts[script], kept)
            self.progress.end(str(script), "from the store")
        return kept is not None

    def take(self, script: Path, job: Job, outcome: Outcome) -> None:
        """Take what came of a lesson that ran, and tell of it."""
        settings = self.app.config.sphinx_gallery_conf
        self.progress.end(str(script), "" if outcome.is_good else "failed")
        _tell(self.plan, job, outcome)
        if outcome.is_good:
            self.store.put(self.plan.key(script), outcome)
        elif outcome.raised:
            settings["failing_examples"][str(script)] = outcome.raised.replace(job.script, str(script))
        if outcome.ended:
            self.faults.append(outcome.ended)
        elif outcome.is_good or not settings["abort_on_example_error"]:
            _keep(Path(self.app.srcdir), script, self.scripts[script], outcome)

    def outcomes(self, scripts: Sequence[Path]) -> Iterator[tuple[Path, Job, Outcome]]:
        """Each lesson with its job and what came of it, as they end; those that want to be alone run first.

        Where several run at once, the others begin with the one that has the most code: no long one is left at the
        end. What a worker took along when it died runs once more, one after the other: so each answers for itself.
        """
        if not scripts:
            return
        alone = [script for script in scripts if runs_alone(script)]
        others, lost = [script for script in scripts if script not in alone], []
        with executor(int(self.settings.jobs), self.settings.cluster) as (pool, width):
            if width > 1:
                others.sort(key=lambda script: script.stat().st_size, reverse=True)
            for group, size in ((alone, 1), (others, width), (lost, 1)):
                for script, job, outcome in self._run(pool, group, size):
                    if outcome.is_lost and group is not lost:
                        lost.append(script)
                    else:
                        yield script, job, outcome

    def _run(self, pool: Executor, scripts: Sequence[Path], size: int) -> Iterator[tuple[Path, Job, Outcome]]:
        """So many at once."""
        waiting, flying = deque(scripts), {}
        while waiting or flying:
            while waiting and len(flying) < size:
                script = waiting.popleft()
                self.progress.start(str(script))
                job = self.plan.job(script)
                flying[pool.submit(run, job)] = script, job
            try:
                ended = wait(flying, return_when=FIRST_COMPLETED).done
            except KeyboardInterrupt:
                raise KeyboardInterrupt(", ".join(job.author for _, job in flying.values())) from None
            for future in ended:
                script, job = flying.pop(future)
                yield script, job, _outcome(future, job)


def _outcome(future: Future, job: Job) -> Outcome:
    """What a worker sent back, or that it was lost."""
    try:
        return future.result()
    except OSError:
        raise  # the disk of this machine
    except Exception as error:
        what = f"{type(error).__name__}: {error}".partition("\n")[0]
        message = f"{job.author}: the worker that ran this lesson was lost ({what}); build again"
        return Outcome(ended=message, is_lost=True)


def _tell(plan: Plan, job: Job, outcome: Outcome) -> None:
    """Warn of what Sphinx-Gallery warned of; a filter puts the author's places in."""
    for said in outcome.said:
        arguments = [text.replace(job.script, str(plan.base / job.script)) for text in said.arguments]
        logger.log(said.level, said.message, *arguments, type="sphinx_gallery", subtype=said.subtype or None)


def _keep(srcdir: Path, script: Path, page: Path, outcome: Outcome) -> None:
    """Put a lesson's files in the place of the former ones; without its sum, a page is not whole."""
    ran = page.with_name(page.stem + SUM)
    ran.unlink(missing_ok=True)
    found = names(page.parent) if page.parent.is_dir() else set()
    of_this = {name for name in found if maker(name) == page.stem}
    for name in of_this - {os.path.relpath(srcdir / name, page.parent) for name in outcome.files}:
        (page.parent / name).unlink()
    for name, content in outcome.files.items():
        path = srcdir / name
        if path != ran:
            path.parent.mkdir(parents=True, exist_ok=True)
            give_way(path)
            path.write_bytes(content)
    page.parent.mkdir(parents=True, exist_ok=True)
    ran.write_text(script_sum(script))


def forget_failed(app: Sphinx) -> None:
    """``builder-inited``, after Sphinx-Gallery: the next build runs again what failed."""
    failed = app.config.sphinx_gallery_conf.get("failing_examples", {}) if app.env.polyglot.languages else {}
    if failed:
        for script, page in outdated(app, also_current=True).items():
            if str(script) in failed:
                page.with_name(page.stem + SUM).unlink(missing_ok=True)
