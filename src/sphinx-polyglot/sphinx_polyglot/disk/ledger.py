"""What builds staged and generated so far, file by file: other files are never overwritten or removed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.disk.records import digest, give_way, names, read_record, write_record

#: What we write into each script.
STAGED = ("⟦",)


@dataclass
class Ledger:
    """The staged files, and the generated ones with their digests, by their paths as seen from ``root``."""

    path: Path
    root: Path
    staged: set[str] = field(default_factory=set)
    generated: dict[str, str] = field(default_factory=dict)

    def check_staged(self, folder: Path, planned: Mapping[Path, Path]) -> None:
        """Refuse a folder with files that no build staged; ``planned`` are the sources by what is made of them.

        Raises:
            ConfigError: with the place, and what to do.
        """
        for path in sorted(folder / name for name in names(folder)):
            ours = self._name(path) in self.staged or (path in planned and _may_go(path, planned[path], STAGED))
            if not ours:
                raise ConfigError(f"{path}: no build staged this; move it elsewhere, or set another polyglot_stage_dir")

    def check_generated(self, planned: Mapping[Path, Path], signs: tuple[str, ...]) -> None:
        """Refuse to have pages overwritten that Sphinx-Gallery did not write; its own bear one of the ``signs``.

        Raises:
            ConfigError: with the place, and what to do.
        """
        for path, script in planned.items():
            give_way(path)
            if path.is_file() and self._name(path) not in self.generated and not _may_go(path, script, signs):
                message = "Sphinx-Gallery would overwrite this, and did not write it"
                raise ConfigError(f"{path}: {message}; move it elsewhere, or set other gallery_dirs")

    def will_stage(self, paths: Mapping[Path, Path]) -> None:
        """Note, before it is done, what is staged."""
        self.staged |= {self._name(path) for path in paths}
        self._write()

    def has_staged(self, paths: Mapping[Path, Path], folder: Path) -> None:
        """Note that of a folder only these are left."""
        inside = f"{self._name(folder)}/"
        elsewhere = {name for name in self.staged if not name.startswith(inside)}
        self.staged = elsewhere | {self._name(path) for path in paths}
        self._write()

    def has_generated(self, paths: Iterable[Path]) -> None:
        """Note the generated pages, and what belongs to them, now that all is whole."""
        self.generated = {self._name(path): digest(path) for path in paths}
        self._write()

    def known(self, folder: Path) -> dict[str, str]:
        """What was generated into a folder when it was last whole, by its name as seen from there."""
        inside = f"{self._name(folder)}/"
        return {name.removeprefix(inside): found for name, found in self.generated.items() if name.startswith(inside)}

    def _name(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()

    def _write(self) -> None:
        record = {"staged": sorted(self.staged), "generated": self.generated}
        if read_record(self.path) != record:
            write_record(self.path, record)


def read_ledger(stage: Path, root: Path) -> Ledger:
    """The ledger in the folder of staged scripts; an empty one where there is none, or none that can be read."""
    record = read_record(stage / "ledger.json") or {}
    staged, generated = record.get("staged"), record.get("generated")
    return Ledger(
        stage / "ledger.json",
        root,
        {name for name in staged if isinstance(name, str)} if isinstance(staged, list) else set(),
        generated if isinstance(generated, dict) else {},
    )


def _may_go(path: Path, source: Path, signs: tuple[str, ...]) -> bool:
    """Whether a file that no ledger knows is a build's all the same: empty, a copy, or signed."""
    content = path.read_bytes()
    return (
        not content.strip()
        or any(sign.encode() in content for sign in signs)
        or (source.is_file() and content == source.read_bytes())
    )
