"""A theme's templates, compiled once: Sphinx compiles them anew for each language and each build.

That is a third of a build without changes. The compiled ones lie with the build's other work; one that was
damaged since, or whose template changed, is compiled again.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from sphinx_polyglot.assets import own_digest
from sphinx_polyglot.disk.sealed import read_sealed, write_sealed

VERSIONS = [own_digest(), *(version(name) for name in ("jinja2", "sphinx"))]


class Templates(BytecodeCache):
    """Templates by Jinja's keys, in a folder and, for the next language, in memory."""

    known: dict[str, bytes] = {}

    def __init__(self, folder: Path):
        self.folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Called by Jinja; another release of it, of Sphinx or of this extension may compile otherwise."""
        return hashlib.blake2b(f"{VERSIONS} {name} {filename}".encode(), digest_size=16).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja; a bucket that stays empty is compiled."""
        compiled = self.known.get(bucket.key) or read_sealed(self.folder / bucket.key)
        if compiled:
            bucket.bytecode_from_string(compiled)  # compares the template's text

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja for what it has compiled; where the disk refuses, that is done again next time."""
        compiled = self.known[bucket.key] = bucket.bytecode_to_string()
        write_sealed(self.folder / bucket.key, compiled)

    @classmethod
    def remember(cls, folder: Path) -> None:
        """Take all of a folder into memory."""
        cls.known |= {path.name: compiled for path in folder.glob("*") if (compiled := read_sealed(path))}
