"""What a lesson imports from its own project, packed into text that one of its cells carries."""

from __future__ import annotations

import base64
import hashlib
import textwrap
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from sphinx_polyglot.gallery.imports import import_closure
from sphinx_polyglot.notebooks.archive import zipped
from sphinx_polyglot.source.files import companion_files, read_text

#: Long lines: in an editor that wraps none, they are few.
WIDTH = 1000
CARRIED = "polyglot-carried"


def imported_by_lesson(app: Sphinx, docname: str) -> dict[str, bytes]:
    """What a lesson and the scripts beside it import, from the project's folders of modules and from its own; and
    ``polyglot_carried``.
    """
    lesson = app.env.polyglot.lessons[docname]
    scripts = [read_text(path) for path in companion_files(lesson.path) if path.suffix == ".py"]
    carried = [f"import {name}" for name in app.env.polyglot.settings.carried]
    return imported_files([lesson.code, *scripts, *carried], [*source_folders(app), lesson.path.parent])


def check_carried(names: Iterable[str], roots: Sequence[Path]) -> None:
    """Raise ``ConfigError`` where a module of ``polyglot_carried`` is not there."""
    for name in names:
        if name not in import_closure(f"import {name}", roots):
            raise ConfigError(f"polyglot_carried has {name!r}, which is in no folder of polyglot_source_dirs")


def source_folders(app: Sphinx) -> list[Path]:
    """Where the modules lie that lessons import."""
    return [Path(app.confdir, folder) for folder in app.env.polyglot.settings.source_dirs]


def imported_files(codes: Iterable[str], roots: Sequence[Path]) -> dict[str, bytes]:
    """The modules below ``roots`` that ``codes`` import, directly or not, by where Python looks for them.

    A package brings its other files along, since its modules may read them.
    """
    files = {}
    for code in codes:
        for name, (path, _) in import_closure(code, roots).items():
            folder = name.replace(".", "/")
            if path.name != "__init__.py":
                files[f"{folder}.py"] = path.read_bytes()
                continue
            files[f"{folder}/__init__.py"] = path.read_bytes()
            files |= {f"{folder}/{file}": data for file, data in package_files(path.parent) if file[-3:] != ".py"}
    return files


def note_imports(app: Sphinx, docname: str, source: list[str]) -> None:
    """``source-read``: remember which modules the lesson's files carry."""
    if docname in app.env.polyglot.dependencies:
        app.env.metadata[docname][CARRIED] = digest(imported_by_lesson(app, docname))


def outdated_notebooks(app: Sphinx, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """``env-get-outdated``: lessons whose files carry other modules, be it in a comment, than there are."""
    known = env.all_docs.keys() & env.polyglot.dependencies.keys()
    return [name for name in known if env.metadata[name].get(CARRIED) != digest(imported_by_lesson(app, name))]


def package_files(package: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a package, in one order everywhere: its name below the package's folder, and its content."""
    names = {path.relative_to(package).as_posix(): path for path in package.rglob("*") if path.is_file()}
    for name in sorted(names):
        if "__pycache__" not in name:
            yield name, names[name].read_bytes()


def digest(files: Mapping[str, bytes]) -> str:
    """A short name for just this content.

    >>> digest({"a.py": b"x"}) == digest({"a.py": b"y"})
    False
    """
    found = hashlib.blake2b(digest_size=6)
    for name in sorted(files):
        found.update(f"{name} {len(files[name])}\n".encode() + files[name])
    return found.hexdigest()


def pack(files: Mapping[str, bytes]) -> str:
    """Text of a few long lines; ``preparation.UNPACK`` is the way back.

    Compressed as a whole, a zip is a fifth smaller than one of compressed files.
    """
    whole = zlib.compress(zipped(files, zipfile.ZIP_STORED), 9)
    return textwrap.fill(base64.b64encode(whole).decode(), WIDTH)
