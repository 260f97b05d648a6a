"""Languages that are written from right to left: their pages begin there, and what is of another language does not."""

from __future__ import annotations

import re
from functools import partial

from jinja2.ext import Extension
from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_polyglot import assets
from sphinx_polyglot.languages import direction, tag
from sphinx_polyglot.source.course import Course

PAGE = re.compile(r"<html\b(?![^>]*\bdir=)")
SPOKEN = re.compile(r'<\w+(?=[^<>]*\slang="([\w-]+)")(?![^<>]*\sdir=)')


class DirectedPages(Extension):
    """Has the templates of any theme say where lines begin, ``<html dir="rtl">``."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Called by Jinja for each template; what it compiles is the same for all languages."""
        return PAGE.sub("<html{{ polyglot_direction }}", source)


def mirror(app: Sphinx, config: Config) -> None:
    """``config-inited``: load what turns a theme round, where a language needs it."""
    if "rtl" in map(direction, config.polyglot_languages.values()):
        assets.add(app, "mirrored.css")


def direct_templates(app: Sphinx) -> None:
    """``builder-inited``: before the first template is read."""
    if app.builder.format == "html":
        app.builder.templates.environment.add_extension(DirectedPages)


def direct(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the direction of the page, and of each part of it that has the other one."""
    course: Course = app.env.polyglot
    if not course.languages:
        return
    here = direction(course.languages[course.language])
    context["polyglot_direction"] = ' dir="rtl"' if here == "rtl" else ""
    found = {tag(name): direction(name) for name in course.languages.values()}
    others = {language: way for language, way in found.items() if way != here}
    for part in ("body", "toc"):
        if others and context.get(part):
            context[part] = SPOKEN.sub(partial(_directed, others), context[part])


def _directed(others: dict[str, str], found: re.Match[str]) -> str:
    """An element with its direction.

    >>> SPOKEN.sub(partial(_directed, {"en": "ltr"}), '<p lang="en">One</p><p lang="fa">')
    '<p dir="ltr" lang="en">One</p><p lang="fa">'
    """
    way = others.get(found[1])
    return f'{found[0]} dir="{way}"' if way else found[0]
