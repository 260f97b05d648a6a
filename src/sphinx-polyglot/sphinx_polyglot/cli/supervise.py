"""Run a build in a process of its own, and tell how it ended, however it did.

``conf.py`` is any code: it may end the process, crash it, or leave children behind. The process that
``make html`` waits for therefore runs none. It leads a worker that does; the two share a folder of notes,
and a pipe that closes when the leader is gone, however that went. A build leads its lessons likewise.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sphinx_polyglot.gallery.worker import ENDED, GROUP, LAST_WORDS, VARIABLE, read_note

#: Seconds that a worker has to end by itself when it is asked to.
GRACE = 5


def lead(arguments: Sequence[str]) -> int:
    """Have a worker run ``python -m sphinx_polyglot`` with ``arguments``; return an exit code."""
    with tempfile.TemporaryDirectory(prefix="sphinx-polyglot-") as folder:
        leash, hold = os.pipe()
        worker = subprocess.Popen(
            [sys.executable, "-m", "sphinx_polyglot", *arguments],
            env={**os.environ, VARIABLE: f"{leash}:{folder}"},
            stdin=subprocess.DEVNULL,
            pass_fds=[leash] if os.name == "posix" else (),
            process_group=0 if os.name == "posix" else None,  # what a lesson starts is in it, too
        )
        os.close(leash)
        asked = _wait(worker)
        _signal(worker, "SIGKILL")  # what lessons left behind
        worker.wait()
        os.close(hold)
        notes = Path(folder)
        _end_lessons(notes)
        if asked:
            if not (notes / ENDED).exists():
                print(f"ended by {asked.name}; the last good site stays", file=sys.stderr)
            return 128 + asked
        if (notes / ENDED).exists():
            return int(read_note(notes, ENDED))
        print(last_words(notes, worker.returncode), file=sys.stderr)
        return 1


class Asked(BaseException):
    """A signal asks for the end."""


def _wait(worker: subprocess.Popen) -> signal.Signals | None:
    """Wait for the worker's end; if a signal asks for it before, pass that on and say which it was."""

    def ask(number: int, frame: object) -> None:
        raise Asked(number)

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        for number in numbers:
            signal.signal(number, ask)
        worker.wait()
    except Asked as error:
        for number in numbers:  # the second one ends us, and so the worker
            signal.signal(number, signal.SIG_DFL)
        asked = signal.Signals(error.args[0])
        _signal(worker, asked.name)
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(GRACE)
        return asked
    return None


def _signal(worker: subprocess.Popen, name: str) -> None:
    """To the worker and all that it started, where the system has groups of processes."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(worker.pid, getattr(signal, name))
        else:
            worker.kill()


def _end_lessons(notes: Path) -> None:
    """Those of a build that is gone; what never gives other threads a turn does not notice that by itself."""
    for note in notes.glob(f"{GROUP}*"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(int(note.name.removeprefix(GROUP)), signal.SIGKILL)


def last_words(notes: Path, code: int) -> str:
    """Why a build ended before its time."""
    how = f"{signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    words = read_note(notes, LAST_WORDS)
    return f"the build's process ended before its time, with {how}; build again\n{words}".strip()
