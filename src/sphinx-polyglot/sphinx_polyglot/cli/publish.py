"""A site appears whole or not at all: the last good one stays until the new one is complete."""

from __future__ import annotations

import ctypes
import errno
import filecmp
import os
import shutil
import sys
from pathlib import Path

from sphinx_polyglot.disk.records import names

#: Sphinx's notes for its next build; they depend on where the environment lies.
UNPUBLISHED = {".buildinfo"}
#: On Linux and macOS, the system exchanges two folders in one step.
EXCHANGE = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}


def publish(work: Path, outputdir: Path) -> None:
    """Put a copy of the folder ``work`` in the place of ``outputdir``, all at once, unless it is there already.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> for name, text in {"work": "new", "site": "old"}.items():
    ...     _ = (root / name).mkdir(), (root / name / "index.html").write_text(text)
    >>> publish(root / "work", root / "site")
    >>> (root / "site/index.html").read_text(), sorted(path.name for path in root.iterdir())
    ('new', ['site', 'work'])
    """
    if _is_same(work, outputdir):
        return
    fresh, former = _beside(work)
    try:
        _copy(work, fresh)
    except OSError:  # the disk is full: give back what we took
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    if not outputdir.exists():
        fresh.rename(outputdir)
    elif not _exchange(fresh, outputdir):
        outputdir.rename(former)
        fresh.rename(outputdir)
        former.rename(fresh)
    remove_folder(fresh)


def recover(work: Path, outputdir: Path) -> None:
    """Undo what a build left that was killed while it published; raise ``OSError`` if none could publish.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> (root / "work.old").mkdir()  # killed between the two renames
    >>> recover(root / "work", root / "site")
    >>> [path.name for path in root.iterdir()]
    ['site']
    """
    fresh, former = _beside(work)
    if former.exists() and not outputdir.exists():
        former.rename(outputdir)
    for left in (fresh, former):
        remove_folder(left)
    for folder, _, _ in os.walk(outputdir):  # what is exchanged is then removed
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)


def remove_folder(path: Path) -> None:
    """Remove a folder of ours with all that is in it, or what stands in its place."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _beside(work: Path) -> tuple[Path, Path]:
    """Where the new site waits, and where the former one goes on systems that cannot exchange the two."""
    return work.with_name(f"{work.name}.new"), work.with_name(f"{work.name}.old")


def _published(folder: Path) -> set[str]:
    """What is published of a folder, by names as seen from there."""
    return {name for name in names(folder) if os.path.basename(name) not in UNPUBLISHED}


def _is_same(one: Path, other: Path) -> bool:
    """Whether two folders publish the same; files of one size and date are, as for rsync."""
    found = _published(one)
    try:
        return found == _published(other) and all(
            filecmp.cmp(os.path.join(one, name), os.path.join(other, name)) for name in found
        )
    except OSError:  # a link that leads nowhere
        return False


def _copy(source: Path, target: Path) -> None:
    """Unlike ``shutil.copytree``, stop at the first fault and raise it as it is; leave out ``UNPUBLISHED``."""
    target.mkdir()
    for path in sorted(path for path in source.rglob("*") if path.name not in UNPUBLISHED):
        copy = target / path.relative_to(source)
        copy.mkdir() if path.is_dir() else shutil.copy2(path, copy)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; tell whether this system can."""
    name, here, flag = EXCHANGE.get(sys.platform, ("", 0, 0))
    function = getattr(ctypes.CDLL(None), name, None) if name else None
    return function is not None and function(here, os.fsencode(one), here, os.fsencode(other), flag) == 0
