"""Links to what a reader can run, at the top and at the bottom of each lesson."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import Formatter
from urllib.parse import quote

from sphinx.application import Sphinx

from sphinx_polyglot.assets import render
from sphinx_polyglot.notebooks.bundle import bundle_name
from sphinx_polyglot.notebooks.downloads import BLANK, SCRIPT, WITH_OUTPUTS
from sphinx_polyglot.words import _


def buttons(app: Sphinx, docname: str, pathto: Callable[..., str]) -> str:
    """The links of one lesson as HTML; ``pathto`` leads from its page to a file of its language."""
    files = {
        _("Notebook"): docname + WITH_OUTPUTS,
        _("Notebook without outputs"): docname + BLANK,
        _("Script"): docname + SCRIPT,
        _("All lessons (zip)"): f"{bundle_name(app)}.zip",
    }
    links = [{"text": text, "address": pathto(name, resource=True)} for text, name in files.items()]
    return render("downloads.html", label=_("Download"), files=links, clouds=list(_clouds(app, docname)))


def _clouds(app: Sphinx, docname: str) -> Iterator[dict[str, str]]:
    """Each host that can open the notebook from where the site is kept."""
    path = quote(f"{app.env.polyglot.language}/{docname}{WITH_OUTPUTS}")
    base, published = app.env.polyglot.settings.baseurl, app.env.polyglot.settings.published
    known = {"path": path, "published": published, "url": f"{base}/{path}" if base else ""}
    for host, template in app.env.polyglot.settings.clouds.items():
        if all(known[name] for (__, name, *__) in Formatter().parse(template) if name):
            yield {"text": _("Open in %s") % host, "address": template.format(**known)}
