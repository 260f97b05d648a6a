"""Links at a page's foot: to the project, to the page's source, and to a report of what is wrong with it.

They appear where ``polyglot_repository`` is set. ``{{ polyglot_links }}`` in a template
is where they go; the addresses are filled into two more settings.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from sphinx_polyglot.assets import render
from sphinx_polyglot.gallery.folders import HEADERS, gallery_pairs
from sphinx_polyglot.words import _


def add_links(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the links of a page that someone wrote."""
    context["polyglot_links"] = ""
    settings = app.env.polyglot.settings
    if not settings.repository or doctree is None:
        return
    source = author_file(app, pagename)
    values = {
        "repository": settings.repository.rstrip("/"),
        "branch": quote(settings.branch),
        "path": quote(source),
        "title": quote(app.env.titles[pagename].astext(), safe=""),
        "address": quote(_address(app, pagename), safe=""),
    }
    links = [
        {
            "href": _filled("polyglot_report_link", settings.report_link, values),
            "text": _("Report a mistake on this page"),
        }
    ]
    if source:
        links.append(
            {"href": _filled("polyglot_source_link", settings.source_link, values), "text": _("Source of this page")}
        )
    links.append({"href": values["repository"], "text": _("The project")})
    context["polyglot_links"] = render("links.html", label=_("About this page"), links=links)


def _filled(setting: str, link: str, values: dict[str, str]) -> str:
    try:
        return link.format(**values)
    except (KeyError, IndexError, ValueError) as error:
        fields = ", ".join(f"{{{name}}}" for name in values)
        raise ConfigError(f"{setting} {link!r} cannot be filled in ({error!r}); use {fields}") from None


def author_file(app: Sphinx, pagename: str) -> str:
    """The file that an author edits, as seen from the folder of ``conf.py``.

    A lesson's page comes from its script, a gallery's from its header, any other from a file of
    its own. Empty where Sphinx-Gallery made the page of a script without marks.
    """
    lessons = app.env.polyglot.lessons
    galleries = tuple(f"{target}/" for _, target in gallery_pairs(app.config.sphinx_gallery_conf))
    names = [pagename, *(pagename.removesuffix("index") + header for header in sorted(HEADERS))]
    path = next((lessons[name].path for name in names if name in lessons), None)
    if path is None and not pagename.startswith(galleries):
        path = app.env.doc2path(pagename)
    return Path(os.path.relpath(path, app.confdir)).as_posix() if path else ""


def _address(app: Sphinx, pagename: str) -> str:
    """Where the page is served or, where that is not known, its path in the site."""
    base = app.env.polyglot.settings.baseurl
    path = f"{app.env.polyglot.language}/{app.builder.get_target_uri(pagename)}".lstrip("/")
    return f"{base}/{path}" if base else path
