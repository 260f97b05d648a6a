"""The library that the lessons import, as a wheel that travels with them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.notebooks.archive import read_zip, write_zip

BUILD = "import importlib, sys; importlib.import_module(sys.argv[1]).build_wheel(sys.argv[2])"
VERSION = re.compile(r'^(version\s*=\s*)"[^"]*"', re.MULTILINE)


@dataclass(frozen=True)
class Library:
    """A package below ``root`` and the distribution that ``root``'s ``pyproject.toml`` makes of it.

    ``version`` ends in a mark of the content, so that it differs wherever the content does.
    ``about`` are the licence and other files that the wheel takes along.
    """

    root: Path
    package: Path
    distribution: str
    version: str
    backend: str
    about: tuple[Path, ...] = ()

    @property
    def wheel(self) -> str:
        """The file's name."""
        name = re.sub(r"[-_.]+", "_", self.distribution).lower()
        return f"{name}-{self.version}-py3-none-any.whl"


def find_library(root: Path, package: str, source_dirs: Sequence[str]) -> Library:
    """The library called ``package``, in one of the folders ``source_dirs`` of ``root``.

    Raises:
        ConfigError: it is not there, or ``pyproject.toml`` does not make a distribution of it.
    """
    folders = [root / folder / package for folder in source_dirs]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        raise ConfigError(f"polyglot_library {package!r} is in no folder of polyglot_source_dirs; correct its name")
    try:
        settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        project, backend = settings["project"], settings["build-system"]["build-backend"]
        name, version = project["name"], project["version"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        message = f"pyproject.toml makes no wheel of {package}: {error}; it needs a build-backend, a name and a version"
        raise ConfigError(message) from None
    about = [*root.glob("LICENSE*"), *(root.glob("README*") if "readme" in project else [])]
    tool = settings.get("tool", {}).get(backend.partition(".")[0])
    digest = hashlib.blake2b(
        json.dumps([project, settings["build-system"], tool], sort_keys=True).encode(), digest_size=4
    )
    for path in [*sorted(about), *_files(found)]:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return Library(root, found, name, f"{version}+h{digest.hexdigest()}", backend, tuple(about))


def build_wheel(library: Library, folder: Path) -> Path:
    """The wheel in ``folder``, built if it is not there yet; others are removed.

    Raises:
        ConfigError: the build failed.
    """
    target = folder / library.wheel
    if target.exists():
        return target
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, "source")
        _copy(library, copy)
        command = [sys.executable, "-c", BUILD, library.backend, temporary]
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        built = Path(temporary, library.wheel)
        if done.returncode or not built.exists():
            raise ConfigError(f"{library.backend} built no {library.wheel}; it said:\n{done.stdout}{done.stderr}")
        shutil.rmtree(folder, ignore_errors=True)
        write_zip(target, read_zip(built))  # the same content, without this machine's clock and permissions
    return target


def _copy(library: Library, copy: Path) -> None:
    """Only what the wheel is made of: nothing that an earlier build left, and no other package."""
    settings = library.root / "pyproject.toml"
    for path in [settings, *library.about, *_files(library.package)]:
        target = copy / path.relative_to(library.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    numbered = VERSION.sub(rf'\g<1>"{library.version}"', settings.read_text("utf-8"), count=1)
    (copy / "pyproject.toml").write_text(numbered, "utf-8")


def _files(package: Path) -> list[Path]:
    """Everything in the package, in one order everywhere."""
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(files, key=lambda path: path.relative_to(package).as_posix())
