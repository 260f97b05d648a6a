"""When what readers take along is checked, written and packed."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from sphinx_polyglot.notebooks.bundle import find_library, read_guide, write_bundle
from sphinx_polyglot.notebooks.buttons import buttons
from sphinx_polyglot.notebooks.downloads import travelling_names, write_downloads
from sphinx_polyglot.notebooks.packing import check_carried, source_folders

#: The builders that write a page for each lesson.
BUILDERS = ("html", "dirhtml")


def check_library(app: Sphinx) -> None:
    """``builder-inited``: a fault in the guide, or in a name, is told before any lesson runs."""
    root, settings = Path(app.confdir), app.env.polyglot.settings
    if settings.library:
        find_library(root, settings.library, settings.source_dirs)
    check_carried(settings.carried, source_folders(app))
    if settings.bundle_readme:
        read_guide(root, settings.bundle_readme, app.env.polyglot)


def add_downloads(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: a page is written, and what its readers can run."""
    context["polyglot_downloads"] = ""
    if doctree is not None and app.builder.name in BUILDERS and pagename in travelling_names(app.env.polyglot):
        write_downloads(app, pagename, doctree)
        context["polyglot_downloads"] = buttons(app, pagename, context["pathto"])


def pack(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: everything is written."""
    if not exception and app.builder.name in BUILDERS and travelling_names(app.env.polyglot):
        write_bundle(app)
