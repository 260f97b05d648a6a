"""What a figure shows, in the words of its author, in each language: below it, or for those who do not see it.

    .. caption:: The loss falls fast, then slowly.

stands at the head of the prose after the cell; a cell with two figures has two. With ``:hidden:`` it is only
what a screen reader says; a ``:name:`` is for other pages that borrow the figure. A figure of a lesson without a
caption is a fault.
"""

from __future__ import annotations

import html

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.gallery.upstream import IMAGE_NODE, ORIGIN
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.pages.drawings import Drawing, cell_place, lang_of
from sphinx_polyglot.pages.things import is_thing, label

logger = logging.getLogger(__name__)

#: The fewest letters of a sentence that says what is to be seen.
SHORTEST = 5


class Caption(nodes.General, nodes.TextElement):
    """Where ``.. caption::`` stands."""


class Framed(nodes.General, nodes.Element):
    """A figure, and what stands below it."""


class Below(nodes.General, nodes.TextElement):
    """A caption at its place."""


class CaptionDirective(SphinxDirective):
    """``.. caption:: words``."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"hidden": directives.flag, "name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """The words, for ``CaptionFigures`` to put below their figure."""
        words, messages = self.parse_inline(self.arguments[0])
        node = Caption("", "", *words, hidden="hidden" in self.options, borrowed=self.options.get("name", ""))
        self.set_source_info(node)
        return [node, *messages]


class CaptionFigures(SphinxTransform):
    """Gives each figure of a lesson its caption, in their order."""

    default_priority = 205  # what a caption quotes stands in it by now

    def apply(self, **kwargs) -> None:
        """Go through the page from top to bottom."""
        waiting: list[nodes.Element] = []
        number = 0
        lesson = self.env.polyglot.lessons.get(self.env.current_document.docname)
        staged = [text for text, _ in lesson.staged()] if lesson else []
        for node in list(self.document.findall(_matters)):
            if isinstance(node, Caption):
                number += 1
                self._give(waiting.pop(0) if waiting else None, node, number)
            elif isinstance(node, nodes.comment):
                begins = "".join(staged[int(ORIGIN.match(node.astext())[1]) - 1 :][:1])
                is_prose = begins.startswith("# ⟦")
                waiting = waiting if is_prose else self._left(waiting)
            else:
                waiting.append(node)
        self._left(waiting)

    def _give(self, figure: nodes.Element | None, caption: Caption, number: int) -> None:
        caption.parent.remove(caption)
        if figure is None:
            self._warn("this caption has no figure above it; put it at the head of the prose after the cell", caption)
            return
        text = caption.astext()
        if len(text) < SHORTEST:
            self._warn(f"{text!r} says too little of the figure; say in a sentence what is to be seen", caption)
        figure["alt"] = text
        _move_below_outputs(figure)
        if caption["hidden"]:
            spoken = gaps.classes(self.env.polyglot) if gaps.fills_gap(caption, self.env) else []
            figure["classes"] += spoken
            label(figure, f'aria-label="{html.escape(text)}"{lang_of(spoken)}')
            return
        figure["label"] = f"caption-{number}"
        label(figure, f'aria-labelledby="{figure["label"]}"')
        framed = Framed(borrowed=caption["borrowed"])
        figure.replace_self(framed)
        below = Below("", "", *caption.children, name=figure["label"])
        below.source, below.line = caption.source, caption.line
        framed += [figure, below]

    def _left(self, waiting: list[nodes.Element]) -> list:
        course, docname = self.env.polyglot, self.env.current_document.docname
        for figure in waiting if docname in course.lessons else ():
            message = 'the figure of this cell has no caption; say what it shows: ".. caption:: …", in each language, '
            where = cell_place(figure, course, docname)
            self._warn(f"{message}at the head of the prose after the cell", where)
        return []

    def _warn(self, message: str, where: object) -> None:
        logger.warning("%s", message, location=where, type="polyglot", subtype="caption")


def _move_below_outputs(figure: nodes.Element) -> None:
    """What a cell printed, it printed before its figures were shown."""
    parent, place = figure.parent, figure.parent.index(figure) + 1
    while place < len(parent) and not isinstance(parent[place], nodes.comment | nodes.section):
        place += 1
    parent.insert(place, figure)
    parent.remove(figure)  # its first place


def _matters(node: nodes.Node) -> bool:
    if isinstance(node, nodes.comment):
        return bool(ORIGIN.match(node.astext()))
    return isinstance(node, Caption | Drawing) or node.tagname == IMAGE_NODE or is_thing(node)


def _visit_framed(translator, node: Framed) -> None:
    translator.body.append('<figure class="polyglot-figure">')


def _depart_framed(translator, node: Framed) -> None:
    translator.body.append("</figure>\n")


def _visit_below(translator, node: Below) -> None:
    node["ids"] = [node["name"]]
    translator.body.append(translator.starttag(node, "figcaption", ""))


def _depart_below(translator, node: Below) -> None:
    translator.body.append("</figcaption>\n")


def _ignore(translator, node: nodes.Node) -> None:
    """Other builders show what is in it."""


def register(app: Sphinx) -> None:
    """Have Sphinx know captions."""
    others = {builder: (_ignore, _ignore) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(Framed, html=(_visit_framed, _depart_framed), **others)
    app.add_node(Below, html=(_visit_below, _depart_below), **others)
    app.add_directive("caption", CaptionDirective)
    app.add_transform(CaptionFigures)
