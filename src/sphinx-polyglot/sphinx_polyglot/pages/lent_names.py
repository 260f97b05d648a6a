"""Headings, terms and comments that stand in from another language, wherever they are shown.

Pages note their headings and terms, so that references to them, and the index, have the right ``lang``.
"""

from __future__ import annotations

import html
import re

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_polyglot.languages import tag
from sphinx_polyglot.pages import gaps

#: Noted of a page: its headings and terms that stand in, and its headings that do not, a line each.
LENT, OWN = "polyglot-headings-standing-in", "polyglot-headings-translated"
COMMENT = re.compile(r'<span class="c1">(# [^<]*)</span>')


class MarkHeadings(SphinxPostTransform):
    """Marks references that show a heading of another language than the text around them."""

    default_priority = 20  # references are resolved at 10

    def run(self, **kwargs) -> None:
        """Look at what each says."""
        course = self.env.polyglot
        if not course.stand_in:
            return
        lent, own = _noted(self.env, LENT), _noted(self.env, OWN)
        for reference in (node for node in self.document.findall(nodes.reference) if node.get("internal")):
            is_lent, text = gaps.spoken(reference), reference.astext()
            if text in lent and not is_lent:
                reference["classes"] += gaps.classes(course)
            elif text in own and is_lent and text not in lent:
                reference["classes"].append(f"language-{tag(self.config.language)}")


def mark_index(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: names of terms that stand in, in the index."""
    course = app.env.polyglot
    if pagename != "genindex" or not course.stand_in:
        return
    lent, marked = _noted(app.env, LENT), Markup('<span lang="{}">{}</span>')
    for _letter, entries in context["genindexentries"]:
        for place, (name, found) in enumerate(entries):
            if name in lent:
                entries[place] = (marked.format(gaps.language(course), name), found)


def mark_comments(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: comments in a lesson's code that stand in."""
    course = app.env.polyglot
    lent, language = gaps.comments(course, pagename), gaps.language(course)

    def mark(comment: re.Match[str]) -> str:
        if html.unescape(comment[1]).removeprefix("# ") not in lent:
            return comment[0]
        return f'<span class="c1" lang="{language}">{comment[1]}</span>'

    if lent and context.get("body"):
        context["body"] = COMMENT.sub(mark, context["body"])


def _noted(env: BuildEnvironment, kind: str) -> set[str]:
    """What is noted of all pages."""
    return {line for known in env.metadata.values() for line in known.get(kind, "").split("\n")} - {""}


def note(env: BuildEnvironment, document: nodes.document, headings: dict[nodes.Element, bool]) -> None:
    """Note the headings of a page, each with whether it stands in, and its terms that do."""
    known = env.metadata[env.current_document.docname]
    terms = {term: True for term in document.findall(_is_lent_name)}
    for kind, wanted in ((LENT, True), (OWN, False)):
        named = (node.astext() for node, is_lent in {**headings, **terms}.items() if is_lent is wanted)
        known[kind] = "\n".join(named)


def _is_lent_name(node: nodes.Node) -> bool:
    """The name of a term, as ``pages.glossary`` marks it."""
    return isinstance(node, nodes.inline) and "polyglot-lent" in node["classes"]


def register(app: Sphinx) -> None:
    """Have Sphinx mark them."""
    app.add_post_transform(MarkHeadings)
