"""The modules of the project that code imports, directly or not."""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx

from sphinx_polyglot.assets import own_digest
from sphinx_polyglot.disk.sealed import read_sealed, write_sealed
from sphinx_polyglot.errors import SourceError

#: What was parsed, for the next build; it lies beside the staged scripts.
PARSED = "parsed"


class Module(NamedTuple):
    """What a module imports, parents included, and a digest of what it does: no comment, no docstring."""

    imported: frozenset[str]
    digest: str


class Found(NamedTuple):
    """A module of the project, and where it is."""

    path: Path
    module: Module


def import_closure(code: str, roots: Sequence[Path]) -> dict[str, Found]:
    """The modules below ``roots`` that ``code`` imports, directly or not, by name.

    Raises:
        SourceError: one of them is not Python.
    """
    found: dict[str, Found] = {}
    waiting = sorted(imported_by(code))
    while waiting:
        name = waiting.pop()
        path = None if name in found else _module_path(name, roots)
        if path:
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            found[name] = Found(path, _parse(path.read_bytes(), path, package))
            waiting += found[name].module.imported
    return found


def imported_by(code: str) -> frozenset[str]:
    """What a script imports.

    >>> sorted(imported_by("from torch import nn"))
    ['torch', 'torch.nn']
    """
    return _parse(code.encode(), Path("script.py")).imported


def _module_path(name: str, roots: Sequence[Path]) -> Path | None:
    inside = name.replace(".", os.sep)
    for root in roots:
        for path in (os.path.join(root, inside, "__init__.py"), os.path.join(root, f"{inside}.py")):
            if os.path.isfile(path):
                return Path(path)
    return None


class Parsed:
    """What was parsed, by a digest of its text: for all languages and lessons, and for the next build."""

    former: dict[str, Module] = {}
    used: dict[str, Module] = {}


def _parse(content: bytes, path: Path, package: str = "") -> Module:
    """Take a module apart; ``package`` is where a relative import in it begins."""
    makers = f"{own_digest()} {sys.version} {package} "
    key = hashlib.blake2b(makers.encode() + content, digest_size=16).hexdigest()
    module = Parsed.used.get(key) or Parsed.former.get(key) or _parsed(content, path, package)
    Parsed.used[key] = module
    return module


def recall_parsed(folder: Path) -> None:
    """Take up what the last build parsed."""
    kept = read_sealed(folder / PARSED)
    Parsed.former = pickle.loads(kept) if kept else {}


def keep_parsed(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: keep what this build needed, in place of what former ones did."""
    if app.env and app.env.polyglot.languages and Parsed.used.keys() != Parsed.former.keys():
        course = app.env.polyglot
        Parsed.former = dict(Parsed.used)
        write_sealed(course.root / course.settings.stage_dir / PARSED, pickle.dumps(Parsed.former))


def _parsed(content: bytes, path: Path, package: str) -> Module:
    tree = _tree(content, path)
    imported = frozenset(imported_names(tree, package))
    dumped = ast.dump(without_docstrings(tree)).encode()
    return Module(imported, hashlib.blake2b(dumped, digest_size=16).hexdigest())


def _tree(content: bytes, path: Path) -> ast.Module:
    try:
        return ast.parse(content, str(path))
    except (SyntaxError, ValueError) as error:
        reason = getattr(error, "msg", None) or str(error)
        line = getattr(error, "lineno", None) or 1
        raise SourceError(path, line, f"this is not Python: {reason}; correct the code") from None


def imported_names(tree: ast.AST, package: str = "") -> set[str]:
    """Every module that ``tree``, a module of ``package``, may import; parents included."""
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


def without_docstrings(tree: ast.Module) -> ast.Module:
    """``tree`` with every docstring gone, as comments are already."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = node.body[ast.get_docstring(node, clean=False) is not None :] or [ast.Pass()]
    return tree
