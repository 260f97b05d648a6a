"""What stands in a line of text, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import singledispatch

from docutils import nodes
from sphinx import addnodes

from sphinx_polyglot.notebooks.context import Context, refuse
from sphinx_polyglot.notebooks.markdown import Emphasis, code_span, escape
from sphinx_polyglot.pages.note import Note

#: Wrappers that show no more than what is in them.
TRANSPARENT = (nodes.inline, nodes.generated, nodes.abbreviation, nodes.acronym, nodes.target, nodes.problematic)


def inline(node: nodes.Element, context: Context) -> str:
    """The Markdown of all that is in ``node``, a paragraph or a title."""
    pieces = [piece for piece in (_inline(leaf, context) for leaf in _leaves(node)) if piece]
    written = ""
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=False):
        if isinstance(piece, Emphasis):
            after = following.mark if isinstance(following, Emphasis) else following
            piece = piece.between(written[-1:], after[:1])
        written += piece
    return written


def formula(tex: str, context: Context) -> str:
    r"""TeX on one line; in a table, no bar may end the cell.

    >>> formula("a\n | b", Context(None, None, in_table=True))
    'a \\vert b'
    """
    tex = " ".join(re.sub(r"(?<!\\)%.*", "", tex).split())
    if context.in_table:
        tex = re.sub(r"\\?\|\s*", lambda bar: r"\Vert " if bar[0][0] == "\\" else r"\vert ", tex)
    return tex


@singledispatch
def _inline(node: nodes.Node, context: Context) -> str | Emphasis:
    if isinstance(node, nodes.Invisible):
        return ""
    return refuse(node, f"<{node.tagname}> in a line of text; write it in another way")


@_inline.register(nodes.Text)
def _(node, context):
    return escape(node.astext())


@_inline.register(Note)
def _(node, context):
    return f"({escape(node['words'])}) "


@_inline.register(nodes.strong)
def _(node, context):
    return Emphasis("**", "strong", inline(node, context))


@_inline.register(nodes.emphasis)
@_inline.register(nodes.title_reference)
def _(node, context):
    return Emphasis("*", "em", inline(node, context))


@_inline.register(nodes.literal)
@_inline.register(addnodes.literal_strong)
@_inline.register(addnodes.literal_emphasis)
def _(node, context):
    return code_span(node.astext(), context.in_table)


@_inline.register(nodes.math)
def _(node, context):
    return f"${formula(node.astext(), context)}$"


@_inline.register(nodes.superscript)
@_inline.register(nodes.subscript)
def _(node, context):
    tag = node.tagname[:3]
    return f"<{tag}>{inline(node, context)}</{tag}>"


@_inline.register(nodes.footnote_reference)
@_inline.register(nodes.citation_reference)
def _(node, context):
    return rf"<sup>\[{escape(node.astext())}\]</sup>"


@_inline.register(nodes.reference)
@_inline.register(addnodes.download_reference)
def _(node, context):
    text, address = inline(node, context), context.links.address(node)
    return f"[{text}]({address})" if address and text else text


@_inline.register(nodes.image)
def _(node, context):
    return f"![{escape(node.get('alt', ''))}]({context.image(node)})"


@_inline.register(nodes.raw)
def _(node, context):
    return node.astext() if "html" in node.get("format", "").split() else ""


def _leaves(node: nodes.Element) -> Iterator[nodes.Node]:
    for child in node.children:
        if isinstance(child, TRANSPARENT):
            yield from _leaves(child)
        else:
            yield child
