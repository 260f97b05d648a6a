"""Sources that were found without fault are not read and checked again, until one of them changes.

To read and to check them takes half of a build that has nothing else to do, and each language's build needs it.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

import sphinx
import sphinx_gallery

from sphinx_polyglot.assets import own_digest
from sphinx_polyglot.check.catalogue import all_catalogue_faults
from sphinx_polyglot.check.scope import Scope
from sphinx_polyglot.disk.records import digest, digests
from sphinx_polyglot.disk.sealed import read_sealed, write_sealed
from sphinx_polyglot.errors import LessonError, told
from sphinx_polyglot.gallery.folders import galleries
from sphinx_polyglot.gallery.reading import Gallery, read_galleries
from sphinx_polyglot.source.cells import reader_versions
from sphinx_polyglot.source.course import Course

#: The memo, beside the staged scripts.
MEMO = "faultless"
#: What else decides how sources are read.
VERSIONS = (sys.version, sphinx.__version__, sphinx_gallery.__version__, *reader_versions())


def read_and_check(course: Course, srcdir: Path, gallery_conf: Mapping, beside: Scope) -> list[Gallery]:
    """The galleries, in all of whose sources there is no fault; note in ``course.contents`` what was read.

    ``course.remarks`` gets what is to be told and is no fault.

    Raises:
        LessonError: the faults, each with its file, its line and its remedy.
    """
    course.contents = _contents(srcdir, gallery_conf)  # before they are read: a later save counts as new
    memo, state = course.root / course.settings.stage_dir / MEMO, _state(course, srcdir, gallery_conf, beside)
    kept = read_sealed(memo)
    if kept.startswith(state):
        found = list(all_catalogue_faults(srcdir, beside.locale_dirs, beside.languages))  # these differ by language
        if found:
            raise LessonError(told(found, course.root))
        read, course.remarks = pickle.loads(kept.removeprefix(state))
        return read
    from sphinx_polyglot.check.sources import (  # and all the checks: not where there is nothing to check
        check_sources,
        told_remarks,
    )

    read = read_galleries(srcdir, gallery_conf, course.codes)
    lessons, glossary = check_sources(course.root, srcdir, read, course, beside)
    course.remarks = told_remarks(lessons, glossary, course, course.root, beside.default_role)
    if _contents(srcdir, gallery_conf) == course.contents and _state(course, srcdir, gallery_conf, beside) == state:
        write_sealed(memo, state + pickle.dumps((read, course.remarks)))  # else somebody saved while this read
    return read


def _contents(srcdir: Path, gallery_conf: Mapping) -> dict[str, str]:
    """Each file of a gallery, and what is in it."""
    folders = [folder for folder, _ in galleries(gallery_conf, srcdir)]
    return {str(folder / name): found for folder in folders for name, found in digests(folder).items()}


def _state(course: Course, srcdir: Path, gallery_conf: Mapping, beside: Scope) -> bytes:
    """All that the reading and the check depend on, in a few bytes."""
    files = [*beside.pages, *filter(None, [beside.glossary, beside.guide, beside.figure_words])]
    parts = [
        *(own_digest(), *VERSIONS, course.root, srcdir, course.languages, course.drafts, course.settings.translated),
        sorted(course.settings.tags),
        *(galleries(gallery_conf, srcdir), gallery_conf.get("ignore_pattern"), beside.default_role),
        *(sorted(course.contents.items()), [(path, digest(path)) for path in files]),
    ]
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()
