"""Chinese that reads well: lines that join, markup beside Han characters, a search without a dictionary.

``extensions = ["sphinx_polyglot.cjk"]`` is enough for any Sphinx site.
"""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Register all three."""
    from sphinx_polyglot.cjk import search, typography
    from sphinx_polyglot.cjk.inliner import HanParser

    app.add_source_parser(HanParser, override=True)
    typography.setup(app)
    search.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
