"""Tell which lessons run, for how many seconds, and how many are left.

On a terminal one line grows, elsewhere each lesson has two.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path
from typing import TextIO


class Progress:
    """The lessons of one build that run, in turn or at the same time; of none there is nothing to tell.

    >>> import sys
    >>> progress = Progress(2, sys.stdout)
    >>> progress.start("10_tensors")
    lesson 1 of 2: 10_tensors …
    >>> progress.end("10_tensors")
    lesson 1 of 2: 10_tensors … 0 s, 1 left
    """

    def __init__(self, total: int, stream: TextIO):
        self.total, self.stream = total, stream
        self.running: dict[str, tuple[int, float]] = {}  # the number and the begin of each
        self.begun = self.ended = 0
        self.over = threading.Event()
        self.ticking: threading.Thread | None = None

    def start(self, name: str) -> None:
        """Say that a lesson begins, and on a terminal go on saying it."""
        if not self.total or name in self.running:
            return
        self.begun += 1
        self.running[name] = self.begun, time.monotonic()
        if not self.stream.isatty():
            print(self._head(name), file=self.stream, flush=True)
        elif self.ticking is None:
            self._begin()

    def end(self, name: str, how: str = "") -> None:
        """Say that it has ended, and ``how`` if not as usual."""
        if not self.total:
            return
        self.ended += 1
        line = f"{self._line(name)}, {how or f'{self.total - self.ended} left'}"
        is_growing = self.ticking is not None
        if is_growing:
            self._stop()
            self._rewrite(line)
            line = ""
        print(line, file=self.stream, flush=True)
        del self.running[name]
        if is_growing and self.running:
            self._begin()

    def close(self) -> None:
        """Nothing runs any more, however that came."""
        if self.ticking:
            self._stop()
            print(file=self.stream, flush=True)

    def _begin(self) -> None:
        self.over.clear()
        self.ticking = threading.Thread(target=self._tick, daemon=True)
        self.ticking.start()

    def _stop(self) -> None:
        self.over.set()
        self.ticking.join()
        self.ticking = None

    def _tick(self) -> None:
        while True:
            self._rewrite("; ".join(map(self._line, list(self.running))))
            if self.over.wait(1):
                return

    def _head(self, name: str) -> str:
        return f"lesson {self.running[name][0]} of {self.total}: {Path(name).stem} …"

    def _line(self, name: str) -> str:
        return f"{self._head(name)} {time.monotonic() - self.running[name][1]:.0f} s"

    def _rewrite(self, text: str) -> None:
        """Write on the line once more."""
        width = shutil.get_terminal_size().columns - 1
        os.write(self.stream.fileno(), f"\r{text[:width]:<{width}}".encode())
