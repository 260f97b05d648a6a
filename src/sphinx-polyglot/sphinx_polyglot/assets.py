"""What this extension brings along: files of ``static/``, and templates.

Neither through ``html_static_path`` nor ``templates_path``: these would put a path
of this machine into ``.buildinfo``.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.fileutil import copy_asset_file

from sphinx_polyglot.disk.records import digests

TEMPLATES = Environment(loader=PackageLoader("sphinx_polyglot"), autoescape=select_autoescape())
STATIC = Path(__file__).parent / "static"


@cache
def own_digest() -> str:
    """The extension's own files in a few digits: what another state of it made may be made otherwise by this one."""
    own = digests(Path(__file__).parent)
    code = sorted(f"{name} {found}" for name, found in own.items() if "__pycache__" not in name)
    return hashlib.blake2b("\n".join(code).encode(), digest_size=16).hexdigest()


def separate_paths(app: Sphinx, config: Config) -> None:
    """``config-inited``: give this language lists of its own.

    Sphinx-Gallery appends to them; those that ``conf.py`` leaves out belong to Sphinx and outlive a build,
    so that ``.buildinfo`` would depend on the languages built before by the same process.
    """
    for name in ("html_static_path", "templates_path"):
        config[name] = list(config[name])


def add(app: Sphinx, *names: str) -> None:
    """Have every page load these scripts and style sheets."""
    for name in names:
        if name.endswith(".js"):
            app.add_js_file(name, loading_method="defer")
        else:
            app.add_css_file(name)
        ship(app, name)


def ship(app: Sphinx, name: str) -> None:
    """Copy the file beside Sphinx's own before the first page is written."""

    def copy(app: Sphinx) -> None:
        if app.builder.format == "html":
            folder = app.outdir / "_static"
            folder.mkdir(parents=True, exist_ok=True)
            copy_asset_file(STATIC / name, folder, force=True)

    app.connect("builder-inited", copy)


def render(template: str, **values) -> str:
    """Fill in one of our templates."""
    return TEMPLATES.get_template(template).render(values)
