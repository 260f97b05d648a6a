"""Tables as GitHub's Markdown has them: one line a row, so what is in a cell stands on one line, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import singledispatch

from docutils import nodes

from sphinx_polyglot.notebooks.context import ALIASES, Context, refuse
from sphinx_polyglot.notebooks.inline import formula, inline
from sphinx_polyglot.notebooks.markdown import entities


def table(node: nodes.table, context: Context) -> str:
    """The rows; the first one of the heading, or an empty one, heads them, as Markdown wants it."""
    context = replace(context, in_table=True)
    group = next(node.findall(nodes.tgroup))
    heads = [row for head in group.findall(nodes.thead) for row in head]
    bodies = [row for body in group.findall(nodes.tbody) for row in body]
    rows = list(_grid([*heads, *bodies], len(list(group.findall(nodes.colspec))), context))
    width = max(map(len, rows), default=0)
    first, *others = rows if heads else [[""] * width, *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (first, ["---"] * width, *others))


def _grid(rows: list[nodes.row], width: int, context: Context) -> Iterator[list[str]]:
    """The cells of each row; where one spans several columns or rows, the others are empty."""
    covered = [0] * width
    for row in rows:
        cells = [""] * width
        entries = iter(row)
        for column in range(width):
            if covered[column]:
                covered[column] -= 1
                continue
            entry = next(entries, None)
            if entry is None:
                continue
            cells[column] = _cell(entry, context)
            last = column + entry.get("morecols", 0)
            covered[column] = entry.get("morerows", 0)
            for beside in range(column + 1, last + 1):
                covered[beside] = entry.get("morerows", 0) + 1
        yield cells


def _cell(entry: nodes.entry, context: Context) -> str:
    """One cell; a bar would end it."""
    if len(entry) == 1 and isinstance(entry[0], nodes.paragraph):
        text = inline(entry[0], context)
    else:
        text = "".join(_in_cell(child, context) for child in entry)
    return text.replace("|", "&#124;").strip()


@singledispatch
def _in_cell(node: nodes.Node, context: Context) -> str:
    if isinstance(node, nodes.Invisible):
        return ""
    if isinstance(node, nodes.container | nodes.compound | nodes.figure | nodes.caption):
        return "".join(_in_cell(child, context) for child in node)
    if node.tagname in ALIASES:
        return _in_cell.dispatch(ALIASES[node.tagname])(node, context)
    return refuse(node, f"<{node.tagname}> in a table; put it outside of the table")


@_in_cell.register(nodes.paragraph)
def _(node, context):
    return f"<p>{inline(node, context)}</p>"


@_in_cell.register(nodes.bullet_list)
@_in_cell.register(nodes.enumerated_list)
def _(node, context):
    kind = "ul" if isinstance(node, nodes.bullet_list) else "ol"
    start = f' start="{node["start"]}"' if "start" in node else ""
    items = ("".join(_in_item(child, context) for child in item) for item in node)
    return f"<{kind}{start}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"


@_in_cell.register(nodes.line_block)
def _(node, context):
    return "<br>".join(inline(line, context) for line in node.findall(nodes.line))


@_in_cell.register(nodes.literal_block)
@_in_cell.register(nodes.doctest_block)
def _(node, context):
    return f"<pre>{entities(node.astext())}</pre>"


@_in_cell.register(nodes.math_block)
def _(node, context):
    return f"<p>${formula(node.astext(), context)}$</p>"


@_in_cell.register(nodes.image)
@_in_cell.register(nodes.reference)
def _(node, context):
    paragraph = nodes.paragraph()
    paragraph.children = [node]
    return inline(paragraph, context)


def _in_item(node: nodes.Node, context: Context) -> str:
    return inline(node, context) if isinstance(node, nodes.paragraph) else _in_cell(node, context)
