"""Where the pictures come from, told from the folder alone: importing torch takes seconds.

For pages that name the source; lessons print ``digits().source`` and ``cifar10().source``.
"""

from __future__ import annotations

import hashlib
import os
import stat
from functools import cache
from pathlib import Path

from torchhour.data import checksums


def digits() -> str:
    """The source of ``torchhour.data.digits.digits``.

    >>> digits() in {"MNIST (TORCHHOUR_DATA)", "scikit-learn digits"}
    True
    """
    return "MNIST (TORCHHOUR_DATA)" if "MNIST" in _present() else "scikit-learn digits"


def cifar10() -> str:
    """The source of ``torchhour.data.cifar10.cifar10``.

    >>> cifar10() in {"CIFAR-10", "CIFAR-10 (unverified)", "Silhouettes"}
    True
    """
    present = _present()
    if checksums.PYTHON in present:  # its md5 is right, or the lessons stop
        return checksums.VERIFIED
    return _binary(_folder() / checksums.BINARY) if checksums.BINARY in present else "Silhouettes"


def _binary(folder: Path) -> str:
    """What the binary layout calls itself; if something else is wrong with it, the lessons say what."""
    try:
        known = all(_sha256(folder / f"{name}.bin") == sha256 for name, sha256 in checksums.SHA256.items())
    except OSError:
        known = False
    return checksums.VERIFIED if known else checksums.UNVERIFIED


def _sha256(path: Path) -> str:
    """Empty for what is no file of the right size, so that nothing endless is read."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode) or state.st_size != checksums.RECORDS * checksums.RECORD:
        return ""
    return _digest(path, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


@cache  # settings are read once for each language
def _digest(path: Path, *state: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _present() -> set[str]:
    """What is in the folder that ``TORCHHOUR_DATA`` names; if it cannot be read, the lessons say why."""
    try:
        return set(os.listdir(_folder())) if os.environ.get("TORCHHOUR_DATA") else set()
    except OSError:
        return set()


def _folder() -> Path:
    # Not Path.expanduser, which raises where "~name" is nobody's home.
    return Path(os.path.expanduser(os.environ["TORCHHOUR_DATA"]))
