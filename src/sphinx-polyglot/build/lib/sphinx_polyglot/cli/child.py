"""A build of one language in a process of its own, and what it had to complain of."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

#: A line that tells of a fault, mostly with the author's file and line; Sphinx puts its own words around them.
FAULT = re.compile(
    r"^(?:WARNING: )?(\S.*?\.\w+:(?:\d+:)?) (?:(?:WARNING|ERROR|CRITICAL): )?(.+)$|^(?:WARNING|ERROR): (.+)$"
)
COLOURS = re.compile(r"\x1b\[[\d;]*m")
#: Seconds that a build has to end its own children before it is killed.
GRACE = 5


class Child:
    """``python -m sphinx_polyglot`` with ``arguments``; its faults are kept, the rest goes to the terminal."""

    def __init__(self, language: str, arguments: Sequence[str | Path]):
        self.language = language
        self.started = time.monotonic()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        command = [sys.executable, "-m", "sphinx_polyglot", *map(str, arguments)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is for us, who end it with all that it started
        )

    def ended(self) -> bool:
        """Tell whether it has ended by itself."""
        return self._process.poll() is not None

    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.started

    def stop(self) -> None:
        """End it and what it started, which may have processes of its own to end."""
        self._signal("SIGTERM")
        last = time.monotonic() + GRACE
        while self._lives() and time.monotonic() < last:
            time.sleep(0.02)
        self._signal("SIGKILL")
        self._process.wait()
        self._errors.close()

    def code(self) -> int:
        """Its exit code, once it has ended: 0 for success."""
        return self._process.returncode

    def complaints(self) -> str:
        """All that it wrote as warnings and errors, once it has ended."""
        self._errors.seek(0)
        with self._errors:
            return self._errors.read().decode(errors="replace")

    def _lives(self) -> bool:
        return self._process.poll() is None or self._signal("")

    def _signal(self, name: str) -> bool:
        """To its whole group, where the system has groups; tell whether there was anyone."""
        if not hasattr(os, "killpg"):
            self._process.kill()
            return False
        try:
            os.killpg(self._process.pid, getattr(signal, name) if name else 0)
        except ProcessLookupError:
            return False
        return True


def fault_lines(complaints: str) -> list[str]:
    """The lines of a build's complaints that name a place, else the last one.

    >>> fault_lines("gallery/20_autograd.py:7: WARNING: undefined label: 'x' [ref.ref]\\nEnglish has warnings\\n")
    ["gallery/20_autograd.py:7: undefined label: 'x' [ref.ref]"]
    >>> fault_lines("There is a syntax error in your configuration file\\n")
    ['There is a syntax error in your configuration file']
    """
    lines = [line for line in COLOURS.sub("", complaints).splitlines() if line.strip()]
    found = [FAULT.match(line) for line in lines]
    return [match[3] or f"{match[1]} {match[2]}" for match in found if match] or lines[-1:]
