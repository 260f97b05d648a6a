"""Zip files that are the same, byte for byte, wherever and whenever they are written."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

#: The first moment that a zip can tell; the true one would differ from build to build.
MOMENT = (1980, 1, 1, 0, 0, 0)


def write_zip(path: Path, files: Mapping[str, bytes]) -> bool:
    """Write ``files``, content by name; leave ``path`` alone where it holds just these, and say so.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "one.zip")
    >>> write_zip(path, {"b": b"2", "a": b"1"}), write_zip(path, {"a": b"1", "b": b"2"})
    (True, False)
    """
    if _contents(path) == {name: zlib.crc32(content) for name, content in files.items()}:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(zipped(files))  # in one piece: a full disk is told with the file's name
    fresh.replace(path)
    return True


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip of ``files``, content by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # or Windows would note its own name
            entry.compress_type = compression
            archive.writestr(entry, files[name])
    return written.getvalue()


def _contents(path: Path) -> dict[str, int] | None:
    """The checksum of each file, without unpacking any."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {entry.filename: entry.CRC for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return None
