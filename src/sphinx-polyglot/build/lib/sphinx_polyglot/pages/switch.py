"""The other languages of a page: the switch, and addresses for search engines."""

from __future__ import annotations

from sphinx.application import Sphinx

from sphinx_polyglot.assets import render
from sphinx_polyglot.languages import native_name, tag
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.words import _


def add_languages(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the same page in the other languages."""
    course: Course = app.env.polyglot
    if not course.languages:
        return
    here = app.builder.get_target_uri(pagename)
    up = "../" * (here.count("/") + 1)
    context["language"] = tag(course.languages[course.language])
    others = [
        {"code": code, "tag": tag(name), "name": native_name(name), "href": f"{up}{code}/{here}"}
        for code, name in course.languages.items()
        if code != course.language
    ]
    values = {"label": _("Language"), "here": course.language, "languages": others}
    context["polyglot_switch"] = render("switch.html", **values) if others else ""
    base = app.env.polyglot.settings.baseurl
    if base and doctree is not None:
        context["metatags"] = context.get("metatags", "") + _alternates(here, course)


def _alternates(here: str, course: Course) -> str:
    """Search engines take absolute addresses only."""
    base = course.settings.baseurl
    links = {tag(name): f"{base}/{code}/{here}" for code, name in course.languages.items()}
    links["x-default"] = f"{base}/{course.settings.default_language or next(iter(course.languages))}/{here}"
    return "".join(f'\n    <link rel="alternate" hreflang="{name}" href="{href}">' for name, href in links.items())
