"""A site appears whole or not at all: the last good one stays until the new one is complete."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

#: On Linux and macOS, the system exchanges two folders in one step.
EXCHANGE = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}


def publish(work: Path, outputdir: Path) -> None:
    """Put a copy of the folder ``work`` in the place of ``outputdir``, all at once.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> for name, text in {"work": "new", "site": "old"}.items():
    ...     _ = (root / name).mkdir(), (root / name / "index.html").write_text(text)
    >>> publish(root / "work", root / "site")
    >>> (root / "site/index.html").read_text(), sorted(path.name for path in root.iterdir())
    ('new', ['site', 'work'])
    """
    fresh = outputdir.with_name(f"{outputdir.name}.new")
    if fresh.exists():  # left by a build that was killed here
        shutil.rmtree(fresh)
    shutil.copytree(work, fresh)
    if not outputdir.exists():
        fresh.rename(outputdir)
    elif not _exchange(fresh, outputdir):
        former = outputdir.with_name(f"{outputdir.name}.old")
        outputdir.rename(former)
        fresh.rename(outputdir)
        former.rename(fresh)
    if fresh.exists():
        shutil.rmtree(fresh)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; tell whether this system can."""
    name, here, flag = EXCHANGE.get(sys.platform, ("", 0, 0))
    function = getattr(ctypes.CDLL(None), name, None) if name else None
    return function is not None and function(here, os.fsencode(one), here, os.fsencode(other), flag) == 0
