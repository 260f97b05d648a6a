"""Blocks of prose as Markdown; each paragraph on one line, so that lines of Chinese have no gap."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import singledispatch

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from sphinx_polyglot.mathematics.formula import aligned
from sphinx_polyglot.notebooks.context import ALIASES, Context, refuse
from sphinx_polyglot.notebooks.inline import formula, inline
from sphinx_polyglot.notebooks.markdown import bold, code_span, counted, escape, fenced, itemized, quoted
from sphinx_polyglot.notebooks.tables import table
from sphinx_polyglot.pages.folding import Fold
from sphinx_polyglot.pages.note import Note

#: What a line of text may not begin with, lest it becomes a list, a heading, a quotation or a line.
OPENING = re.compile(r"(?=[-+>#=])|\d+(?=[.)](?:\s|$))")
#: Nothing of these is to be read.
UNSEEN = (nodes.Invisible, nodes.colspec, addnodes.tabular_col_spec, addnodes.toctree, nodes.meta)
#: Only what is in these is to be read.
TRANSPARENT = (
    nodes.container,
    nodes.compound,
    nodes.section,
    nodes.legend,
    addnodes.only,
    addnodes.hlist,
    addnodes.hlistcol,
    addnodes.versionmodified,
)


def blocks(children: Iterable[nodes.Node], context: Context) -> str:
    """The Markdown of blocks that follow one another."""
    return "\n\n".join(text for text in (block(child, context) for child in children) if text)


@singledispatch
def block(node: nodes.Node, context: Context) -> str:
    """The Markdown of one block, empty where nothing is to be read."""
    if isinstance(node, UNSEEN):
        return ""
    if isinstance(node, TRANSPARENT):
        return blocks(node.children, context)
    if node.tagname in ALIASES:
        return block.dispatch(ALIASES[node.tagname])(node, context)
    if isinstance(node, nodes.Admonition):
        return _admonition(node, context)
    return refuse(node, f"<{node.tagname}>; write it in another way")


@block.register(Note)
def _(node, context):
    return f"*{escape(node['words'])}*"


@block.register(nodes.paragraph)
def _(node, context):
    text = inline(node, context).strip()
    return OPENING.sub(r"\g<0>\\", text, count=1) if OPENING.match(text) else text


@block.register(nodes.attribution)
def _(node, context):
    return f"— {inline(node, context)}"


@block.register(nodes.title)
@block.register(nodes.caption)
@block.register(nodes.rubric)
@block.register(addnodes.centered)
def _(node, context):
    text = inline(node, context)
    return bold(text) if text else ""


@block.register(nodes.math_block)
def _(node, context):
    tex = node.astext()
    tex = formula(tex if node.get("no-wrap", node.get("nowrap")) else aligned(tex), context)
    number = rf" \tag{{{node['number']}}}" if node.get("number") else ""
    return f"$${tex}{number}$$"


@block.register(nodes.literal_block)
@block.register(nodes.doctest_block)
def _(node, context):
    language = node.get("language") or node.get("lang") or ("pycon" if isinstance(node, nodes.doctest_block) else "")
    return fenced(node.astext(), "" if language in ("default", "none") else language.lower())


@block.register(nodes.bullet_list)
def _(node, context):
    return itemized(("-" for _ in node), (_item(item, context) for item in node))


@block.register(nodes.enumerated_list)
def _(node, context):
    first, kind = node.get("start", 1), node.get("enumtype", "arabic")
    items = list(enumerate((_item(item, context) for item in node), first))
    if kind == "arabic":
        return itemized((f"{number}." for number, _ in items), (text for _, text in items))
    return itemized(("-" for _ in items), (f"{counted(kind, number)}. {text}" for number, text in items))


@block.register(nodes.definition_list)
@block.register(nodes.field_list)
@block.register(nodes.option_list)
def _(node, context):
    return itemized(("-" for _ in node), (_described(item, context) for item in node))


@block.register(nodes.block_quote)
def _(node, context):
    return quoted(blocks(node.children, context))


@block.register(nodes.topic)
@block.register(nodes.sidebar)
def _admonition(node, context):
    if "contents" in node.get("classes", ()):
        return ""
    titled = [child for child in node if isinstance(child, nodes.title)]
    title = inline(titled[0], context) if titled else str(admonitionlabels.get(node.tagname, node.tagname))
    text = blocks((child for child in node if not isinstance(child, nodes.title)), context)
    return quoted(f"{bold(title)}\n\n{text}")


@block.register(Fold)
def _(node, context):
    summary, *rest = node.children
    return f"<details><summary>{html.escape(summary.astext())}</summary>\n\n{blocks(rest, context)}\n\n</details>"


@block.register(nodes.line_block)
def _(node, context):
    return "<br>".join(_lines(node, context, ""))


@block.register(nodes.figure)
def _(node, context):
    return blocks(node.children, context)


@block.register(nodes.image)
@block.register(nodes.reference)
def _(node, context):
    paragraph = nodes.paragraph()
    paragraph.children = [node]  # as it is: the page still needs its parent
    return inline(paragraph, context)


@block.register(nodes.footnote)
@block.register(nodes.citation)
def _(node, context):
    label, *rest = node.children
    return rf"\[{escape(label.astext())}\] " + blocks(rest, context)


@block.register(nodes.table)
def _(node, context):
    title = "".join(block(child, context) for child in node if isinstance(child, nodes.title))
    return f"{title}\n\n{table(node, context)}".strip()


@block.register(nodes.transition)
def _(node, context):
    return "---"


@block.register(nodes.raw)
def _(node, context):
    return re.sub(r"\n\s*\n", "\n", node.astext().strip()) if "html" in node.get("format", "").split() else ""


def _item(item: nodes.Element, context: Context) -> str:
    """One item; a list below its first paragraph follows without an empty line."""
    first, *rest = item.children or [nodes.paragraph()]
    gap = "\n" if all(isinstance(node, nodes.bullet_list | nodes.enumerated_list) for node in rest) else "\n\n"
    return f"{block(first, context)}{gap}{blocks(rest, context)}".strip() or "&nbsp;"


def _described(item: nodes.Element, context: Context) -> str:
    """A term, a field's name or an option, in bold, and what it is."""
    *heads, body = item.children
    names = [
        code_span(head.astext()) if isinstance(head, nodes.option_group) else inline(head, context) for head in heads
    ]
    gap = "<br>" if body.children and isinstance(body[0], nodes.paragraph) else "\n\n"
    return gap.join([bold("<br>".join(names)), blocks(body.children, context)])


def _lines(node: nodes.line_block, context: Context, indent: str) -> Iterator[str]:
    """The lines of a poem or an address, indented as they were."""
    for line in node:
        if isinstance(line, nodes.line_block):
            yield from _lines(line, context, f"{indent}&emsp;")
        else:
            yield indent + (inline(line, context) or "&nbsp;")
