"""What must hold between the languages of a lesson, before anything is built.

Each check yields faults with the author's line and a remedy.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from sphinx.errors import SphinxError

from sphinx_polyglot.check.catalogue import all_catalogue_faults
from sphinx_polyglot.check.drafts import to_be_translated
from sphinx_polyglot.check.figure_words import figure_word_faults
from sphinx_polyglot.check.guide import guide_faults
from sphinx_polyglot.check.headings import heading_faults, label_faults
from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.check.paragraphs import number_faults, split
from sphinx_polyglot.check.parity import differences
from sphinx_polyglot.check.punctuation import script_faults, setting_faults
from sphinx_polyglot.check.regions import region_faults
from sphinx_polyglot.check.remarks import tag_faults
from sphinx_polyglot.check.scope import Scope, scope
from sphinx_polyglot.check.stale import counted, remarks, without_stale
from sphinx_polyglot.check.terms import Glossary, read_glossary, term_faults
from sphinx_polyglot.check.unfinished import backquote_faults, line_faults, note_faults, star_faults
from sphinx_polyglot.check.unshown import theme_faults
from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.gallery.reading import Gallery, read_galleries, read_pages
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.marks import Prose


def check_project(sourcedir: Path, confdir: Path) -> int:
    """Check all that is marked, without building it; print what is wrong, and return an exit code."""
    sourcedir, confdir = sourcedir.resolve(), confdir.resolve()
    try:
        config = read_configuration(confdir)
        course = Course(config.settings)
        galleries = read_galleries(sourcedir, config["sphinx_gallery_conf"], course.codes)
        beside = scope(config.settings, config, sourcedir, confdir, list(course.languages.values()))
        lessons, glossary = check_sources(confdir, sourcedir, galleries, course, beside)
    except LessonError as error:
        number = str(error).count("\n") + 1
        print(error, f"{number} fault{'s' if number > 1 else ''}", sep="\n", file=sys.stderr)
        return 1
    except SphinxError as error:
        print(error, file=sys.stderr)
        return 1
    behind = told_remarks(lessons, glossary, course, confdir, beside.default_role)
    _report(lessons, glossary, course, behind)
    return 0


def told_remarks(
    lessons: Iterable[Lesson], glossary: Glossary, course: Course, confdir: Path, default_role: str | None
) -> dict[str, str]:
    """What no build stops at, of each language that is translated: what its originals no longer say."""

    def faults_of(lesson: Lesson) -> Iterator[SourceError]:
        return _lesson_faults(lesson, {}, course.languages, glossary, default_role, course.settings.tags)

    lessons, texts = list(lessons), {}
    for code, source in course.codes.translated.items():
        found = told(remarks(lessons, code, course.codes, faults_of), confdir)
        texts[code] = "\n".join(filter(None, [found, counted(lessons, code, source)])) if found else ""
    return texts


def _report(lessons: list[Lesson], glossary: Glossary, course: Course, behind: Mapping[str, str]) -> None:
    """What was checked, which translations are behind, and how much of the drafts is still to be done."""
    complete = " and ".join(code for code in course.languages if code not in course.drafts)
    print(f"{len(lessons)} lessons and pages, each in {complete}: no fault")
    for language, source in course.codes.translated.items():
        if line := behind[language] or counted(lessons, language, source):
            print(line)
    for draft, stand_in in course.drafts.items():
        print(to_be_translated(lessons, glossary, draft, stand_in))


def check_sources(
    confdir: Path, srcdir: Path, galleries: list[Gallery], course: Course, beside: Scope
) -> tuple[list[Lesson], Glossary]:
    """Read and check all that is marked; return it, and the glossary.

    Raises:
        LessonError: the faults, each with its file, as seen from ``confdir``, its line and its remedy.
    """
    pages, found = read_pages(srcdir, beside.pages, course.codes)
    found += [fault for gallery in galleries for fault in gallery.faults]
    glossary = read_glossary(beside.glossary, course.codes, found) if beside.glossary else Glossary()
    lessons = [*(lesson for gallery in galleries for lesson in gallery.lessons.values()), *pages]
    found += lesson_faults(lessons, course.languages, glossary, beside.default_role, course.settings.tags)
    found += [
        *theme_faults(glossary, beside.pages),
        *all_catalogue_faults(srcdir, beside.locale_dirs, beside.languages),
    ]
    found += guide_faults(beside.guide, course.codes) if beside.guide else ()
    found += figure_word_faults(beside.figure_words, course.codes) if beside.figure_words else ()
    for term in glossary.terms:
        found += _block_faults(glossary.path, term.text, course.languages, glossary, not beside.default_role)
    if found:
        raise LessonError(told(found, confdir))
    return lessons, glossary


def lesson_faults(
    lessons: Iterable[Lesson],
    languages: Mapping[str, str],
    glossary: Glossary,
    default_role: str | None = None,
    tags: Collection[str] = (),
) -> Iterator[SourceError]:
    """All faults of the lessons, in the order of the files and lines; translations that are behind have none.

    ``languages`` maps a code, such as ``zh``, to Sphinx's name for it.
    """
    seen: dict[str, tuple[Lesson, int]] = {}
    for lesson in lessons:
        yield from _lesson_faults(without_stale(lesson), seen, languages, glossary, default_role, tags)


def _lesson_faults(
    lesson: Lesson,
    seen: dict[str, tuple[Lesson, int]],
    languages: Mapping[str, str],
    glossary: Glossary,
    default_role: str | None,
    tags: Collection[str],
) -> Iterator[SourceError]:
    found = [*heading_faults(lesson), *label_faults(lesson, seen), *region_faults(lesson)]
    titles = {language: [title] for language, title in lesson.titles.items()}
    for prose in (titles, *lesson.blocks):
        found += _block_faults(lesson.path, prose, languages, glossary, not default_role, tags)
    for comment in lesson.comments:
        prose = {language: [line] for language, line in comment.items()}
        found += _block_faults(lesson.path, prose, languages, glossary)
    yield from sorted(found, key=lambda fault: fault.line)


def _block_faults(
    path: Path,
    prose: Prose,
    languages: Mapping[str, str],
    glossary: Glossary,
    quotes: bool = False,
    tags: Collection[str] = (),
) -> Iterator[SourceError]:
    """Exchanged languages are one fault; else compare what stands in each. ``quotes`` looks at single backquotes.

    What stands in for a draft was checked where it is at home.
    """
    written: Prose = {}
    for language, lines in prose.items():
        if lines not in written.values():
            written[language] = lines
    inventories = {language: inventory(lines) for language, lines in written.items()}
    plain = {language: found.plain for language, found in inventories.items()}
    exchanged = [fault for code in plain for fault in script_faults(path, code, languages[code], plain[code])]
    if exchanged:
        yield from exchanged
        return
    unlike = list(differences(path, inventories))
    yield from (*number_faults(path, written), *unlike)
    for language, lines in plain.items():
        yield from setting_faults(path, languages[language], lines)
        yield from note_faults(path, lines)
        yield from tag_faults(path, inventories[language].items, tags)
        yield from line_faults(path, written[language])
        yield from star_faults(path, inventories[language].stars)
        yield from backquote_faults(path, inventories[language].bare if quotes else ())
    for part in split(written, inventories):
        yield from () if unlike else differences(path, part, elsewhere=True)
        yield from term_faults(path, {language: found.plain for language, found in part.items()}, glossary)
