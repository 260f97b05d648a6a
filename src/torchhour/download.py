"""Download a file over a line that breaks: resume, try again, check, and only then put it in place.

While a download is under way its bytes lie in ``PATH.part``, and ``PATH.lock``
keeps a second process from writing there too; the lock file stays, empty.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from filelock import FileLock, Timeout
from tqdm import tqdm

CHUNK = 1 << 16


class DownloadError(RuntimeError):
    """A file could not be fetched; the message has the address, the file, the fault and the remedy."""


class _Broken(Exception):
    """The line or the server failed; another attempt may succeed."""


def download(
    url: str,
    path: str | Path,
    *,
    md5: str = "",
    sha256: str = "",
    attempts: int = 5,
    pause: float = 1.0,
    timeout: float = 30.0,
) -> Path:
    """Fetch ``url`` into the file ``path``, unless it is already there with this checksum; return the path.

    Give ``md5`` or ``sha256`` in hexadecimal, whole or its first digits. What an
    earlier run left in ``PATH.part`` is resumed with a ``Range`` request. The
    download fails after ``attempts`` requests in a row that bring no new byte,
    with ``pause`` seconds between the first two and twice as many after each
    more; ``timeout`` is how many seconds a silent server is waited for.

    Raises ``DownloadError`` where the server refuses, keeps failing or holds
    other bytes, and where the disk is full or not writable; ``ValueError``
    unless exactly one checksum is given.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = Path(folder, "source")
    ...     _ = source.write_bytes(b"hello")
    ...     download(source.as_uri(), Path(folder, "copy"), md5="5d41402abc4b2a76b9719d911017c592").read_bytes()
    b'hello'
    """
    path, fault = Path(path), partial(checksum_fault, md5=md5, sha256=sha256)
    part = path.with_name(path.name + ".part")
    try:
        if fault(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with alone(path):
                if fault(path):  # a process that we waited for may have brought it
                    _complete(url, part, fault, attempts, pause, timeout)
                    os.replace(part, path)
    except OSError as error:
        kept = f"{part} keeps {_size(part):,} bytes to resume from"
        if not _size(part):
            kept = "nothing is kept"
            with suppress(OSError):
                part.unlink()
        raise DownloadError(
            f"{error.filename or part}: {error.strerror or error}, while fetching {url}; "
            f"make room or choose another folder and run again ({kept})"
        ) from error
    return path


def checksum_fault(path: Path, *, md5: str = "", sha256: str = "") -> str:
    """What is wrong with a file, in words; empty where its checksum begins with the given digits.

    Raises ``ValueError`` unless exactly one checksum is given.

    >>> checksum_fault(Path("nowhere"), sha256="f37072fd")
    'missing'
    """
    if bool(md5) == bool(sha256):
        raise ValueError("give md5 or sha256, one of the two")
    kind, wanted = ("md5", md5) if md5 else ("sha256", sha256)
    if not path.is_file():
        return "missing"
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, partial(hashlib.new, kind, usedforsecurity=False)).hexdigest()
    return "" if found.startswith(wanted.lower()) else f"{kind} {found}, expected {wanted}"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process at a time work on a file; a second says that it waits, and waits.

    Raises ``OSError`` where ``PATH.lock`` cannot be made.
    """
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _say(f"{path}: another process is fetching this; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _complete(url: str, part: Path, fault: Callable[[Path], str], attempts: int, pause: float, timeout: float) -> None:
    """Bring ``part`` to its right content, in as many requests as that takes."""
    failed, longest = 0, _size(part)
    while True:
        resumed, broken = _size(part) > 0, ""
        try:
            _receive(url, part, timeout)
        except _Broken as error:
            broken = str(error)
        # Asked even where the answer seemed short: servers misstate the length.
        wrong = fault(part)
        if not wrong:
            return
        if not broken:
            part.unlink(missing_ok=True)
        # A request that brought a new byte is no failure, or a line that
        # breaks every few megabytes could never bring a large file.
        failed = failed + 1 if _size(part) <= longest else 0
        longest = max(longest, _size(part))
        # Wrong bytes that began with an old part may be the old part's fault.
        if failed >= attempts or not (broken or resumed):
            remedy = "run again to resume" if broken else f"{part} was removed; run again later"
            raise DownloadError(f"{url}: {broken or wrong}; {remedy}, or take {part.stem} from another server")
        wait = min(pause * 2**failed, 60)
        _say(f"{part.stem}: {broken or wrong}; trying again in {wait:g} s")
        time.sleep(wait)


def _receive(url: str, part: Path, timeout: float) -> None:
    """Make one request for what is missing and append what comes; raise ``_Broken`` where it ends early."""
    asked = _size(part)
    headers = {"User-Agent": "torchhour", **({"Range": f"bytes={asked}-"} if asked else {})}
    with _line(url):
        try:
            response = urlopen(Request(url, headers=headers), timeout=timeout)
        except HTTPError as error:
            if error.code == 416 and asked:
                return  # all bytes were here already, or too many: the checksum will tell
            raise
    with response:
        size, total = _extent(response)
        if size not in (0, asked):
            part.unlink(missing_ok=True)
            raise _Broken(f"asked for the bytes from {asked:,}, the server sends others")
        bar = tqdm(desc=part.stem, initial=size, total=total, unit="B", unit_scale=True, leave=False, disable=None)
        with bar, open(part, "ab" if size else "wb") as file:
            while size < total:
                with _line(url):
                    piece = response.read1(min(CHUNK, total - size))
                if not piece:
                    break
                file.write(piece)
                file.flush()  # whatever ends this process, these bytes are there to resume from
                bar.update(len(piece))
                size += len(piece)
    if size < total < math.inf:
        raise _Broken(f"broke off after {size:,} of {total:,} bytes")


@contextmanager
def _line(url: str) -> Iterator[None]:
    """Sort what a request raises: what may pass from what will not, and both from the disk's own errors."""
    try:
        yield
    except HTTPError as error:
        fault = f"the server answers {error.code} {error.reason}"
        if error.code >= 500 or error.code in (408, 429):
            raise _Broken(fault) from error
        raise DownloadError(f"{url}: {fault}; check the address, or use another server") from error
    except (OSError, HTTPException) as error:
        raise _Broken(getattr(error, "reason", None) or error) from error
    except ValueError as error:
        raise DownloadError(f"{url}: {error}; an address begins with http:// or https://") from error


def _extent(response) -> tuple[int, float]:
    """Where an answer's bytes begin (-1: nobody knows) and the whole file's size (infinite: nobody knows)."""
    if response.status != 206:
        length = getattr(response, "length", None)
        return 0, math.inf if length is None else length
    span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    if not span:
        return -1, math.inf
    return int(span[1]), math.inf if span[2] == "*" else int(span[2])


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _say(message: str) -> None:
    tqdm.write(message, file=sys.stderr)
