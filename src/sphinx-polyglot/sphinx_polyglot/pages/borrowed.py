"""A lesson's figure, or something to play with, once more on another page.

.. caption:: The way of every training.          in the lesson, at the head of the prose after the cell
   :name: map

.. borrowed:: lessons/05_first_steps map         on another page
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.gallery.upstream import PAGE
from sphinx_polyglot.pages.captions import Below, Framed
from sphinx_polyglot.pages.drawings import note_words
from sphinx_polyglot.pages.projection import note_lessons
from sphinx_polyglot.pages.things import is_thing, label

logger = logging.getLogger(__name__)


class Borrowed(nodes.General, nodes.Element):
    """Where it comes: ``docname`` has it, under the ``name`` of its caption."""


class BorrowedDirective(SphinxDirective):
    """``.. borrowed:: page name``."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Leave the place; and have Sphinx read this page again when the lesson changes."""
        docname, name = self.arguments
        note_words(self.env)
        note_lessons(self.env, f"⟦{docname}:0⟧")
        self.env.note_dependency(str(Path(self.env.srcdir, f"{docname}{PAGE}")))
        node = Borrowed(docname=docname, borrowed=name)
        self.set_source_info(node)
        return [node]


class Borrow(SphinxPostTransform):
    """Brings what is borrowed, once all pages are read."""

    default_priority = 3  # before code and images are turned into what the page shows

    def run(self, **kwargs) -> None:
        """Copy it, caption and all; its ids are this page's own."""
        for number, node in enumerate(list(self.document.findall(Borrowed)), 1):
            found = self._found(node["docname"], node["borrowed"])
            if found is None:
                message = '%s has no figure whose caption has ":name: %s"; write it below the caption in the lesson'
                place = {"location": node, "type": "polyglot", "subtype": "borrowed"}
                logger.warning(message, node["docname"], node["borrowed"], **place)
                node.parent.remove(node)
                continue
            for below in found.findall(Below):
                below["name"] = f"borrowed-{number}"
            for thing in found.findall(is_thing):
                label(thing, f'aria-labelledby="borrowed-{number}"')
            for shown in found.children:
                if "label" in shown:
                    shown["label"] = f"borrowed-{number}"
            node.replace_self(found)

    def _found(self, docname: str, name: str) -> Framed | None:
        if docname not in self.env.found_docs:
            return None
        frames = self.env.get_doctree(docname).findall(Framed)
        return next((frame.deepcopy() for frame in frames if frame.get("borrowed") == name), None)


def register(app: Sphinx) -> None:
    """Have Sphinx know what is borrowed."""
    app.add_node(Borrowed)
    app.add_directive("borrowed", BorrowedDirective)
    app.add_post_transform(Borrow)
