"""Write the scripts that Sphinx-Gallery runs: the lessons without their prose."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError, SphinxError

from sphinx_polyglot.check import faults
from sphinx_polyglot.course import Course
from sphinx_polyglot.fingerprint import Surroundings, fingerprint
from sphinx_polyglot.leftovers import remove_generated, remove_staged
from sphinx_polyglot.lesson import Lesson, read_header, read_page, read_script
from sphinx_polyglot.marks import Line, SourceError
from sphinx_polyglot.source import is_marked

HEADERS = {"GALLERY_HEADER", "README", "readme"}


class StageError(SphinxError):
    """Faults in the lessons, one a line."""

    category = "Lesson error"


def stage(app: Sphinx, config: Config, course: Course) -> None:
    """Stage every gallery with marked lessons, and point Sphinx-Gallery at what was staged."""
    course.languages = dict(config.polyglot_languages)
    course.language = _language(config)
    settings = config.sphinx_gallery_conf
    stage_dir = Path(app.confdir, config.polyglot_stage_dir)
    found: list[SourceError] = []
    examples_dirs = []
    for source, target in _galleries(settings):
        folder, staged = Path(os.path.normpath(app.srcdir / source)), stage_dir / target
        if not any(is_marked(_text(path), list(course.languages)) for path in folder.rglob("*")):
            examples_dirs.append(source)
            continue
        examples_dirs.append(str(staged))
        found += _stage_gallery(folder, staged, target, course, _surroundings(app, config))
        remove_generated(Path(app.srcdir, target), staged)
    pages, unreadable = _pages(app, [target for _, target in _galleries(settings)], list(course.languages))
    found += unreadable
    found += faults([*course.lessons.values(), *pages])
    if found:
        raise StageError("\n".join(map(str, found)).replace(f"{app.confdir}{os.sep}", ""))
    settings["examples_dirs"] = examples_dirs


def _language(config: Config) -> str:
    if not config.polyglot_languages:
        return ""
    for code, name in config.polyglot_languages.items():
        if config.language in (code, name):
            return code
    raise ConfigError(
        f"language {config.language!r} is not in polyglot_languages {config.polyglot_languages}; add it there"
    )


def _galleries(settings: dict) -> Iterator[tuple[str, str]]:
    """Pairs of a folder of scripts and the folder of its pages."""
    sources, targets = settings.get("examples_dirs", []), settings.get("gallery_dirs", [])
    sources = [sources] if isinstance(sources, str | Path) else sources
    targets = [targets] if isinstance(targets, str | Path) else targets
    return zip(map(str, sources), map(str, targets), strict=True)


def _surroundings(app: Sphinx, config: Config) -> Surroundings:
    root = Path(app.confdir)
    inputs = {module: [root / path for path in paths] for module, paths in config.polyglot_inputs.items()}
    roots = [root / path for path in config.polyglot_source_dirs]
    return Surroundings(roots, config.polyglot_distributions, inputs, config.polyglot_facts)


def _stage_gallery(
    source: Path, staged: Path, target: str, course: Course, surroundings: Surroundings
) -> Iterator[SourceError]:
    """Stage one folder; yield the faults of its files and go on with the next."""
    kept = set()
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if not path.is_file() or "__pycache__" in relative.parts:
            continue
        kept.add(staged / relative)
        text = _text(path)
        if not is_marked(text, list(course.languages)):
            _write_if_changed(staged / relative, path.read_bytes())
            continue
        key = f"{target}/{relative.with_suffix('').as_posix()}"
        try:
            lines = _stage_file(path, key, text, course, surroundings)
        except SourceError as fault:
            yield fault
        else:
            course.staged[str(staged / relative)] = (course.lessons[key], lines)
            _write_if_changed(staged / relative, "".join(f"{line}\n" for line, _ in lines).encode())
    remove_staged(staged, kept)


def _text(path: Path) -> str:
    """What may hold marks in a file of a gallery."""
    return path.read_text("utf-8") if path.is_file() and path.suffix in (".py", ".rst", ".txt") else ""


def _stage_file(path: Path, key: str, text: str, course: Course, surroundings: Surroundings) -> list[Line]:
    languages = list(course.languages)
    if path.stem in HEADERS:
        lesson = read_header(path, key, text, languages)
        lines = lesson.staged_header()
    else:
        lesson = read_script(path, key, text, languages)
        lines = lesson.staged(fingerprint(lesson.code, surroundings))
    course.lessons[key] = lesson
    return lines


def _pages(app: Sphinx, galleries: list[str], languages: list[str]) -> tuple[list[Lesson], list[SourceError]]:
    """The marked pages that are not lessons, and the faults of those that cannot be read."""
    pages, unreadable = [], []
    for path in sorted(Path(app.srcdir).rglob("*.rst")):
        name = path.relative_to(app.srcdir).with_suffix("").as_posix()
        text = path.read_text("utf-8")
        if name.startswith(tuple(f"{gallery}/" for gallery in galleries)) or not is_marked(text, languages):
            continue
        try:
            pages.append(read_page(path, name, text, languages))
        except SourceError as fault:
            unreadable.append(fault)
    return pages, unreadable


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
