"""Why a lesson's process ended before its time: the place, the fault and the remedy."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from sphinx_polyglot.gallery.failure import innermost
from sphinx_polyglot.gallery.worker import LAST_WORDS, PLACES, read_note


def last_words(notes: Path, code: int) -> str:
    """The same as one line, from what the process noted and how it ended."""
    words, places = read_note(notes, LAST_WORDS), json.loads(read_note(notes, PLACES))
    place = innermost(words, places) or next(author for author, _ in places.values())
    said = words.partition("\n")[0]
    if said.startswith("Timeout"):
        return f"{place}: the lesson ran longer than polyglot_timeout allows; make it shorter, or allow more in conf.py"
    if said.startswith("Fatal"):
        return f"{place}: the lesson crashed Python ({said.partition(': ')[2]}); find out what this line calls"
    if said.startswith("os._exit"):
        return f"{place}: the lesson ended its process with {said}; remove that call"
    how = f"{signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    want = ", perhaps for want of memory" if code == -signal.SIGKILL else ""
    return f"{place}: the lesson's process ended before its time, with {how}{want}; correct the lesson"
