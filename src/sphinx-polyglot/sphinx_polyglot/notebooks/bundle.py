"""All lessons of one language in one zip, with all that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies, versions
from sphinx_polyglot.notebooks.archive import write_zip
from sphinx_polyglot.notebooks.downloads import travelling_folder, travelling_names
from sphinx_polyglot.notebooks.packing import package_files, source_folders
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.files import companion_files, read_text
from sphinx_polyglot.source.script import parse_page


def bundle_name(app: Sphinx) -> str:
    """What the zip is called, and the folder in it: ``torchhour-zh`` for TorchHour in Chinese."""
    project = re.sub(r"\W+", "-", app.config.project.lower()).strip("-")
    return f"{project or 'lessons'}-{app.env.polyglot.language}"


def write_bundle(app: Sphinx) -> None:
    """Write the zip beside the pages; leave it alone where nothing changed."""
    library = dict(_library(app))
    files = {name: path.read_bytes() for name, path in _lessons(app)} | library
    if name := app.env.polyglot.settings.bundle_readme:
        files["README.md"] = read_guide(Path(app.confdir), name, app.env.polyglot).encode()
    if needed := list(_requirements(app, library)):
        files["requirements.txt"] = "".join(f"{line}\n" for line in needed).encode()
    folder = bundle_name(app)
    write_zip(Path(app.outdir, f"{folder}.zip"), {f"{folder}/{name}": content for name, content in files.items()})
    _remove_former(app, [f"{folder}.zip"])


def find_library(root: Path, name: str, source_dirs: Iterable[str]) -> Path:
    """The folder of the package ``polyglot_library``.

    Raises:
        ConfigError: it is not there.
    """
    for folder in source_dirs:
        if (root / folder / name).is_dir():
            return root / folder / name
    raise ConfigError(f"polyglot_library {name!r} is in no folder of polyglot_source_dirs; correct its name")


def _library(app: Sphinx) -> Iterator[tuple[str, bytes]]:
    """The whole of the library, to be read and to be run, and the licence under which it may be."""
    if name := app.env.polyglot.settings.library:
        package = find_library(Path(app.confdir), name, app.env.polyglot.settings.source_dirs)
        yield from ((f"{name}/{file}", content) for file, content in package_files(package))
        yield from ((path.name, path.read_bytes()) for path in Path(app.confdir).glob("LICENSE*"))


def _lessons(app: Sphinx) -> Iterator[tuple[str, Path]]:
    """Each lesson as notebook and script, and what it needs beside it; what no lesson stands behind is removed."""
    names = travelling_names(app.env.polyglot)
    for path in sorted(travelling_folder(app).glob("*")):
        if path.stem in names.values():
            yield path.name, path
        else:
            path.unlink()
    for docname in names:
        for path in companion_files(app.env.polyglot.lessons[docname].path):
            yield f"{path.parent.name}/{path.name}", path


def _remove_former(app: Sphinx, published: list[str]) -> None:
    """Remove what the last build published under other names: another project's."""
    note = Path(app.doctreedir, "published.txt")
    former = note.read_text("utf-8").splitlines() if note.exists() else []
    for name in set(former) - set(published):
        Path(app.outdir, name).unlink(missing_ok=True)
    note.write_text("\n".join(published), "utf-8")


def read_guide(root: Path, name: str, course: Course) -> str:
    """A marked text, in the language that is being built.

    Raises:
        ConfigError: the file is not there.
        LessonError: it is not written in every language.
    """
    try:
        blocks = parse_page(read_text(root / name), root / name, course.codes)
    except FileNotFoundError:
        raise ConfigError(f"polyglot_bundle_readme {name!r} is not there; write it, or remove the setting") from None
    except SourceError as fault:
        raise LessonError(told([fault, *fault.also], root)) from None
    chosen = (block.prose[course.language] if block.prose else block.code for block in blocks)
    return "\n\n".join("\n".join(text for text, _ in lines) for lines in chosen) + "\n"


def _requirements(app: Sphinx, library: Iterable[str]) -> Iterator[str]:
    """What lessons and library import, in the versions that are here; what opens the notebooks."""
    course, names = app.env.polyglot, app.env.polyglot.settings.distributions
    modules = (name.removesuffix(".py").replace("/", ".") for name in library if name.endswith(".py"))
    imports = "".join(f"import {module.removesuffix('.__init__')}\n" for module in modules)
    found = versions(dependencies(imports, Surroundings(source_folders(app), names)))
    for docname in travelling_names(course):
        found |= versions(course.dependencies[docname])
    for name, version in sorted((names.get(name, name), version) for name, version in found.items()):
        yield f"{name}=={version.partition('+')[0]}"  # a local build, say for one card, is not on an index
    yield from app.env.polyglot.settings.requirements
