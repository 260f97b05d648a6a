"""What a lesson's outputs depend on besides its own code, in one hash.

The modules of the project that it imports, directly or not; the versions of the
distributions that these and the lesson import; the data that a module reads; and
facts, such as the kind of device, that hold for every lesson.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from sphinx_polyglot.errors import SourceError


@dataclass(frozen=True)
class Surroundings:
    """Where to look for what lessons depend on; the settings of ``conf.py``."""

    roots: Sequence[Path] = ()
    distributions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Sequence[str | Path]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


def fingerprint(code: str, surroundings: Surroundings) -> str:
    """Hash all that the outputs of ``code`` depend on; empty if that is nothing.

    >>> fingerprint("print(1)", Surroundings())
    ''
    >>> len(fingerprint("print(1)", Surroundings(facts={"device": "cpu"})))
    16
    """
    return hashed(dependencies(code, surroundings))


def hashed(parts: Sequence[str]) -> str:
    """The fingerprint of all ``dependencies``."""
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
    imported = set(_imported_by(code))
    for name, path in modules.items():
        module = _read_module(name, path)
        imported |= module.imported
        yield f"module {name} {module.digest}"
    for name in {name.partition(".")[0] for name in imported}:
        version = _version(surroundings.distributions.get(name, name))
        if version and name not in modules:
            yield f"distribution {name} {version}"
    for module, paths in surroundings.inputs.items():
        if module in modules:
            yield from (f"input {part}" for path in paths for part in _input(Path(path)))
    if surroundings.roots or surroundings.facts:
        yield "python " + ".".join(map(str, sys.version_info[:3]))
    yield from (f"fact {name} {value}" for name, value in surroundings.facts.items())


def import_closure(code: str, roots: Sequence[Path]) -> dict[str, Path]:
    """The modules below ``roots`` that ``code`` imports, directly or not, by name."""
    found: dict[str, Path] = {}
    waiting = sorted(_imported_by(code))
    while waiting:
        name = waiting.pop()
        path = _module_path(name, roots)
        if path is None or name in found:
            continue
        found[name] = path
        waiting += _read_module(name, path).imported
    return found


@cache  # parsed once for all languages
def _imported_by(code: str) -> frozenset[str]:
    return frozenset(imported_names(ast.parse(code)))


def imported_names(tree: ast.AST, package: str = "") -> set[str]:
    """Every module that ``tree``, a module of ``package``, may import; parents included.

    >>> sorted(imported_names(ast.parse("from torch import nn")))
    ['torch', 'torch.nn']
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, node.module] if node.module else above)
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return {name[:end] for name in names for end in _ends(name)}


def _ends(name: str) -> list[int]:
    """Where each parent of a dotted name ends, and the name itself."""
    return [index for index, letter in enumerate(name) if letter == "."] + [len(name)]


def _module_path(name: str, roots: Sequence[Path]) -> Path | None:
    for root in roots:
        stem = root.joinpath(*name.split("."))
        for path in (stem / "__init__.py", stem.with_suffix(".py")):
            if path.is_file():
                return path
    return None


def _package(name: str, path: Path) -> str:
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


class _Module(NamedTuple):
    """What a module imports, and the digest of its code."""

    imported: frozenset[str]
    digest: str


def _read_module(name: str, path: Path) -> _Module:
    return _parse_module(name, path, path.read_bytes())


@cache  # read once for all languages and lessons
def _parse_module(name: str, path: Path, content: bytes) -> _Module:
    tree = _tree(path, content)
    imported = frozenset(imported_names(tree, package=_package(name, path)))
    return _Module(imported, _digest(ast.dump(without_docstrings(tree)).encode()))


def _tree(path: Path, content: bytes) -> ast.Module:
    try:
        return ast.parse(content, str(path))
    except (SyntaxError, ValueError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise SourceError(
            path, getattr(error, "lineno", None) or 1, f"this is not Python: {reason}; correct the code"
        ) from None


def without_docstrings(tree: ast.Module) -> ast.Module:
    """``tree`` with every docstring gone, as comments are already."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = node.body[ast.get_docstring(node, clean=False) is not None :] or [ast.Pass()]
    return tree


def _version(distribution: str) -> str | None:
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
