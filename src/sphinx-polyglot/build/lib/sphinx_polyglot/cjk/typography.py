"""Lines of Chinese join without a gap, also across inline markup.

An author breaks a long Chinese line where it suits; a browser would draw a space there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxSmartQuotes, SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

#: Han characters, as ranges for a regular expression: radicals, 々〇, the ideographs and their extensions.
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
#: Kana touch their neighbours like Han characters.
_LETTER = HAN + "\u3040-\u30ff\u31f0-\u31ff"
#: Full-width marks carry their own space, whatever stands beside them.
_MARK = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
#: Quotation marks, dashes and dots that Chinese and English share; their neighbours decide.
_SHARED = "\u2018\u2019\u201c\u201d\u2014\u2026\u00b7"

_BREAK = r"[ \t]*\n[ \t]*"
_JOIN = re.compile(
    rf"(?<=[{_MARK}]){_BREAK}(?=\S)"
    rf"|(?<=\S){_BREAK}(?=[{_MARK}])"
    rf"|(?<=[{_LETTER}]){_BREAK}(?=[{_LETTER}{_SHARED}])"
    rf"|(?<=[{_SHARED}]){_BREAK}(?=[{_SHARED}]*[{_LETTER}])"
    rf"|(?<=[{_LETTER}{_MARK}][{_SHARED}]){_BREAK}(?=[{_SHARED}])"
)

#: An apostrophe that ends a text right after a letter.
_ELISION = re.compile(r"[^\W\d_]'$")

#: What is shown as it was typed; to the text around it, one foreign character.
_OPAQUE = (nodes.literal, nodes.math, nodes.raw, nodes.image, nodes.problematic)
#: What takes no room between two characters.
_UNSEEN = (nodes.Invisible, nodes.footnote_reference, nodes.citation_reference)


def join_cjk_lines(text: str) -> str:
    """Remove each line break that stands between two Chinese characters or marks.

    >>> join_cjk_lines("梯度指向上升\\n最快的方向，\\n见 PyTorch\\n的“文档”\\n。")
    '梯度指向上升最快的方向，见 PyTorch\\n的“文档”。'
    >>> join_cjk_lines("He said “yes”\\n“no” —\\n“maybe”.")
    'He said “yes”\\n“no” —\\n“maybe”.'
    """
    joined = _JOIN.sub("", text)
    return joined if joined == text else join_cjk_lines(joined)  # a joined mark decides for the next


class Apostrophes(SphinxTransform):
    """``l':term:`étiquette```: smart quotes look at no more than one text, and would close a quotation there."""

    default_priority = SphinxSmartQuotes.default_priority - 10

    def apply(self, **kwargs) -> None:
        """Set the apostrophe between a letter and the markup that goes on with the word."""
        if not SphinxSmartQuotes(self.document, None).is_available():
            return
        for text in list(self.document.findall(nodes.Text)):
            after = text.next_node(descend=False, siblings=True)
            goes_on = isinstance(after, nodes.Element) and after.astext()[:1].isalpha()
            if goes_on and _ELISION.search(text) and not isinstance(text.parent, nodes.FixedTextElement):
                text.parent.replace(text, nodes.Text(f"{text[:-1]}\u2019"))


class JoinLines(SphinxTransform):
    """``join_cjk_lines`` for the text that is read: titles, contents, search."""

    default_priority = 880

    def apply(self, **kwargs) -> None:
        """Join the lines of every block of prose."""
        join_document(self.document)


class JoinLinesAtReferences(SphinxPostTransform):
    """Once more, now that a reference shows the title that it leads to."""

    default_priority = 880

    def run(self, **kwargs) -> None:
        """Join the lines of every block of prose."""
        join_document(self.document)


def join_document(document: nodes.document) -> None:
    """Join the lines of Chinese in every block of prose, in place."""
    for block in document.findall(nodes.TextElement):
        if not isinstance(block, (nodes.Inline, nodes.FixedTextElement, nodes.Invisible)):
            _join_block(block)


def _join_block(block: nodes.TextElement) -> None:
    """Look at the block's text as one string, then cut the breaks out of its leaves."""
    leaves = list(_leaves(block))
    text = "".join(shown for _, shown in leaves)
    dropped = {place for match in _JOIN.finditer(text) for place in range(*match.span())}
    start = 0
    for leaf, shown in leaves if dropped else ():
        if isinstance(leaf, nodes.Text) and not dropped.isdisjoint(range(start, start + len(shown))):
            kept = (letter for place, letter in enumerate(shown, start) if place not in dropped)
            siblings = leaf.parent.children
            place = next(index for index, sibling in enumerate(siblings) if sibling is leaf)  # equal texts are ``==``
            leaf.parent[place] = nodes.Text("".join(kept))
        start += len(shown)


def _leaves(node: nodes.Element) -> Iterator[tuple[nodes.Node, str]]:
    """Texts in reading order, each with what it shows."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child, str(child)
        elif isinstance(child, _OPAQUE):
            yield child, "\ufffc"
        elif not isinstance(child, _UNSEEN):
            yield from _leaves(child)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transforms."""
    app.add_transform(Apostrophes)
    app.add_transform(JoinLines)
    app.add_post_transform(JoinLinesAtReferences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
