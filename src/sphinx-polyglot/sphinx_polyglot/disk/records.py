"""What a build wrote, file by file: nothing else is removed, and what was damaged since is written anew.

A record is a JSON file that is replaced in one step. One that cannot be read counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.errors import ConfigError

#: What stands for a file that is not there.
MISSING = ""


def read_record(path: Path) -> dict | None:
    """What was recorded; none where there is no record, or none that can be read."""
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write_record(path: Path, record: dict) -> None:
    """Put a record in the place of the former one.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "records/site.json")
    >>> write_record(path, {"index.html": "1f"})
    >>> read_record(path)
    {'index.html': '1f'}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    give_way(path)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(record, ensure_ascii=False, sort_keys=True, indent=0) + "\n", "utf-8")
    fresh.replace(path)


def give_way(path: Path) -> None:
    """Remove an empty folder where a file is to be written; one that holds anything is a stranger's.

    Raises:
        ConfigError: with the place, and what to do.
    """
    if path.is_dir():
        if any(path.iterdir()):
            raise ConfigError(f"{path} is a folder, and a build writes a file there; move it elsewhere")
        path.rmdir()


def names(folder: Path) -> set[str]:
    """Everything below a folder that is no folder, as seen from there; what a link leads to belongs to others."""
    found = set()
    base = len(os.path.join(folder, ""))
    for path, folders, inside in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(path, name))]
        found |= {os.path.join(path, name)[base:] for name in (*inside, *links)}
    return {name.replace(os.sep, "/") for name in found} if os.sep != "/" else found


def digests(folder: Path) -> dict[str, str]:
    """The content of each file below a folder, in a few digits, by its name as seen from there."""
    return {name: digest(os.path.join(folder, name)) for name in names(folder)}


def digest(path: Path | str) -> str:
    """A file's content in a few digits, whatever its date; empty where it is missing or cannot be read."""
    try:
        content = _content(path)
    except OSError:
        return MISSING
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _content(path: Path | str) -> bytes:
    """What a file holds, or where a link to a folder leads."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        if not os.path.isdir(path):
            raise
        return os.fsencode(os.readlink(path))


def damaged(folder: Path, record: dict[str, str], found: Iterable[str] | None = None) -> list[str]:
    """The files that are not as they were recorded, in order; those ``found`` beside them, too.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("a.html", "b.html"):
    ...     _ = (folder / name).write_text(name)
    >>> record = digests(folder)
    >>> _ = (folder / "a.html").write_text("")
    >>> _ = (folder / "b.html").rename(folder / "c.html")
    >>> damaged(folder, record)
    ['a.html', 'b.html', 'c.html']
    """
    present = names(folder) if found is None else set(found)
    return sorted(
        name for name in present | record.keys() if digest(os.path.join(folder, name)) != record.get(name, MISSING)
    )
