"""Part of a build in a process beside this one, forked from it; what it says is told when its turn comes.

Languages share nothing but the lessons' outputs. So once a language has these, the next ones are built while it
reads and writes its pages, where the system can fork: a new interpreter would import for longer than it builds.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable

from sphinx_polyglot.cli.explain import explained
from sphinx_polyglot.gallery.worker import LEASH, worker


def can_fork() -> bool:
    """Whether a fork is safe: a thread that a lesson left may hold a lock, which nobody would open in the copy."""
    others = [thread for thread in threading.enumerate() if thread.name not in ("MainThread", LEASH)]
    return hasattr(os, "fork") and not others


class Beside:
    """``work``, which returns an exit code, in a process of its own; leave its context, and it has ended."""

    def __init__(self, work: Callable[[], int]):
        self._said = [tempfile.TemporaryFile() for _ in ("output", "errors")]  # noqa: SIM115 (closed at the end)
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = os.fork()
        if not self._process:
            self._become(work)

    def _become(self, work: Callable[[], int]) -> None:
        """In the fork."""
        code = 1
        worker.is_beside = True
        try:
            for number, file in enumerate(self._said, 1):
                os.dup2(file.fileno(), number)
            streams = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
            sys.stdout, sys.stderr = streams
            code = work()
        except BaseException as error:
            message, code = explained(error)
            print(message, file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def join(self) -> int:
        """Wait for its end, pass on what it said, and return its exit code."""
        code = self._wait()
        for file, stream in zip(self._said, (sys.stdout, sys.stderr), strict=True):
            file.seek(0)
            stream.write(file.read().decode("utf-8", "replace"))
            stream.flush()
        if code < 0:
            name = signal.Signals(-code).name
            print(f"the build's process ended before its time, with {name}; build again", file=sys.stderr)
        return abs(code)

    def _wait(self) -> int:
        process, self._process = self._process, 0
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nobody asked what it said: it is waited for, so that nothing is written any more."""
        if self._process:
            self._wait()
        for file in self._said:
            file.close()
