"""Every event of Sphinx that the extension answers, in one table: who, when, and why just then.

Sphinx calls the handlers of an event by priority, the lowest first; 500 is usual, and where none
is given, the order does not matter. Sphinx-Gallery's stand at 10 (its settings are read), 50 and
500 (it makes the galleries). What only Chinese or formulas need is connected in ``cjk`` and ``mathematics``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sphinx.application import Sphinx

from sphinx_polyglot import assets, intake, settings_faults, words
from sphinx_polyglot.check import catalogue
from sphinx_polyglot.gallery import defaults, failure, imports, leftovers, selection
from sphinx_polyglot.notebooks import downloads, offers, packing
from sphinx_polyglot.pages import (
    checked,
    contents,
    copying,
    descriptions,
    directions,
    facts,
    foot,
    glossary,
    held,
    lent_names,
    minutes,
    neighbours,
    pictures,
    placement,
    places,
    plurals,
    projection,
    prose,
    references,
    series,
    switch,
    things,
    untranslated,
)
from sphinx_polyglot.running import lessons
from sphinx_polyglot.source.course import Course


class Event(NamedTuple):
    """One handler; ``why`` gives the reason for its place."""

    name: str
    handler: Callable
    priority: int = 500
    why: str = ""


FIRST = "before Sphinx-Gallery reads its settings, at 10"
EVENTS = [
    Event("config-inited", settings_faults.refuse_misspelt, 1, FIRST),
    Event("config-inited", assets.separate_paths, 1, FIRST),
    Event("config-inited", defaults.fill_in, 1, FIRST),
    Event("config-inited", failure.report_author_places, 2, "before any lesson can fail"),
    Event("config-inited", places.tell_cells, 2, "before anything is told"),
    Event("config-inited", intake.take_in, 3, "before Sphinx-Gallery looks for scripts: it shall find the staged ones"),
    Event("config-inited", words.load, 4, "before anything says a word"),
    Event("config-inited", catalogue.note_catalogues),
    Event("config-inited", directions.mirror),
    Event("config-inited", contents.note_makers),
    Event("builder-inited", offers.check_library, 2, "a fault in a name is told before any lesson runs"),
    Event("builder-inited", selection.choose, 20, "after Sphinx-Gallery's settings, at 10; before its work"),
    Event("builder-inited", untranslated.listen),
    Event("builder-inited", directions.direct_templates),
    Event(
        "builder-inited", lessons.run_lessons, 30, "after what must run is known; Sphinx-Gallery finds it up to date"
    ),
    Event("builder-inited", lessons.forget_failed, 590, "after Sphinx-Gallery's work; before what is whole is noted"),
    Event("builder-inited", leftovers.close_lessons, 600, "after Sphinx-Gallery's work, at 500"),
    Event("env-get-outdated", contents.outdated_sources),
    Event("env-get-outdated", facts.outdated_facts),
    Event("env-get-outdated", packing.outdated_notebooks),
    Event("env-get-outdated", leftovers.remove_pages),
    Event("env-get-outdated", downloads.remove_downloads),
    Event("env-get-outdated", prose.remove_scripts),
    Event("env-before-read-docs", contents.note_pages),
    Event("source-read", packing.note_imports),
    Event("source-read", projection.project, 900, "last: other handlers see what Sphinx-Gallery wrote"),
    Event("warn-missing-reference", references.tell_missing, 400, "before Sphinx's own words, at 500"),
    Event("env-updated", contents.note_dependencies),
    Event("env-updated", neighbours.rewrite_neighbours),
    Event("env-updated", minutes.rewrite_telling),
    Event("html-page-context", switch.add_languages),
    Event("html-page-context", descriptions.describe),
    Event("html-page-context", foot.add_links),
    Event("html-page-context", series.add_series),
    Event("html-page-context", offers.add_downloads),
    Event("html-page-context", held.show_held, 490, "before assertions are framed: a mark follows each block"),
    Event("html-page-context", checked.mark_assertions),
    Event("html-page-context", things.move_scripts),
    Event("html-page-context", lent_names.mark_comments),
    Event("html-page-context", lent_names.mark_index),
    Event("html-page-context", pictures.add_sizes, 600, "after what else changes the body"),
    Event("html-page-context", directions.direct, 780, "before other languages' pages take what is said"),
    Event("html-page-context", prose.write_prose, 790, "after all else that changes the text"),
    Event("html-page-context", copying.add_buttons, 795, "after the text is written for other languages' pages"),
    Event("html-page-context", placement.place, 800, "after all that it places is there"),
    Event("build-finished", leftovers.remove_unused),
    Event("build-finished", glossary.keep_searched, 600, "after all else that writes the index anew"),
    Event("build-finished", plurals.write_plurals),
    Event("build-finished", things.remove_unused),
    Event("build-finished", offers.pack),
    Event("build-finished", untranslated.report),
    Event("build-finished", imports.keep_parsed, 900, "after all that looks at imports"),
]
#: These take the course, too; all others find it at ``app.env.polyglot``.
TAKING_THE_COURSE = {failure.report_author_places, intake.take_in}


def connect(app: Sphinx, course: Course) -> None:
    """Have Sphinx call the handlers."""
    # An environment of an earlier build has no course, or that build's.
    app.connect("builder-inited", lambda app: setattr(app.env, "polyglot", course), priority=1)
    for event in EVENTS:
        takes_course = event.handler in TAKING_THE_COURSE
        handler = partial(event.handler, course=course) if takes_course else event.handler
        app.connect(event.name, handler, event.priority)
