"""Download a file over a line that breaks: resume, try again, check, and only then put it in place.

While a download is under way its bytes lie in ``PATH.part``, and ``PATH.lock``
keeps a second process from writing there too; the lock file stays behind, empty.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.request import OpenerDirector, Request

from filelock import AcquireReturnProxy, FileLock, Timeout
from tqdm import tqdm

from torchhour.address import opener, without_login

#: Seconds of pause after a request that broke off; each in a row that brings nothing doubles them.
PAUSE = 0.5


class DownloadError(RuntimeError):
    """A file could not be fetched; the message has the place, the fault and the remedy."""


class _Broken(Exception):
    """The line or the server failed in a way that may pass."""


class Server(NamedTuple):
    """Whom to ask, and how: an address without a login, what logs in, and the seconds to wait."""

    url: str
    opener: OpenerDirector
    timeout: float


def download(
    url: str,
    path: Path,
    *,
    md5: str = "",
    sha256: str = "",
    limit: int | None = None,
    attempts: int = 5,
    timeout: float = 30,
) -> Path:
    """Fetch ``url`` into the file ``path``, unless it is there already with this checksum; return the path.

    Give ``md5`` or ``sha256`` in hexadecimal, whole or its first digits. What an
    earlier run left in ``PATH.part`` is resumed by a ``Range`` request. After
    ``attempts`` requests in a row without a new byte the download fails; a
    server is waited for until it has been silent for ``timeout`` seconds. Not more
    than ``limit`` bytes are taken. With ``http://name:password@host/…`` the download
    logs in at that host; no message tells the password.

    Raises ``DownloadError`` where the server refuses, keeps failing or holds
    other bytes or more of them, and where the disk is full or cannot be written;
    ``ValueError`` where no checksum is given.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = Path(folder, "source")
    ...     _ = source.write_bytes(b"hello")
    ...     download(source.as_uri(), Path(folder, "copy"), md5="5d41402abc4b2a76b9719d911017c592").read_bytes()
    b'hello'
    """
    part = Path(f"{path}.part")
    fault = partial(checksum_fault, md5=md5, sha256=sha256)
    try:
        server = Server(without_login(url), opener(url), timeout)
    except ValueError as error:
        raise DownloadError(f"{path.name}: {error}") from None  # the cause may quote a password
    url = server.url
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path):
            if fault(path):
                _complete(server, part, fault, attempts, limit)
                os.replace(part, path)
    except OSError as error:
        remedy = f"make room or choose another folder, then run again ({_size(part):,} bytes are kept to resume from)"
        raise DownloadError(f"{error.filename or part}: {error.strerror or error}, fetching {url}; {remedy}") from error
    return path


def checksum_fault(path: Path, *, md5: str = "", sha256: str = "") -> str:
    """What is wrong with a file, in words; empty where its checksum begins with the given digits.

    Raises ``ValueError`` where no checksum is given.

    >>> checksum_fault(Path("nowhere"), sha256="f37072fd")
    'missing'
    """
    kind, wanted = ("md5", md5) if md5 else ("sha256", sha256)
    if not wanted:
        raise ValueError("no checksum: give md5 or sha256")
    if not path.is_file():
        return "missing"
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, partial(hashlib.new, kind, usedforsecurity=False)).hexdigest()
    return "" if found.startswith(wanted) else f"{kind} {found}, expected {wanted}"


def alone(path: Path) -> AcquireReturnProxy:
    """Let one process at a time into the ``with`` block; a second says that it waits, and waits.

    Raises ``OSError`` where ``PATH.lock`` cannot be made.
    """
    lock = FileLock(f"{path}.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        print(f"{path}: another process is fetching this; waiting for it", file=sys.stderr)
        return lock.acquire()


def _complete(server: Server, part: Path, fault: Callable[[Path], str], attempts: int, limit: int | None) -> None:
    """Bring ``part`` to its right content, in as many requests as that takes."""
    if part.is_fifo():
        raise DownloadError(f"{part}: a pipe, which would wait for ever; delete it and run again")
    if limit is not None and _size(part) > limit:
        part.unlink()
    failed, longest = 0, _size(part)
    while True:
        had, broken = _size(part), ""
        try:
            _receive(server, part, had, limit)
        except _Broken as error:
            broken = str(error)
        # Asked even where the answer seemed too short: servers misstate the length.
        if not (wrong := fault(part)):
            return
        if not broken:
            part.unlink(missing_ok=True)
        # A request that brings a new byte is no failure, or a line that breaks
        # every few megabytes would never bring a large file.
        failed, longest = (0, _size(part)) if _size(part) > longest else (failed + 1, longest)
        # Wrong bytes after an old part may be the old part's fault: then once more, from the start.
        if failed >= attempts or not (broken or had):
            remedy = f"run again later, or bring {part.with_suffix('')} from another server"
            raise DownloadError(f"{server.url}: {broken or wrong}; {remedy}")
        print(f"{part.stem}: {broken or wrong}; trying again", file=sys.stderr)
        time.sleep(min(PAUSE * 2**failed, 60))


def _receive(server: Server, part: Path, had: int, limit: int | None) -> None:
    """Append one answer's bytes to the ``had`` in ``part``, or begin it anew where the answer does not continue it."""
    pieces = _answer(server, had)
    begin, total = next(pieces, (had, had))
    bar = tqdm(desc=part.stem, initial=begin, total=total, unit="B", unit_scale=True, leave=False, disable=None)
    with bar, open(part, "ab" if begin == had else "wb") as file:
        for piece in pieces:
            if limit is not None and file.tell() + len(piece) > limit:
                part.unlink()  # nothing to resume from: it is another file
                raise DownloadError(
                    f"{server.url}: more than {limit:,} bytes; check the address, or use another server"
                )
            file.write(piece)
            file.flush()  # whatever ends this process, these bytes are there to resume from
            bar.update(len(piece))


def _answer(server: Server, had: int) -> Iterator:
    """Yield where an answer begins and the file's size, if known, then its bytes; nothing where none are left.

    A generator, so that the line's errors stay apart from the disk's: both are ``OSError``.
    """
    headers = {"User-Agent": "torchhour", **({"Range": f"bytes={had}-"} if had else {})}
    try:
        with server.opener.open(Request(server.url, headers=headers), timeout=server.timeout) as response:
            span = re.match(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
            size, total = map(int, span.groups() if span else (0, response.headers.get("Content-Length", 0)))
            yield size, total or None
            while piece := response.read1(1 << 16):
                size += len(piece)
                yield piece
    except (OSError, HTTPException, ValueError) as error:
        code = getattr(error, "code", 0)
        if code == 416:  # no bytes are left, or there are too many: the checksum will tell
            return
        if isinstance(error, ValueError) or (400 <= code < 500 and code not in (408, 429)):
            raise DownloadError(f"{server.url}: {error}; check the address, or use another server") from error
        raise _Broken(str(error)) from error
    if size < total:
        raise _Broken(f"broke off after {size:,} of {total:,} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
