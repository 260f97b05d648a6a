"""Say that translations are right for what their originals say now: their marks get the digest of that text."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from sphinx.errors import ConfigError, SphinxError

from sphinx_polyglot.check.scope import scope
from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.gallery.folders import check_scripts
from sphinx_polyglot.gallery.reading import read_galleries, read_pages
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.marks import DIGEST
from sphinx_polyglot.source.origins import Translation

#: The ends of lines, as ``read_text`` counts them.
LINE_END = re.compile("(\r\n|\r|\n)")


def confirm(language: str, files: list[Path], sourcedir: Path, confdir: Path, only_new: bool = False) -> int:
    """Write digests into the marks of a language, in ``files`` or, if none is named, in all; return an exit code.

    ``only_new`` leaves marks that have one. Nothing but marks is changed.
    """
    named = {file.resolve() for file in files}
    try:
        config = read_configuration(confdir.resolve())
        _check_language(language, config)
        known = _translations(config, sourcedir.resolve(), confdir.resolve(), named)
        due = [one for one in known if one.language == language and (one.is_stale or not one.digest)]
        due = [one for one in due if not (named and one.path not in named) and not (only_new and one.digest)]
        paths = list(dict.fromkeys(one.path for one in due))
        for path in paths:
            write_digests(path, [one for one in due if one.path == path])
    except SphinxError as error:
        print(error, file=sys.stderr)
        return 1
    what = f"{_counted(due, 'block')} confirmed in {_counted(paths, 'file')}"
    print(f"{language}: {what}" if due else f"{language}: there is nothing to confirm")
    return 0


def _counted(found: list, noun: str) -> str:
    return f"{len(found)} {noun}{'' if len(found) == 1 else 's'}"


def _check_language(language: str, config: Configuration) -> None:
    translated = Course(config.settings).codes.translated
    if language not in translated:
        names = " or ".join(translated) or "none, as there is none yet"
        message = f'"{language}" is translated from no language; name {names}'
        raise ConfigError(f"{message}, or add it to polyglot_translated in conf.py")


def _translations(
    config: Configuration, sourcedir: Path, confdir: Path, named: Collection[Path]
) -> Iterable[Translation]:
    """All translations; no file is touched in which blocks might be taken for others."""
    course, gallery_conf = Course(config.settings), config["sphinx_gallery_conf"]
    check_scripts(gallery_conf, sourcedir)
    galleries = read_galleries(sourcedir, gallery_conf, course.codes)
    beside = scope(config.settings, config, sourcedir, confdir, list(course.languages.values()))
    pages, faults = read_pages(sourcedir, beside.pages, course.codes)
    faults += [fault for gallery in galleries for fault in gallery.faults]
    lessons = [*(lesson for gallery in galleries for lesson in gallery.lessons.values()), *pages]
    concerned = {file for lesson in lessons if not named or named & _files(lesson) for file in _files(lesson)}
    if faults := [fault for fault in faults if not named or Path(fault.path) in concerned | named]:
        raise LessonError(told(faults, confdir))
    for path in named - concerned:
        raise ConfigError(f"{path}: this is no marked lesson or page of {confdir / 'conf.py'}; correct the name")
    return [one for lesson in lessons for one in lesson.translations]


def _files(lesson: Lesson) -> set[Path]:
    return {lesson.path, *lesson.sidecars}


def write_digests(path: Path, translations: Iterable[Translation]) -> None:
    """Put into each mark of one file the digest of what its original says now; all else stays, byte for byte.

    Raises:
        LessonError: a mark is no longer where it was read; the file stays as it is.
    """
    parts = LINE_END.split(path.read_bytes().decode("utf-8"))
    for one in translations:
        place = 2 * (one.line - 1)  # between two lines stands the end of the first
        mark = re.compile(rf"(%% {one.language})(?:[ \t]+{DIGEST})?(?=\s*$)")
        changed, count = mark.subn(rf"\1 {one.now}", parts[place]) if place < len(parts) else ("", 0)
        if not count:
            fault = SourceError(path, one.line, "this was saved while it was read; run the command again")
            raise LessonError(str(fault))
        parts[place] = changed
    fresh = path.resolve().with_name(f".{path.name}.new")
    fresh.write_bytes("".join(parts).encode("utf-8"))
    shutil.copymode(path, fresh)
    os.replace(fresh, path.resolve())
