"""Whatever ends a build or a check, in words: the place, the fault, the remedy, and the exit code."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path

from sphinx.errors import ExtensionError, SphinxError

from sphinx_polyglot.disk.refusal import REFUSALS, unusable
from sphinx_polyglot.errors import SourceError

#: What a shell says of a program that Ctrl-C has ended.
INTERRUPTED = 130


def explained(error: BaseException) -> tuple[str, int]:
    """A message, and an exit code that is never 0.

    >>> explained(SourceError("docs/index.rst", 3, "this is not UTF-8; save the file in that encoding"))
    ('docs/index.rst:3: this is not UTF-8; save the file in that encoding', 1)
    """
    if isinstance(error, KeyboardInterrupt):
        return ": ".join([*map(str, error.args), "interrupted; the last good site stays"]), INTERRUPTED
    if isinstance(error, SphinxError):
        return _of_sphinx(error), 1
    if isinstance(error, SourceError):
        return str(error), 1
    if isinstance(error, OSError) and error.errno is not None:
        return _of_the_system(error), 1
    return _of_ours(error), 1


def _of_sphinx(error: SphinxError) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno:
        return _of_the_system(cause)
    if isinstance(error, ExtensionError) and isinstance(cause, ImportError) and "import extension" in str(error):
        return f"conf.py: extensions names what cannot be imported: {cause}; correct the name, or install it"
    if isinstance(error, ExtensionError) and cause:  # a fault of an extension: its own words say most
        traceback.print_exception(cause)
    return str(error)


def _of_the_system(error: OSError) -> str:
    """What the disk refused, or what is gone that was there when the build began."""
    if error.errno in (*REFUSALS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY):
        return unusable(error)
    path = os.fsdecode(error.filename2 or error.filename or "a file")
    if error.errno == errno.ENOENT:
        return f"{path}: it was removed while the site was built, perhaps by a lesson; restore it and build again"
    return f"{path}: {error.strerror}; correct what stands there, and build again"


def _of_ours(error: BaseException) -> str:
    """Nobody foresaw this: the traceback helps whoever mends it."""
    traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "sphinx_polyglot"
    what = f"{type(error).__name__}: {error}".strip(": ")
    return f"{place}: {what}; the builder has not foreseen this: please report it with the lines above"
