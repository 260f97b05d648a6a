"""The size of each figure stands on its page, so that nothing moves when figures come."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from PIL import Image
from sphinx.application import Sphinx

UNSIZED = re.compile(r'<img (?![^>]*\b(?:width|height|style) ?=)([^>]*?src="([^":]+)")')


def add_sizes(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: a browser then keeps the place free, in the right proportion."""
    if not app.env.polyglot.languages:
        return
    sources = {name: Path(app.srcdir, path) for path, name in app.builder.images.items()}

    def sized(tag: re.Match[str]) -> str:
        name = PurePosixPath(tag[2]).name
        # Sphinx copies its images last; those of Sphinx-Gallery were copied when their tags were written.
        path = sources.get(name, Path(app.outdir, app.builder.imagedir, name))
        try:
            with Image.open(path) as picture:
                width, height = picture.size
        except OSError:  # a drawing, say, which has no size in pixels
            return tag[0]
        return f'<img width="{width}" height="{height}" {tag[1]}'

    if context.get("body"):
        context["body"] = UNSIZED.sub(sized, context["body"])
