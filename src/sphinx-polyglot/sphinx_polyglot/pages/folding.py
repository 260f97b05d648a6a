"""What a page folds, in ``<details>``, which need no script: parts for later, hints, answers.

.. deeper::              right below a heading: the whole part, code and all, opens when the reader wants it;
                         words of its own may follow, as in ".. deeper:: The solution"

.. folded:: A hint       what is indented below opens at these words
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.words import _

logger = logging.getLogger(__name__)

#: The class of a part that is folded.
DEEPER = "polyglot-deeper"
#: How many minutes such a part takes, on its section; ``pages.minutes`` counts them.
PART = "polyglot_minutes"
#: The class of words that mean nothing on paper.
UNPRINTED = "polyglot-unprinted"
#: At which words it opens, on its section; empty where its author gave none.
WORDS = "polyglot_words"


class Mark(nodes.Invisible, nodes.Element):
    """Where ``.. deeper::`` stood."""


class Fold(nodes.General, nodes.Element):
    """What is folded: a ``Summary``, and the rest."""


class Summary(nodes.TextElement):
    """The words at which a fold opens."""


class DeeperDirective(SphinxDirective):
    """``.. deeper::``, or ``.. deeper:: words``."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Leave a mark; what is around it is known once the page is read."""
        mark = Mark(words=" ".join(" ".join(self.arguments).split()))
        self.set_source_info(mark)
        return [mark]


class FoldedDirective(SphinxDirective):
    """``.. folded:: words``."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """A fold, its words read as prose."""
        self.assert_has_content()
        words, messages = self.parse_inline(self.arguments[0])
        summary = Summary("", "", *words)
        self.set_source_info(summary)
        return [Fold("", summary, *self.parse_content_to_nodes()), *messages]


class DeeperParts(SphinxTransform):
    """Have sections know that they are folded."""

    default_priority = 810  # references and labels stand in their places by now

    def apply(self, **kwargs) -> None:
        """Put a mark's word to its section, or tell why that cannot be."""
        for mark in list(self.document.findall(Mark)):
            section = mark.parent
            if fault := _fault(mark):
                logger.warning("%s", fault, location=mark, type="polyglot", subtype="deeper")
            else:
                section["classes"].append(DEEPER)
                section[WORDS] = mark["words"]
            section.remove(mark)


def _fault(mark: Mark) -> str:
    section = mark.parent
    if not isinstance(section, nodes.section) or isinstance(section.parent, nodes.document):
        return '".. deeper::" stands in no part of the page; put it right below a heading, not the first'
    before = section.children[: section.index(mark)]
    if any(not isinstance(node, nodes.title | nodes.Invisible | nodes.target) for node in before):
        return '".. deeper::" stands below other text; put it right below the heading'
    above = section.parent
    while above is not None:
        if DEEPER in above.get("classes", ()):
            return '".. deeper::" stands inside a deeper part, which is folded already; remove one of the two'
        above = above.parent
    return ""


class FoldParts(SphinxPostTransform):
    """Fold the deeper parts, where the page can."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Put all but the heading into a fold."""
        for section in self.document.findall(lambda node: DEEPER in getattr(node, "attributes", {}).get("classes", ())):
            title = next(index for index, node in enumerate(section) if isinstance(node, nodes.title))
            rest = section.children[title + 1 :]
            del section[title + 1 :]
            section += Fold("", _summary(section), *rest)


def _summary(section: nodes.section) -> Summary:
    if section[WORDS]:
        return Summary("", section[WORDS], classes=_language(section[0]))
    words = str(_("Deeper, {minutes} min")).format(minutes=section[PART])
    return Summary("", words, nodes.inline("", str(_(": open to read")), classes=[UNPRINTED]))


def _language(heading: nodes.Element) -> list[str]:
    """What the words of a part take from its heading, where that stands in from another language."""
    return [name for name in heading["classes"] if name.startswith("language-")]


def _visit_fold(translator, node: Fold) -> None:
    translator.body.append('<details class="polyglot-fold">')


def _depart_fold(translator, node: Fold) -> None:
    translator.body.append("</details>\n")


def _visit_summary(translator, node: Summary) -> None:
    translator.body.append(translator.starttag(node, "summary", ""))


def _depart_summary(translator, node: Summary) -> None:
    translator.body.append("</summary>\n")


def _ignore(translator, node: nodes.Node) -> None:
    """Other builders show what is in it."""


def register(app: Sphinx) -> None:
    """Have Sphinx know folds."""
    others = {builder: (_ignore, _ignore) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(Fold, html=(_visit_fold, _depart_fold), **others)
    app.add_node(Summary, html=(_visit_summary, _depart_summary), **others)
    app.add_directive("deeper", DeeperDirective)
    app.add_directive("folded", FoldedDirective)
    app.add_transform(DeeperParts)
    app.add_post_transform(FoldParts)
