"""What a lesson's outputs depend on besides its own code, in one hash.

The modules of the project that it imports, directly or not; the versions of the
distributions that these and the lesson import; the data that a module reads; and
facts, such as the kind of device, that hold for every lesson.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path

from sphinx_polyglot.gallery.imports import import_closure, imported_by


@dataclass(frozen=True)
class Surroundings:
    """Where to look for what lessons depend on; the settings of ``conf.py``."""

    roots: Sequence[Path] = ()
    distributions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Sequence[str | Path]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


def hashed(parts: Sequence[str]) -> str:
    """The fingerprint: all ``dependencies`` in one hash; empty where there is none.

    >>> len(hashed(["fact device cpu"])), hashed([])
    (16, '')
    """
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16] if parts else ""


def dependencies(code: str, surroundings: Surroundings, files: Sequence[Path] = ()) -> list[str]:
    """All that the outputs of ``code`` depend on, ``files`` included, each in words.

    >>> dependencies("print(1)", Surroundings(facts={"device": "cpu"}))[0]
    'fact device cpu'
    """
    return sorted({*_parts(code, surroundings), *(f"file {part}" for path in files for part in _input(path))})


def versions(parts: Sequence[str]) -> dict[str, str]:
    """The distributions among ``dependencies``: import name and version.

    >>> versions(["distribution numpy 2.4.6", "fact device cpu"])
    {'numpy': '2.4.6'}
    """
    found = (part.split() for part in parts if part.startswith("distribution "))
    return {name: version for _, name, version in found}


def _parts(code: str, surroundings: Surroundings) -> Iterator[str]:
    modules = import_closure(code, surroundings.roots)
    imported = set(imported_by(code))
    for name, found in modules.items():
        imported |= found.module.imported
        yield f"module {name} {found.module.digest}"
    for name in {name.partition(".")[0] for name in imported}:
        version = _version(surroundings.distributions.get(name, name), tuple(sys.path))
        if version and name not in modules:
            yield f"distribution {name} {version}"
    for module, paths in surroundings.inputs.items():
        if module in modules:
            yield from (f"input {part}" for path in paths for part in _input(Path(path)))
    if surroundings.roots or surroundings.facts:
        yield "python " + ".".join(map(str, sys.version_info[:3]))
    yield from (f"fact {name} {value}" for name, value in surroundings.facts.items())


@cache  # each lesson asks for every name that it imports, of whatever kind
def _version(distribution: str, search_path: tuple[str, ...]) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _input(path: Path) -> Iterator[str]:
    """Name, size and content of a file, or of every file in a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            state = file.stat()
            yield f"{file.name} {state.st_size} {_file_digest(file, state.st_mtime_ns, state.st_size)}"


@cache
def _file_digest(path: Path, modified: int, size: int) -> str:
    """Digest of a data file, read once for all languages and lessons."""
    return _digest(path.read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
