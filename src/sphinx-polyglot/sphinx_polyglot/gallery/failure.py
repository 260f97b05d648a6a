"""A lesson that raises is reported at the line that its author wrote."""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Mapping

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_polyglot.errors import place
from sphinx_polyglot.gallery.upstream import LOGGER, RAISED
from sphinx_polyglot.source.course import FRAME, Course

COLOURS = re.compile(r"\x1b\[[\d;]*m")


class AuthorPlaces(logging.Filter):
    """Rewrite what Sphinx-Gallery logs of a failing script, which it knows as staged."""

    def __init__(self, course: Course, root: str):
        super().__init__()
        self.course = course
        self.root = root

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the author's file and line first, and into each frame of the traceback."""
        if getattr(record, "subtype", None) == RAISED:
            traceback = COLOURS.sub("", str(record.args[1]))
            where = self._place(traceback)
            error = traceback.strip().splitlines()[-1].strip()
            if where:
                record.msg = "%s: the lesson raised %s; correct the code or the data that it reads\n\n%s"
                texts = (where, error, self.course.with_author_places(traceback))
                record.args = tuple(text.replace(f"{self.root}{os.sep}", "") for text in texts)
            elif "[Errno " in error:  # not the lesson's; the build's last line names the file
                record.msg, record.args = "a figure cannot be saved: %s", (error,)
        return True

    def _place(self, traceback: str) -> str:
        """The innermost line of a lesson."""
        frames = [(path, int(line)) for path, line in FRAME.findall(traceback) if path in self.course.staged]
        if not frames:
            return ""
        return place(*self.course.place(*frames[-1]))


def author_place(error: BaseException) -> str:
    """The innermost line of a lesson in the traceback of an error, as its author knows it; empty if none is in it."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    for former in logging.getLogger(LOGGER).filters:
        found = [frame for frame in frames if isinstance(former, AuthorPlaces) and frame[0] in former.course.staged]
        if found:
            path, line = former.course.place(*found[-1])
            return place(os.path.relpath(path, former.root), line)
    return ""


def innermost(words: str, places: Mapping[str, tuple[str, list[int]]]) -> str:
    """The innermost line of a lesson in what ``faulthandler`` wrote, where the last call comes first.

    ``places`` are the author's file and lines of each staged script. Of a time limit, the main
    thread is told last; of a crash, the one that crashed is told first.

    >>> words = 'Fatal Python error: Aborted\\n  File "c.py", line 9 in f\\n  File "stage/a.py", line 2 in <module>'
    >>> innermost(words, {"stage/a.py": ("gallery/a.py", [1, 7])})
    'gallery/a.py:7'
    """
    threads = re.split(r"^(?:Current t|T)hread ", words, flags=re.MULTILINE)
    for thread in reversed(threads) if words.startswith("Timeout") else threads:
        for script, line in FRAME.findall(thread):
            if script in places:
                path, lines = places[script]
                return place(os.path.relpath(path), lines[min(int(line), len(lines)) - 1])
    return ""


def report_author_places(app: Sphinx, config: Config, course: Course) -> None:
    """``config-inited``: install the filter, in place of the one of an earlier build in this process."""
    logger = logging.getLogger(LOGGER)
    for former in [former for former in logger.filters if isinstance(former, AuthorPlaces)]:
        logger.removeFilter(former)
    logger.addFilter(AuthorPlaces(course, str(app.confdir)))
