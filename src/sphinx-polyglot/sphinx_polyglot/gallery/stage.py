"""Write the scripts that Sphinx-Gallery runs: the lessons without their prose."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from docutils.utils import column_width
from sphinx.application import Sphinx
from sphinx.util import logging

from sphinx_polyglot.disk.ledger import read_ledger
from sphinx_polyglot.disk.records import digest, give_way
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.gallery import drawings, held
from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies, hashed
from sphinx_polyglot.gallery.folders import HEADER, HEADERS
from sphinx_polyglot.gallery.imports import recall_parsed
from sphinx_polyglot.gallery.leftovers import remove_generated, remove_staged
from sphinx_polyglot.gallery.reading import Gallery
from sphinx_polyglot.gallery.upstream import SIGNS, VERSION
from sphinx_polyglot.gallery.worker import worker
from sphinx_polyglot.source import names
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.files import companion_files
from sphinx_polyglot.source.lesson import Lesson, read_header
from sphinx_polyglot.source.marks import Line
from sphinx_polyglot.words import said_in

#: What writes into the pages of lessons while they run.
WRITERS = " ".join(digest(Path(module.__file__)) for module in (drawings, held, names))

logger = logging.getLogger(__name__)


def stage(app: Sphinx, galleries: list[Gallery], course: Course) -> None:
    """Stage every gallery with marked lessons, and point Sphinx-Gallery at what was staged."""
    copies: dict[Path, Path] = {}
    marked = [gallery for gallery in galleries if gallery.is_marked]
    stage = Path(app.confdir, course.settings.stage_dir)
    course.ledger = read_ledger(stage, Path(app.confdir))
    recall_parsed(stage)
    for gallery in marked:
        _add_header(gallery, course)
        staged, pages = stage / gallery.target, Path(app.srcdir, gallery.target)
        planned = {staged / gallery.staged_name(path): path for path in gallery.files}
        course.ledger.check_staged(staged, planned)
        course.ledger.check_generated(_pages(gallery, pages), SIGNS)
        copies |= planned
        course.ledger.will_stage(planned)
        try:
            _stage_gallery(gallery, planned, course)
        except SourceError as fault:  # in a module that a lesson imports
            raise LessonError(told([fault], Path(app.confdir))) from None
        remove_generated(pages, staged, set(planned), course.ledger.known(pages))
        remove_staged(staged, set(planned))
        course.ledger.has_staged(planned, staged)
        gallery.source = staged
    if " " in str(app.srcdir):  # a lesson's own name with a space is told by the check
        app.config.suppress_warnings = [*app.config.suppress_warnings, "sphinx_gallery.space_in_filename"]
    if marked:
        # as seen from here: ``.buildinfo`` holds a hash of it, which shall be the same in every folder
        app.config.sphinx_gallery_conf["examples_dirs"] = [
            os.path.relpath(gallery.source, app.srcdir) for gallery in galleries
        ]
    _expect_failures(app, copies)


def _expect_failures(app: Sphinx, staged: Mapping[Path, Path]) -> None:
    """Scripts that the project expects to fail run from elsewhere now."""
    settings = app.config.sphinx_gallery_conf
    if expected := settings.get("expected_failing_examples"):
        now = {path: os.path.relpath(target, app.srcdir) for target, path in staged.items()}
        settings["expected_failing_examples"] = [
            now.get(Path(os.path.normpath(Path(app.srcdir, name))), name) for name in expected
        ]


def _surroundings(course: Course) -> Surroundings:
    settings = course.settings
    inputs = {module: [course.root / path for path in paths] for module, paths in settings.inputs.items()}
    roots = [course.root / path for path in settings.source_dirs]
    # whatever else writes into the pages, or otherwise
    facts = {**settings.facts, "sphinx-gallery": VERSION, "writers": f"{WRITERS} {settings.show_names}"}
    return Surroundings(roots, settings.distributions, inputs, facts)


def _add_header(gallery: Gallery, course: Course) -> None:
    """A gallery without a header gets one with a title alone: Sphinx-Gallery would pass over it."""
    if any(path.stem in HEADERS and path.parent == gallery.source for path in gallery.files):
        return
    path = gallery.source / HEADER
    titles = {code: said_in(name, "Lessons") for code, name in course.languages.items()}
    text = "\n".join(f"%% {code}\n{title}\n{'=' * column_width(title)}\n" for code, title in titles.items())
    gallery.lessons[path] = read_header(path, f"{gallery.target}/{path.stem}", text, course.codes)
    gallery.files.append(path)
    logger.info(
        "%s has no %s; its title is %r until you write one", gallery.source.name, HEADER, titles[course.language]
    )


def _pages(gallery: Gallery, pages: Path) -> dict[Path, Path]:
    """What Sphinx-Gallery writes without asking: a page for each script, and the lists of them."""
    names = {gallery.staged_name(path): path for path in gallery.files}
    found = {(pages / name).with_suffix(".rst"): path for name, path in names.items() if name.suffix == ".py"}
    return found | {page.with_name("index.rst"): gallery.source for page in found}


def _stage_gallery(gallery: Gallery, planned: Mapping[Path, Path], course: Course) -> None:
    """Write what changed; what carries no marks is copied as it is."""
    surroundings = _surroundings(course)
    for target, path in planned.items():
        lesson = gallery.lessons.get(path)
        if lesson is None:
            _write_if_changed(target, path.read_bytes().removeprefix(BOM_UTF8), path)  # Sphinx-Gallery takes no mark
            continue
        lines = _staged_lines(lesson, course, surroundings)
        course.lessons[lesson.key] = lesson
        course.staged[str(target)] = (lesson, lines)
        _write_if_changed(target, "".join(f"{line}\n" for line, _ in lines).encode(), path)


def _staged_lines(lesson: Lesson, course: Course, surroundings: Surroundings) -> list[Line]:
    if lesson.path.stem in HEADERS:
        return lesson.staged_header()
    around = replace(surroundings, roots=[*surroundings.roots, lesson.path.parent])  # a module beside it is found, too
    course.dependencies[lesson.key] = dependencies(lesson.code, around, companion_files(lesson.path))
    return lesson.staged(hashed(course.dependencies[lesson.key]))


def _write_if_changed(path: Path, content: bytes, source: Path) -> None:
    """In a copy of the process that ran the lessons, nothing may run any more: there, libraries that had threads
    would wait for these for ever.
    """
    give_way(path)
    if not path.is_file() or path.read_bytes() != content:
        if worker.is_beside:
            message = "this, or what it depends on, was changed while the lessons ran; build again"
            raise SourceError(source, 1, message)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
