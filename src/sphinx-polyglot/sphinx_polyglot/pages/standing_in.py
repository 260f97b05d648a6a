"""Prose that stands in for what is not translated yet: marked as what it is, for eyes and for readers of screens.

Each block has the ``lang`` of its own language; the first of a run has a note, and the page's head says how much.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.languages import name_in
from sphinx_polyglot.pages import gaps, lent_names
from sphinx_polyglot.pages.captions import Framed
from sphinx_polyglot.pages.folding import Fold, Summary
from sphinx_polyglot.pages.note import Note
from sphinx_polyglot.words import _

#: Parts of a page that are never marked as a whole: they hold code, or words in the language of the page.
HOLDING = (nodes.document, nodes.section, nodes.Admonition, addnodes.only, Fold)
APART = (*HOLDING, Framed)
#: What may hold a note between its blocks.
HOLDERS = (
    *HOLDING,
    nodes.list_item,
    nodes.definition,
    nodes.field_body,
    nodes.entry,
    nodes.block_quote,
    nodes.container,
    nodes.footnote,
    nodes.legend,
    nodes.topic,
    nodes.sidebar,
)


class MarkStandIns(SphinxTransform):
    """Marks what stands in."""

    default_priority = 700  # quotation marks are set at 750, each block's in its own language

    def apply(self, **kwargs) -> None:
        """Mark blocks, note where runs of them begin, and tell how much at the head of the page."""
        course, docname = self.env.polyglot, self.env.current_document.docname
        if not course.stand_in:
            return
        self.marks = gaps.classes(course)
        lent = gaps.comments(course, docname)
        for summary in self.document.findall(Summary):
            if summary.astext() in lent:  # the words of a region
                summary["classes"] += self.marks
        self._mark(self.document)
        texts = [text for text in self.document.findall(_is_text) if self._fills_gap(text) is not None]
        headings = {heading: self._fills_gap(heading) for heading in filter(_is_heading, texts)}
        lent_names.note(self.env, self.document, headings)
        self._note_runs(texts)
        comments = course.lessons[docname].comments if docname in course.lessons else []
        self._note_head(sum(map(self._fills_gap, texts)) + len(lent), len(texts) + len(comments))

    def _fills_gap(self, text: nodes.Node) -> bool | None:
        return gaps.fills_gap(text, self.env)

    def _mark(self, node: nodes.Element) -> None:
        """Mark the largest blocks of which all is lent."""
        found = [self._fills_gap(text) for text in node.findall(_is_text)]
        if found and all(found) and not isinstance(node, APART):
            node["classes"] += self.marks
            if isinstance(node, nodes.title):  # contents and menus take what is in it
                node[:] = [nodes.inline("", "", *node.children, classes=[*self.marks])]
        elif any(found):
            for child in [child for child in node.children if isinstance(child, nodes.Element)]:
                self._mark(child)

    def _note_runs(self, texts: list[nodes.Element]) -> None:
        """A note where a run begins; for one that begins the page, its head has all that is to be said."""
        before = True
        for text in texts:
            if self._fills_gap(text) and not before:
                self._put(Note(words=str(_("Not translated yet"))), text)
            before = self._fills_gap(text)

    def _put(self, note: Note, text: nodes.Element) -> None:
        """Before the largest block that is marked; of a list that is so in part, within the item."""
        if _is_heading(text):
            _put_below(note, text)
            return
        around = [text]
        while not isinstance(around[-1].parent, nodes.document) and around[-1].parent is not None:
            around.append(around[-1].parent)
        marked = around[: max(i for i, node in enumerate(around) if self.marks[0] in node["classes"] or not i) + 1]
        for node in reversed(marked):
            if isinstance(node.parent, HOLDERS) and not isinstance(node, Summary):
                node.parent.insert(node.parent.index(node), note)
                return
        text.insert(0, note)

    def _note_head(self, count: int, total: int) -> None:
        if not count:
            return
        course = self.env.polyglot
        language = name_in(course.languages[course.stand_in], self.config.language)
        words = _("{language} stands in for {count} of {total} parts of this page, which are not translated yet.")
        if count == total:
            words = _("This page is not translated yet; it is shown in {language}.")
        note = Note(words=str(words).format(language=language, count=count, total=total), head=True)
        title = next(self.document.findall(nodes.title), None)
        if title is None:
            self.document.insert(0, note)
        else:
            _put_below(note, title)


def _is_text(node: nodes.Node) -> bool:
    """A paragraph, a heading, a cell: the smallest block that is read, formulas aside."""
    if isinstance(node, nodes.raw):
        return not isinstance(node.parent, nodes.TextElement)
    is_block = isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline | nodes.Invisible)
    return is_block and not isinstance(node, nodes.math_block)


def _is_heading(node: nodes.Node) -> bool:
    return isinstance(node, nodes.title) and isinstance(node.parent, nodes.section)


def _put_below(note: Note, heading: nodes.Element) -> None:
    """Below a heading, and below the marks that belong to it."""
    parent, place = heading.parent, heading.parent.index(heading) + 1
    while place < len(parent) and isinstance(parent[place], nodes.Invisible):
        place += 1
    parent.insert(place, note)


def register(app: Sphinx) -> None:
    """Have Sphinx mark what stands in."""
    app.add_transform(MarkStandIns)
