"""The sources of a project that are translated, with its languages and its glossary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.check.scope import scope
from sphinx_polyglot.check.terms import Glossary, read_glossary
from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.exchange.units import Pair, Source
from sphinx_polyglot.gallery.reading import read_galleries, read_pages
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.files import NOTEBOOKS, read_text
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.script import is_marked, parse_page
from sphinx_polyglot.source.sidecar import sidecar_language


@dataclass(frozen=True)
class Sources:
    """What is translated; ``languages`` are those of a pair, of which the target may be missing anywhere.

    ``left_out`` are the lessons whose prose does not stand in a script.
    """

    files: list[Source]
    languages: Languages
    glossary: Glossary
    left_out: list[Path]


def pairs_of(config: Configuration, source: str = "", target: str = "") -> list[Pair]:
    """From the first complete language into all others, unless they are named.

    Raises:
        ConfigError: what is named cannot be.
    """
    languages, drafts = config.settings.languages, config.settings.drafts
    complete = [code for code in languages if code not in drafts]
    for code in filter(None, (source, target)):
        if code not in languages:
            message = (
                f"{code} is not in polyglot_languages; add it there, and to polyglot_drafts while it is translated"
            )
            raise ConfigError(f"conf.py: {message}")
    source = source or next(code for code in complete if code != target)
    if source in drafts:
        message = f"{source} is a draft, in which {drafts[source]} stands in; translate from {' or '.join(complete)}"
        raise ConfigError(f"conf.py: {message}")
    if source == target:
        raise ConfigError(f"{source} cannot be translated into itself; name two languages of polyglot_languages")
    origins = Course(config.settings).codes.translated
    wanted = [code for code in ([target] if target else languages) if code != source]
    return [Pair(source, code, origins.get(code) == source) for code in wanted]


def read_sources(sourcedir: Path, confdir: Path, config: Configuration, pair: Pair) -> Sources:
    """All that is marked.

    Raises:
        LessonError: what is wrong in the sources, so that blocks could not be told apart.
    """
    settings = config.settings
    codes = Languages(settings.languages, {**settings.drafts, pair.target: pair.source}, settings.translated)
    galleries = read_galleries(sourcedir, config["sphinx_gallery_conf"], codes)
    beside = scope(settings, config, sourcedir, confdir, list(settings.languages.values()))
    pages, faults = read_pages(sourcedir, beside.pages, codes)
    faults += [fault for gallery in galleries for fault in gallery.faults]
    glossary = read_glossary(beside.glossary, codes, faults) if beside.glossary else Glossary()
    lessons = [*(lesson for gallery in galleries for lesson in gallery.lessons.values()), *pages]
    left_out = [lesson.path for lesson in lessons if _stands_elsewhere(lesson, pair.target, codes)]
    files = [Source(lesson.path, lesson.key) for lesson in lessons if lesson.path not in left_out]
    if beside.guide and beside.guide.is_file():
        files += _guide(beside.guide, codes, faults)
    if faults:
        raise LessonError(told(faults, confdir))
    return Sources(files, codes, glossary, left_out)


def _stands_elsewhere(lesson: Lesson, language: str, codes: Languages) -> bool:
    """Whether a lesson is a notebook, or its translation a file beside it."""
    beside = {sidecar_language(path, codes) for path in lesson.sidecars}
    return lesson.path.suffix in NOTEBOOKS or language in beside


def _guide(path: Path, codes: Languages, faults: list[SourceError]) -> list[Source]:
    """The guide of the zip, if it is marked; it is Markdown, and its title is a line like others."""
    text = read_text(path)
    parse_page(text, path, codes, faults)
    return [Source(path, path.name, has_title=False)] if is_marked(text, codes) else []
