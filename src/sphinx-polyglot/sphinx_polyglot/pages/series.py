"""Where a lesson stands among those before and after it: ``{{ polyglot_series }}``, for the project's templates."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_polyglot.assets import render
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.words import _


def add_series(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the lessons of the same gallery, in their order, this one marked."""
    context["polyglot_series"] = ""
    if doctree is None or pagename not in app.env.polyglot.lessons:
        return
    lists = (pages for pages in app.env.toctree_includes.values() if pagename in pages)
    lessons = [name for name in next(lists, []) if name in app.env.polyglot.lessons]
    if len(lessons) > 1:
        entries = [(_title(app, name), "" if name == pagename else context["pathto"](name)) for name in lessons]
        context["polyglot_series"] = render("series.html", name=_("Lessons"), entries=entries)


def _title(app: Sphinx, name: str) -> dict[str, str]:
    """A title, and its language where that is another one."""
    title = app.env.titles[name]
    spoken = [gaps.spoken(inline) for inline in title.findall(nodes.inline)]
    return {"text": title.astext(), "lang": next(filter(None, spoken), "")}
