"""A small word beside a block of the text, say that it is not translated yet, in the language of the page."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_polyglot.assets import render
from sphinx_polyglot.languages import direction, tag


class Note(nodes.General, nodes.Element):
    """It says ``words``; with ``head``, of the whole page. It stands before a block, or within a line of text."""


def _visit(translator, node: Note) -> None:
    language = translator.builder.config.language
    values = {"words": node["words"], "head": node.get("head"), "tag": tag(language), "direction": direction(language)}
    translator.body.append(render("note.html", **values))
    raise nodes.SkipNode


def _skip(translator, node: Note) -> None:
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Have Sphinx know notes."""
    others = {builder: (_skip, None) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(Note, html=(_visit, None), **others)
