"""What a build ran on, told on a page: the day, the versions, and what the settings add.

    .. polyglot-facts::

is a table of two columns. What the settings add is translated with the project's own
catalogue, ``locale/…/sphinx.po``, as the words of the theme are.
"""

from __future__ import annotations

import os
import platform
import time

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _ as of_project
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.gallery.fingerprint import versions
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.words import _

#: A label and what stands beside it.
Fact = tuple[str, str]
SHOWN = "polyglot-facts"


class PolyglotFacts(SphinxDirective):
    """``.. polyglot-facts::``: the table."""

    def run(self) -> list[nodes.Node]:
        """Show the facts, and remember them: Sphinx reads this page again when they change."""
        shown = facts(self.env.polyglot)
        self.env.metadata[self.env.current_document.docname][SHOWN] = shown
        rows = [
            nodes.row("", nodes.entry("", nodes.paragraph("", label)), nodes.entry("", nodes.paragraph("", value)))
            for label, value in shown
        ]
        columns = [nodes.colspec(colwidth=1, stub=1), nodes.colspec(colwidth=1)]
        group = nodes.tgroup("", *columns, nodes.tbody("", *rows), cols=2)
        return [nodes.table("", group, classes=["polyglot-facts", "colwidths-auto"])]


def facts(course: Course) -> list[Fact]:
    """The day of the build, Python, the distributions that the lessons import, and ``polyglot_about``."""
    parts = [part for found in course.dependencies.values() for part in found]
    imported = {course.settings.distributions.get(name, name): version for name, version in versions(parts).items()}
    about = [(str(of_project(label)), str(of_project(value))) for label, value in course.settings.about.items()]
    by_name = sorted(imported.items(), key=lambda fact: fact[0].lower())
    return [(str(_("Built on")), today()), ("Python", platform.python_version()), *by_name, *about]


def today() -> str:
    """The day in UTC, or that of ``SOURCE_DATE_EPOCH``, which makes a build repeatable.

    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", SOURCE_DATE_EPOCH="86400"):
    ...     today()
    '1970-01-02'
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    return time.strftime("%Y-%m-%d", time.gmtime(int(seconds) if seconds else None))


def outdated_facts(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """``env-get-outdated``: pages that show other facts than today's."""
    told = {docname: data[SHOWN] for docname, data in env.metadata.items() if SHOWN in data}
    now = facts(env.polyglot) if told else []
    return [docname for docname, shown in told.items() if shown != now]
