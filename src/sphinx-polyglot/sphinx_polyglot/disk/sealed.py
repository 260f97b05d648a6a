"""Files that only builds write and read: one that was damaged since counts as none."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

#: How many bytes at the begin of a file tell whether the rest is as it was written.
SEAL = 16


def write_sealed(path: Path, content: bytes) -> None:
    """Keep ``content`` for the next build; where the disk refuses, that build has none."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_seal(content) + content)


def read_sealed(path: Path) -> bytes:
    """What was kept; nothing where that is not there, or not as it was written.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "kept")
    >>> write_sealed(path, b"compiled")
    >>> read_sealed(path)
    b'compiled'
    >>> _ = path.write_bytes(path.read_bytes()[:-1])
    >>> read_sealed(path)
    b''
    """
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    return content[SEAL:] if content[:SEAL] == _seal(content[SEAL:]) else b""


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SEAL).digest()
