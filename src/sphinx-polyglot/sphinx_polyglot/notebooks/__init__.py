"""Lessons to take along: notebooks and scripts that read like the page and run elsewhere.

``cells`` cuts a page into prose and code. ``blocks``, ``tables`` and ``inline`` write the prose in
the words of ``markdown``, with ``links`` that lead somewhere; ``outputs`` takes over what the code showed.
``formats`` makes files of the cells. ``packing`` makes text of the modules that a lesson imports,
``preparation`` the cell that unpacks it. ``downloads`` writes all this beside each page, ``bundle``
puts it into a zip, and ``buttons`` shows it to the reader.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from sphinx_polyglot.assets import ship
from sphinx_polyglot.notebooks import buttons
from sphinx_polyglot.notebooks.bundle import find_library, read_guide, write_bundle
from sphinx_polyglot.notebooks.downloads import remove_downloads, travelling_names, write_downloads
from sphinx_polyglot.notebooks.packing import note_imports, outdated

STYLESHEET = "downloads.css"
#: The builders that write a page for each lesson.
BUILDERS = ("html", "dirhtml")


class Notebooks:
    """What one build hands from event to event: the guide of the zip, where there is one."""

    guide: str = ""

    def read_settings(self, app: Sphinx) -> None:
        """``builder-inited``: a fault in the guide, or in a name, is told before any lesson runs."""
        root, config = Path(app.confdir), app.config
        if config.polyglot_library:
            find_library(root, config.polyglot_library, config.polyglot_source_dirs)
        if config.polyglot_bundle_readme:
            self.guide = read_guide(root, config.polyglot_bundle_readme, app.env.polyglot)

    def add_downloads(self, app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
        """``html-page-context``: a page is written, and what its readers can run."""
        context["polyglot_downloads"] = ""
        if doctree is not None and app.builder.name in BUILDERS and pagename in travelling_names(app.env.polyglot):
            write_downloads(app, pagename, doctree)
            context["polyglot_downloads"] = buttons.buttons(app, pagename, context["pathto"])

    def pack(self, app: Sphinx, exception: Exception | None) -> None:
        """``build-finished``: everything is written."""
        if not exception and app.builder.name in BUILDERS and travelling_names(app.env.polyglot):
            write_bundle(app, self.guide)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the events, and the style of the buttons."""
    notebooks = Notebooks()
    app.connect("builder-inited", notebooks.read_settings, priority=2)
    app.connect("source-read", note_imports)
    app.connect("env-get-outdated", outdated)
    app.connect("env-get-outdated", remove_downloads)
    app.connect("html-page-context", notebooks.add_downloads)
    app.connect("build-finished", notebooks.pack)
    app.add_css_file(STYLESHEET)
    ship(app, STYLESHEET)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
