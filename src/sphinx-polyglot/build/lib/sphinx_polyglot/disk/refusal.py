"""What the system refused to write, in words: the file, the reason, the remedy."""

from __future__ import annotations

import errno
import io
import logging
import os
import traceback

from sphinx.errors import SphinxError

#: What the disk says, rather than a file that is not there.
REFUSALS = {errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EPERM, errno.EROFS}


def unusable(error: OSError) -> str:
    """One line on a file that could not be written.

    >>> unusable(PermissionError(13, "Permission denied", "build/html"))
    'build/html: Permission denied; make it writable, make room, or name another output folder'
    """
    path = error.filename2 or error.filename or _open_file(error) or "a file"
    return f"{os.fsdecode(path)}: {error.strerror}; make it writable, make room, or name another output folder"


def _open_file(error: OSError) -> str:
    """The system names no file when one that is open cannot grow: look for it where the error came from."""
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        for value in frame.f_locals.values():
            name = getattr(value, "name", None)
            if isinstance(value, io.IOBase) and isinstance(name, str) and not name.startswith("<"):
                return name
    return ""


class Refused(logging.Handler):
    """Stop at the first file: Sphinx would only warn, of this one and of every other."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise ``SphinxError`` where Sphinx would go on."""
        for value in record.args if isinstance(record.args, tuple) else ():
            if isinstance(value, OSError) and value.errno in REFUSALS:
                raise SphinxError(unusable(value))


def listen() -> None:
    """Listen to what Sphinx warns of; it forgets the listeners of earlier builds."""
    logging.getLogger("sphinx").addHandler(Refused(logging.WARNING))
