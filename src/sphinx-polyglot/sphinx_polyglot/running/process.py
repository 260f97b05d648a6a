"""A process for each lesson: whatever it does, no other lesson and no build is harmed.

Nothing but ``run`` needs to be called, on this machine or, by a cluster, on another one.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from sphinx_polyglot.errors import place
from sphinx_polyglot.gallery.worker import GROUP, PLACES, VARIABLE, worker
from sphinx_polyglot.running import inside
from sphinx_polyglot.running.ending import last_words
from sphinx_polyglot.running.inside import JOB, OUTCOME, ROOT
from sphinx_polyglot.running.job import Job, Outcome, Said
from sphinx_polyglot.source.course import FRAME

#: What the environment of a lesson has besides: figures are drawn without a screen.
ENVIRONMENT = {"MPLBACKEND": "agg"}
#: The pipes that tell lessons whether this process still wants them.
_wanted: set[int] = set()
_lock = threading.Lock()


def run(job: Job) -> Outcome:
    """Run a lesson in a new process, in a folder that holds its files only; wait, and return what came of it."""
    with tempfile.TemporaryDirectory(prefix="lesson-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        root, notes = folder / ROOT, folder / "notes"
        for path, content in job.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        (root / job.pages).mkdir(parents=True, exist_ok=True)
        notes.mkdir()
        (notes / PLACES).write_text(json.dumps({str(root / job.script): (job.author, list(job.lines))}), "utf-8")
        (folder / JOB).write_bytes(pickle.dumps(job))
        code = _wait(folder, notes)
        if not (folder / OUTCOME).is_file():
            return Outcome(ended=last_words(notes, code))
        return _gathered(job, folder, root)


def stop() -> None:
    """End all lessons that this process runs: what waits for them goes on."""
    with _lock:
        while _wanted:
            os.close(_wanted.pop())


def _wait(folder: Path, notes: Path) -> int:
    """Have a new interpreter run what is in the folder; return its exit code."""
    leash, hold = os.pipe()
    with _lock:
        _wanted.add(hold)
    process = subprocess.Popen(
        [sys.executable, "-m", inside.__name__, str(folder)],
        env={**os.environ, **ENVIRONMENT, VARIABLE: f"{leash}:{notes}"},
        stdin=subprocess.DEVNULL,
        pass_fds=[leash] if os.name == "posix" else (),
        process_group=0 if os.name == "posix" else None,  # what the lesson starts is in it, too
    )
    os.close(leash)
    worker.note(f"{GROUP}{process.pid}", "")
    code = process.wait()
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what the lesson left behind
    with _lock:
        if hold in _wanted:
            _wanted.remove(hold)
            os.close(hold)
    return code


def _place(job: Job, words: str) -> str:
    """The author's innermost line in a traceback."""
    lines = [int(line) for path, line in FRAME.findall(words) if path == job.script]
    return place(job.author, job.lines[lines[-1] - 1] or 1) if lines else job.author


def _gathered(job: Job, folder: Path, root: Path) -> Outcome:
    """What came of the job, with the paths of this folder taken out."""
    outcome: Outcome = pickle.loads((folder / OUTCOME).read_bytes())
    srcdir, inside_root = root / job.srcdir, f"{root}{os.sep}"

    def told(text: str) -> str:
        return text.replace(inside_root, "")

    for path in sorted(srcdir.rglob("*")):
        name = path.relative_to(srcdir).as_posix()
        if path.is_file() and (root / job.pages) in path.parents and path.relative_to(root).as_posix() not in job.files:
            content = path.read_bytes()
            is_text = path.suffix in (".rst", ".svg")
            outcome.files[name] = content.replace(inside_root.encode(), b"") if is_text else content
    outcome.raised = told(outcome.raised)
    if outcome.ended:
        outcome.ended = f"{_place(job, told(outcome.ended))}: {outcome.ended.partition(chr(10))[0]}"
    outcome.said = [
        Said(said.level, told(said.message), tuple(map(told, said.arguments)), said.subtype) for said in outcome.said
    ]
    return outcome
