"""What a lesson needs to run anywhere, and what comes back: plain values, to be sent to other processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Job:
    """One lesson; all paths are as seen from the folder of ``conf.py``.

    ``script`` is the staged script and ``author`` what its author wrote, ``lines`` lead from one to the other.
    ``files`` are the script and what lies beside it. Sphinx-Gallery writes below ``pages``, for the sources in
    ``srcdir``, as its pickled ``settings`` say.
    """

    script: str
    author: str
    lines: Sequence[int]
    srcdir: str
    pages: str
    files: dict[str, bytes]
    settings: bytes
    timeout: float = 1800
    search_path: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the lesson is called when it is told of."""
        return PurePosixPath(self.script).stem


@dataclass
class Said:
    """A warning of Sphinx-Gallery's."""

    level: int
    message: str
    arguments: tuple[str, ...] = ()
    subtype: str = ""


@dataclass
class Outcome:
    """What a lesson's run wrote, by its name as seen from ``srcdir``, and how it ended.

    ``raised`` is the traceback of an error that the lesson raised; ``ended`` says why there is no page at all, and
    ``is_lost`` that this may be for another lesson's sake: both were sent to the worker that died.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    raised: str = ""
    ended: str = ""
    is_lost: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the lesson ran to its end."""
        return not (self.raised or self.ended)
