"""Write the scripts that Sphinx-Gallery runs: the lessons without their prose."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from sphinx_polyglot import SETTINGS
from sphinx_polyglot.check.around import Around
from sphinx_polyglot.check.sources import LessonError, check_sources, told
from sphinx_polyglot.disk.ledger import read_ledger
from sphinx_polyglot.disk.records import digests, give_way
from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies, hashed
from sphinx_polyglot.gallery.leftovers import remove_generated, remove_staged
from sphinx_polyglot.gallery.reading import HEADERS, Gallery, companion_files, gallery_pairs, read_galleries
from sphinx_polyglot.settings import OTHERS, check_settings
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.marks import Line, SourceError


def stage(app: Sphinx, config: Config, course: Course) -> None:
    """Stage every gallery with marked lessons, and point Sphinx-Gallery at what was staged."""
    check_settings({name: config[name] for name in {*OTHERS, *SETTINGS}}, "conf.py")
    course.languages, course.drafts = dict(config.polyglot_languages), dict(config.polyglot_drafts)
    course.language, course.root = _language(config), Path(app.confdir)
    settings = config.sphinx_gallery_conf
    course.contents = _contents(Path(app.srcdir), settings)  # before they are read: a later save counts as new
    galleries = read_galleries(Path(app.srcdir), settings, course.codes)
    marked = [gallery for gallery in galleries if gallery.is_marked]
    around = Around(
        config.polyglot_glossary,
        config.polyglot_bundle_readme,
        config.locale_dirs,
        [config.language],
        config.default_role,
    )
    check_sources(Path(app.confdir), Path(app.srcdir), galleries, course, around)
    stage = Path(app.confdir, config.polyglot_stage_dir)
    course.ledger = read_ledger(stage, Path(app.confdir))
    for gallery in marked:
        _check_header(gallery)
        staged, pages = stage / gallery.target, Path(app.srcdir, gallery.target)
        planned = {staged / path.relative_to(gallery.source): path for path in gallery.files}
        course.ledger.check_staged(staged, planned)
        course.ledger.check_generated(pages, _pages(gallery, pages))
        course.ledger.will_stage(planned)
        try:
            _stage_gallery(gallery, planned, course, _surroundings(app, config))
        except SourceError as fault:  # in a module that a lesson imports
            raise LessonError(told([fault], Path(app.confdir))) from None
        remove_generated(pages, staged, set(planned), course.ledger.known(pages))
        remove_staged(staged, set(planned))
        course.ledger.has_staged(planned, staged)
        gallery.source = staged
    if " " in str(app.srcdir):  # a lesson's own name with a space is told by the check
        config.suppress_warnings = [*config.suppress_warnings, "sphinx_gallery.space_in_filename"]
    if marked:
        # as seen from here: ``.buildinfo`` holds a hash of it, which shall be the same in every folder
        settings["examples_dirs"] = [os.path.relpath(gallery.source, app.srcdir) for gallery in galleries]


def _contents(srcdir: Path, settings: dict) -> dict[str, str]:
    """The content of each file of the galleries, in a few digits, by its path."""
    folders = [Path(os.path.normpath(srcdir / source)) for source, _ in gallery_pairs(settings)]
    return {str(folder / name): found for folder in folders for name, found in digests(folder).items()}


def _language(config: Config) -> str:
    if not config.polyglot_languages:
        return ""
    for code, name in config.polyglot_languages.items():
        if config.language in (code, name):
            return code
    raise ConfigError(
        f"language {config.language!r} is not in polyglot_languages {config.polyglot_languages}; add it there"
    )


def _surroundings(app: Sphinx, config: Config) -> Surroundings:
    root = Path(app.confdir)
    inputs = {module: [root / path for path in paths] for module, paths in config.polyglot_inputs.items()}
    roots = [root / path for path in config.polyglot_source_dirs]
    return Surroundings(roots, config.polyglot_distributions, inputs, config.polyglot_facts)


def _check_header(gallery: Gallery) -> None:
    """Sphinx-Gallery would name the staged folder."""
    if not any(path.stem in HEADERS and path.parent == gallery.source for path in gallery.files):
        raise ConfigError(f"{gallery.source}: GALLERY_HEADER.rst is missing; begin it with a title in each language")


def _pages(gallery: Gallery, pages: Path) -> dict[Path, Path]:
    """What Sphinx-Gallery writes without asking: a page for each script, and the lists of them."""
    scripts = [path for path in gallery.files if path.suffix == ".py"]
    found = {(pages / path.relative_to(gallery.source)).with_suffix(".rst"): path for path in scripts}
    return found | {page.with_name("index.rst"): gallery.source for page in found}


def _stage_gallery(gallery: Gallery, planned: Mapping[Path, Path], course: Course, surroundings: Surroundings) -> None:
    """Write what changed; what carries no marks is copied as it is."""
    for target, path in planned.items():
        lesson = gallery.lessons.get(path)
        if lesson is None:
            _write_if_changed(target, path.read_bytes().removeprefix(BOM_UTF8))  # Sphinx-Gallery takes no such mark
            continue
        lines = _staged_lines(lesson, course, surroundings)
        course.lessons[lesson.key] = lesson
        course.staged[str(target)] = (lesson, lines)
        _write_if_changed(target, "".join(f"{line}\n" for line, _ in lines).encode())


def _staged_lines(lesson: Lesson, course: Course, surroundings: Surroundings) -> list[Line]:
    if lesson.path.stem in HEADERS:
        return lesson.staged_header()
    course.dependencies[lesson.key] = dependencies(lesson.code, surroundings, companion_files(lesson.path))
    return lesson.staged(hashed(course.dependencies[lesson.key]))


def _write_if_changed(path: Path, content: bytes) -> None:
    give_way(path)
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
