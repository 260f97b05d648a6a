"""Each lesson's notebooks and script: beside its page, and once more as the lessons travel together."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from sphinx_polyglot.errors import place
from sphinx_polyglot.gallery.fingerprint import versions
from sphinx_polyglot.gallery.upstream import code_blocks
from sphinx_polyglot.notebooks import preparation
from sphinx_polyglot.notebooks.cells import Cell, cut
from sphinx_polyglot.notebooks.context import Context
from sphinx_polyglot.notebooks.formats import notebook, script
from sphinx_polyglot.notebooks.links import Links, headings
from sphinx_polyglot.notebooks.outputs import LIMIT, printed
from sphinx_polyglot.notebooks.packing import imported_by_lesson
from sphinx_polyglot.pages.drawings import translated, words_of
from sphinx_polyglot.pages.projection import with_comments
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.files import companion_files
from sphinx_polyglot.source.lesson import Lesson

#: What is added to a page's name: the notebook as it ran, without outputs, and the script.
WITH_OUTPUTS, BLANK, SCRIPT = ".ipynb", "-blank.ipynb", ".py"

logger = logging.getLogger(__name__)


def write_downloads(app: Sphinx, docname: str, doctree: nodes.document) -> None:
    """Write what the readers of one lesson can run; its page is being written, too."""
    course: Course = app.env.polyglot
    names, known, base = travelling_names(course), headings(app), app.config.html_baseurl or ""
    page = app.builder.get_target_uri(docname)
    others = {app.builder.get_target_uri(other): f"{name}{WITH_OUTPUTS}" for other, name in names.items()}
    first = _first_cells(app, docname)
    code = _code(app, docname)
    say = partial(translated, words=words_of(course), language=course.language)

    alone = _cells(doctree, code, Context(Links(page, base, known), Path(app.srcdir), say), first)
    _check_outputs(course.lessons[docname], alone, str(app.confdir))
    beside = Path(app.outdir, docname)
    _write(beside, WITH_OUTPUTS, notebook(alone))
    _write(beside, BLANK, notebook(alone, with_outputs=False))
    _write(beside, SCRIPT, script(alone))

    together = _cells(doctree, code, Context(Links(page, base, known, others), Path(app.srcdir), say), first)
    packed = travelling_folder(app) / names[docname]
    _write(packed, WITH_OUTPUTS, notebook(together))
    _write(packed, SCRIPT, script(together))


def travelling_folder(app: Sphinx) -> Path:
    """Where the lessons wait for being packed."""
    return Path(app.doctreedir, "notebooks")


def travelling_names(course: Course) -> dict[str, str]:
    """What each lesson is called among the others, all in one folder, by the name of its page."""
    docnames = sorted(docname for docname, lesson in course.lessons.items() if lesson.cells)
    shared = Counter(docname.rpartition("/")[2] for docname in docnames)
    short = {docname: docname.rpartition("/")[2] for docname in docnames}
    return {docname: name if shared[name] == 1 else docname.replace("/", "-") for docname, name in short.items()}


def _first_cells(app: Sphinx, docname: str) -> list[Cell]:
    """What brings the modules and the files that this lesson needs."""
    files, hints = imported_by_lesson(app, docname), app.env.polyglot.settings.install_hints
    names = app.env.polyglot.settings.distributions
    needed = {module: names.get(module, module) for module in versions(app.env.polyglot.dependencies[docname])}
    unpack = preparation.bring(files, needed, hints) if files else []
    return [*unpack, *map(preparation.write_file, companion_files(app.env.polyglot.lessons[docname].path))]


def _code(app: Sphinx, docname: str) -> dict[int, str]:
    """The blocks of code by their first lines, as Sphinx-Gallery knows both; comments in this language."""
    blocks = code_blocks(Path(app.srcdir, f"{docname}.py"))
    return {number: with_comments(code, app.env.polyglot).strip("\n") for number, code in blocks.items()}


def _cells(doctree: nodes.document, code: dict[int, str], context: Context, first: list[Cell]) -> list[Cell]:
    """The title, what has to be done first, and the lesson."""
    cells = cut(doctree, code, context)
    return [*cells[:1], *first, *cells[1:]]


def _check_outputs(lesson: Lesson, cells: list[Cell], root: str) -> None:
    """Warn of what Jupyter could not show, and of what would differ wherever the project lies."""
    for cell in cells:
        text = printed(cell.outputs)
        local = next((place for place in (root, sys.prefix) if place in text), "")
        if len(text.encode()) > LIMIT:
            _warn(lesson, cell, "this cell prints more than 1 MB, and Jupyter stops at 1 MB a second; print less")
        elif local:
            _warn(lesson, cell, f"this cell prints a path of this machine, {local}; catch the warning, or print less")


def _warn(lesson: Lesson, cell: Cell, message: str) -> None:
    line = next(number for text, number in lesson.staged()[cell.line - 1 :] if text)
    logger.warning("%s", message, location=place(lesson.path, line), type="polyglot", subtype="notebook")


def _write(path: Path, ending: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(path.name + ending).write_text(text, "utf-8", newline="\n")


def remove_downloads(app: Sphinx, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """``env-get-outdated``: a lesson that is gone takes its files along."""
    for docname in removed:
        for ending in (WITH_OUTPUTS, BLANK, SCRIPT):
            Path(app.outdir, docname + ending).unlink(missing_ok=True)
    return []
