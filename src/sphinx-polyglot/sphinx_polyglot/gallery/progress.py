"""Tell which lesson runs, for how many seconds, and how many are left.

Sphinx-Gallery calls what ``reset_modules`` names before and after each lesson; among
these is ``show``. On a terminal one line grows, elsewhere each lesson has two.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
from typing import TextIO

from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from sphinx_polyglot.gallery.upstream import LOGGER, RAISED

HOOK = f"{__name__}.show"


class Progress:
    """The lessons of one build that run, one after the other.

    >>> progress = Progress(2, sys.stdout)
    >>> progress.start("10_tensors")
    lesson 1 of 2: 10_tensors …
    >>> progress.end()
    lesson 1 of 2: 10_tensors … 0 s, 1 left
    """

    def __init__(self, total: int, stream: TextIO):
        self.total, self.stream = total, stream  # a lesson's own output goes elsewhere: ``sys.stdout`` changes
        self.line = ""  # of the lesson that runs now
        self.count = 0
        self.started = 0.0
        self.ended = threading.Event()
        self.ticking: threading.Thread | None = None

    def start(self, name: str) -> None:
        """Say that a lesson begins, and on a terminal go on saying it."""
        self.count += 1
        self.line = f"lesson {self.count} of {self.total}: {name} …"
        self.started = time.monotonic()
        if self.stream.isatty():
            self.ended.clear()
            self.ticking = threading.Thread(target=self._tick, daemon=True)
            self.ticking.start()
        else:
            print(self.line, file=self.stream, flush=True)

    def end(self, failed: bool = False) -> None:
        """Say that it has ended; do nothing if none runs."""
        if self.line:
            left = self.total - self.count
            line = f"{self._line()}, {'failed' if failed else f'{left} left'}"
            if self.ticking:
                self.ended.set()
                self.ticking.join()
                self._rewrite(line)
                line = ""
            print(line, file=self.stream, flush=True)
            self.line, self.ticking = "", None

    def _tick(self) -> None:
        self._rewrite(self._line())
        while not self.ended.wait(1):
            self._rewrite(self._line())

    def _line(self) -> str:
        return f"{self.line} {time.monotonic() - self.started:.0f} s"

    def _rewrite(self, text: str) -> None:
        """Write on the line once more; past the stream's lock, which a lesson may fork while it is held."""
        width = shutil.get_terminal_size().columns - 1
        os.write(self.stream.fileno(), f"\r{text[:width]:<{width}}".encode())


_progress = Progress(0, sys.stdout)


def begin(settings: dict, total: int, guard: str) -> None:
    """Have Sphinx-Gallery call ``show`` for so many lessons, and ``guard``, besides what the project has it call."""
    global _progress
    _progress = Progress(total, sys.stdout)
    own = settings.get("reset_modules", DEFAULT_GALLERY_CONF["reset_modules"])
    own = list(own) if isinstance(own, list | tuple) else [own]
    settings["reset_modules"] = [*own, HOOK, guard]
    settings["reset_modules_order"] = "both"
    if total:
        logging.getLogger(LOGGER).addFilter(_end_line)


def show(gallery_conf: dict, fname: str | None, when: str) -> None:
    """What Sphinx-Gallery calls; in a worker process of a parallel build there is nothing to tell."""
    if _progress.total and when == "before":
        _progress.start(str(fname).removesuffix(".py"))
    elif _progress.total:
        _progress.end()


def _end_line(record: logging.LogRecord) -> bool:
    """A warning begins a line of its own, and the one of a lesson that failed ends it."""
    if record.levelno >= logging.WARNING:
        _progress.end(failed=getattr(record, "subtype", "") == RAISED)
    return True
