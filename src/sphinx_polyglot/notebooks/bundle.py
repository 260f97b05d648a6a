"""All lessons of one language in one zip, with all that they need."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from sphinx_polyglot.check import LessonError, told
from sphinx_polyglot.course import Course
from sphinx_polyglot.fingerprint import versions
from sphinx_polyglot.marks import SourceError
from sphinx_polyglot.notebooks.archive import write_zip
from sphinx_polyglot.notebooks.downloads import travelling_folder, travelling_names
from sphinx_polyglot.notebooks.library import Library, build_wheel
from sphinx_polyglot.reading import companion_files, read_text
from sphinx_polyglot.source import parse_page


def bundle_name(app: Sphinx) -> str:
    """What the zip is called, and the folder in it: ``torchhour-zh`` for TorchHour in Chinese."""
    project = re.sub(r"\W+", "-", app.config.project.lower()).strip("-")
    return f"{project or 'lessons'}-{app.env.polyglot.language}"


def write_bundle(app: Sphinx, library: Library | None, guide: str) -> None:
    """Write the zip, and the wheel of the library, beside the pages; leave them alone where nothing changed."""
    files = {name: path.read_bytes() for name, path in _lessons(app)}
    published = [f"{bundle_name(app)}.zip"]
    if library:
        wheel = build_wheel(library, Path(app.confdir, app.config.polyglot_stage_dir, ".wheel"))
        files[wheel.name] = wheel.read_bytes()
        published.append(wheel.name)
        if not Path(app.outdir, wheel.name).exists():
            shutil.copyfile(wheel, Path(app.outdir, wheel.name))
    if guide:
        files["README.md"] = guide.encode()
    files["requirements.txt"] = "".join(f"{line}\n" for line in _requirements(app, library)).encode()
    folder = bundle_name(app)
    write_zip(Path(app.outdir, published[0]), {f"{folder}/{name}": content for name, content in files.items()})
    _remove_former(app, published)


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
    """Remove what the last build published under other names: of another version, or of another project's name."""
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


def _requirements(app: Sphinx, library: Library | None) -> Iterator[str]:
    """The library's wheel; what lessons import, in the versions that ran here; what opens the notebooks."""
    course, names = app.env.polyglot, app.config.polyglot_distributions
    found = {}
    for docname in travelling_names(course):
        found |= versions(course.dependencies[docname])
    if library:
        yield f"./{library.wheel}"
    for name, version in sorted((names.get(name, name), version) for name, version in found.items()):
        yield f"{name}=={version.partition('+')[0]}"  # a local build, say for one card, is not on an index
    yield from app.config.polyglot_requirements
