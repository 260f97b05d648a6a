"""A note at each block of a page whose original has changed since it was translated, with a link to that."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.assets import render
from sphinx_polyglot.languages import native_name, tag
from sphinx_polyglot.source.origins import Translation
from sphinx_polyglot.words import _


class StaleNote(nodes.Invisible, nodes.Element):
    """Tells that what follows is behind ``source``; pages show it, and files to take along do not."""


class MarkStale(SphinxTransform):
    """Put the notes where the blocks begin, below their headings."""

    default_priority = 275  # sections have their anchors, and blocks still stand as they were written

    def apply(self, **kwargs) -> None:
        """``projection`` left the translations of this page."""
        for one in self.env.current_document.get("polyglot_translations", []):
            if one.is_stale and (begin := self._begin(one)):
                begin.parent.insert(begin.parent.index(begin), StaleNote(source=one.source, anchor=_anchor(begin)))

    def _begin(self, one: Translation) -> nodes.Element | None:
        """The first paragraph, list or other part of a block, of those that stand in a section by themselves."""
        for node in self.document.findall(nodes.Element):
            inside = node.source == str(one.path) and node.line and one.line <= node.line <= one.end
            if inside and not isinstance(node, nodes.title | nodes.section | nodes.Invisible | nodes.system_message):
                while node.parent and not isinstance(node.parent, nodes.section | nodes.document):
                    node = node.parent
                return node if not isinstance(node, nodes.title | nodes.Inline) else None
        return None


def _anchor(node: nodes.Element) -> str:
    """The part of the page in which a node stands; its name is the same in every language."""
    section = node.parent
    return section["ids"][0] if isinstance(section, nodes.section) and section["ids"] else ""


def register(app: Sphinx) -> None:
    """Have Sphinx know the note, and put it."""
    ignored = (_ignore, None)
    app.add_node(StaleNote, html=(_write, _leave), latex=ignored, text=ignored, man=ignored, texinfo=ignored)
    app.add_transform(MarkStale)


def _write(translator, node: StaleNote) -> None:
    """A line above the block: the words of this language, and a link to the same place in the other one."""
    course, docname = translator.builder.env.polyglot, translator.builder.current_docname
    here, name = translator.builder.get_target_uri(docname), course.languages[node["source"]]
    address = f"{'../' * (here.count('/') + 1)}{node['source']}/{here}"
    anchor = f"#{node['anchor']}" if node["anchor"] else ""
    values = {"words": _("The original has changed since this was translated."), "name": native_name(name)}
    translator.body.append(render("stale.html", **values, tag=tag(name), href=f"{address}{anchor}"))


def _leave(translator, node: StaleNote) -> None:
    """All was written."""


def _ignore(translator, node: StaleNote) -> None:
    """Other formats do without."""
    raise nodes.SkipNode
