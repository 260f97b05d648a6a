"""A process that somebody leads, a build or a lesson: it tells of itself in notes, and ends with its leader."""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import threading
from pathlib import Path

#: Tells a worker that it is one: the folder of notes and the pipe's end.
VARIABLE = "SPHINX_POLYGLOT_WORKER"
#: The thread that watches the pipe.
LEASH = "leash"

#: The notes: where staged lines come from, the interpreter's last words, the exit code; and what begins the name
#: of a note on a group of processes that was started.
PLACES, LAST_WORDS, ENDED, GROUP = "places.json", "last-words", "ended", "group-"
#: The environment before ``conf.py`` changed it.
STARTED = dict(os.environ)


class Worker:
    """The worker's side; in a process without a leader, it notes nothing."""

    def __init__(self) -> None:
        leash, _, folder = os.environ.pop(VARIABLE, "").partition(":")
        self.notes = Path(folder) if folder else None
        self.words = None
        self.is_beside = False  # a copy of the process that ran them
        if self.notes:
            self.words = (self.notes / LAST_WORDS).open("w")
            faulthandler.enable(self.words)
            if os.name == "posix":
                threading.Thread(target=_end_with_leader, args=(int(leash),), name=LEASH, daemon=True).start()

    def note(self, name: str, text: str) -> None:
        """Leave a note for the leader."""
        if self.notes:
            (self.notes / name).write_text(text, "utf-8")

    def begin(self, timeout: float) -> None:
        """A lesson begins, and may take so many seconds."""
        if self.words:
            faulthandler.dump_traceback_later(timeout, exit=True, file=self.words)

    def end(self) -> None:
        """The lesson has ended."""
        if self.words:
            faulthandler.cancel_dump_traceback_later()

    def leave(self, code: int) -> int:
        """All is done; threads that a lesson left are not waited for."""
        self.note(ENDED, str(code))
        sys.stdout.flush()
        sys.stderr.flush()
        if self.notes and any(not thread.daemon for thread in threading.enumerate()[1:]):
            os._exit(code)
        gc.freeze()  # to look through all objects once more takes a fifth of a build without changes
        return code


def _end_with_leader(leash: int) -> None:
    """Wait until the leader is gone, then end this process and all that it started."""
    os.read(leash, 1)
    os.killpg(0, signal.SIGKILL)


def read_note(notes: Path, name: str) -> str:
    """What a worker noted; empty where it did not."""
    path = notes / name
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


#: Of this process.
worker = Worker()
