"""Copies of a site: the whole of it in one file, to read without a network; and each text compressed."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

#: Text that a server sends compressed, where the compressed copy lies beside it.
TEXTS = {".css", ".html", ".ipynb", ".js", ".json", ".py", ".svg", ".txt", ".xml"}
#: A text that is shorter fits into one packet anyway.
WORTH = 1_000
#: The date of what is packed: the same site makes the same file.
DATE = (1980, 1, 1, 0, 0, 0)


def pack(site: Path, target: Path) -> None:
    """Write the whole site into a zip, in one folder of the zip's name."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file() and path != target):
            entry = zipfile.ZipInfo(f"{target.stem}/{path.relative_to(site).as_posix()}", DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def compress(site: Path) -> None:
    """Put a ``.gz`` beside each text, where that is shorter."""
    for path in sorted(site.rglob("*")):
        if path.suffix in TEXTS and path.stat().st_size >= WORTH:
            short = gzip.compress(path.read_bytes(), mtime=0)
            if len(short) < path.stat().st_size:
                copy = path.with_name(f"{path.name}.gz")
                copy.write_bytes(short)
                os.utime(copy, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))  # nginx wants them alike
