"""What Sphinx-Gallery adds to a page in English."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.gallery.upstream import NOTES


class EnglishNotes(SphinxTransform):
    """Remove Sphinx-Gallery's notes on downloads from bilingual lessons."""

    default_priority = 6

    def apply(self, **kwargs) -> None:
        """Find the notes by their class."""
        if self.env.current_document.docname not in self.env.polyglot.lessons:
            return
        for node in list(self.document.findall(nodes.Element)):
            if NOTES & set(node.get("classes", ())) and node.parent is not None:
                node.parent.remove(node)
