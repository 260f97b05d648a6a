"""Markdown as MyST has it, written as reStructuredText, line for line: pages, checks and notebooks read nothing else.

The parser is the one of MyST. It knows the line of each block, so that whatever is wrong is told there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from docutils.utils import column_width
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.directive import CELLS, DIRECTIVE, NAMED, VERBATIM, options_of
from sphinx_polyglot.source.inline import inline
from sphinx_polyglot.source.marks import Line

#: The underlines of headings, from the title down.
UNDERLINES = "=-~^\"'"
#: The begin of a paragraph that reStructuredText would take for a list, a field, a directive or the like.
BLOCK = re.compile(
    r"(?:[-+*•‣⁃|]|\.\.|__|>>>|\(?(?:[A-Za-z]|[ivxlcdmIVXLCDM]+|\d+|#)[.)])(?:\s|$)"
    r"|:(?![: ])(?:[^:\\]|\\.|:(?!(?:[ `]|$)))*(?<! ):(?: |$)|--?\w|/[A-Z]\b"
)
#: A line that would be an underline.
ADORNMENT = re.compile(r"([!-/:-@[-`{-~])\1*")

PARSER = MarkdownIt("commonmark").enable("table").disable("text_join")  # which hides what a backslash stands before
for plugin in (colon_fence_plugin, dollarmath_plugin, myst_block_plugin, myst_role_plugin):
    PARSER.use(plugin)


def restructured(lines: Sequence[Line], path: Path | str, found: list[SourceError]) -> list[Line]:
    """The same prose as reStructuredText, each line with its author's; what cannot be written goes on to ``found``.

    >>> for line in restructured([("# 张量", 3), ("", 4), ("An `x`:", 5), ("- $a^2$", 6)], "a.md", []):
    ...     print(line)
    ('张量', 3)
    ('====', 3)
    ('', 3)
    ('An ``x``:', 5)
    ('', 5)
    ('- :math:`a^2`', 6)
    """
    tree = Node(PARSER.parse("\n".join(text for text, _ in lines)))
    return _Writer(path, [number for _, number in lines], found).blocks(tree.children)


class _Writer:
    """What is written of one text; ``numbers`` are the author's of its lines."""

    def __init__(self, path: Path | str, numbers: list[int], found: list[SourceError]):
        self.path, self.numbers, self.found = path, numbers, found

    def blocks(self, nodes: Sequence[Node]) -> list[Line]:
        """Blocks with an empty line between them; an empty comment keeps a quotation out of a list or a directive."""
        written: list[Line] = []
        above = ""
        for node in nodes:
            write = getattr(self, f"_{node.type}", None)
            block = write(node) if write else self._cannot(node)
            if block and written:
                apart = node.type == "blockquote" and above not in ("paragraph", "heading")
                last = written[-1][1]
                written += [("", last), *[("..", last), ("", last)] * apart]
            if block:
                written, above = written + block, node.type
        return written

    def _cannot(self, node: Node) -> list[Line]:
        return self._tell(node, f'"{node.type}" of Markdown has no counterpart here; write it otherwise')

    def _tell(self, node: Node, message: str) -> list[Line]:
        self.found.append(SourceError(self.path, self._number(node), message))
        return []

    def _number(self, node: Node, line: int = 0) -> int:
        begin, end = node.map
        return self.numbers[min(begin + line, end - 1, len(self.numbers) - 1)]

    def _inline(self, node: Node) -> str:
        """The text in a block."""
        children = node.children[0].children if node.children else []
        return inline(children, lambda message: self._tell(node, message))

    def _heading(self, node: Node) -> list[Line]:
        if node.parent.type != "root":
            return self._tell(node, "a heading stands within a list or a quotation; move it out of that")
        text, number = self._inline(node).replace("\n", " "), self._number(node)
        return [(text, number), (UNDERLINES[int(node.tag[1]) - 1] * column_width(text), number)]

    def _paragraph(self, node: Node) -> list[Line]:
        children = node.children[0].children
        if len(children) == 1 and children[0].type == "image":
            return self._image(node, children[0])
        texts = [text.strip() for text in self._inline(node).split("\n")]
        texts[0] = f"\\{texts[0]}" if BLOCK.match(texts[0]) else texts[0]
        texts = [f"\\ {text}" if ADORNMENT.fullmatch(text) else text for text in texts]
        texts[-1] = re.sub("::$", r":\\:", texts[-1])
        breaks = [part.type for part in node.walk() if part.type in ("softbreak", "hardbreak")]
        if "hardbreak" in breaks:  # lines that stay
            signs = ["| ", *("| " if kind == "hardbreak" else "  " for kind in breaks)]
            texts = [f"{sign}{text}" for sign, text in zip(signs, texts, strict=False)]
        return [(text, self._number(node, line)) for line, text in enumerate(texts) if text]

    def _image(self, node: Node, image: Node) -> list[Line]:
        number = self._number(node)
        alternative = " ".join(image.content.split())
        return [(f".. image:: {unquote(str(image.attrs['src']))}", number), (f"   :alt: {alternative}", number)]

    def _bullet_list(self, node: Node) -> list[Line]:
        return self._list(node, [node.children[0].markup] * len(node.children))

    def _ordered_list(self, node: Node) -> list[Line]:
        first = int(node.attrs.get("start", 1))
        return self._list(node, [f"{first + index}{item.markup}" for index, item in enumerate(node.children)])

    def _list(self, node: Node, signs: list[str]) -> list[Line]:
        written: list[Line] = []
        is_tight = all(len(item.children) < 2 for item in node.children) and not any(
            child.type == "paragraph" and not child.hidden for item in node.children for child in item.children
        )
        for sign, item in zip(signs, node.children, strict=True):
            if written and not is_tight:
                written.append(("", written[-1][1]))
            text = self.blocks(item.children) or [("", self._number(item))]
            indented = _indented(text, len(sign) + 1)
            written += [(f"{sign} {text[0][0]}".rstrip(), text[0][1]), *indented[1:]]
        return written

    def _blockquote(self, node: Node) -> list[Line]:
        return _indented(self.blocks(node.children), 3)

    def _table(self, node: Node) -> list[Line]:
        number = self._number(node)
        written = [(".. list-table::", number), ("   :header-rows: 1", number), ("", number)]
        for row in (row for part in node.children for row in part.children):
            for index, cell in enumerate(row.children):
                sign = "     -" if index else "   * -"
                cell_text = inline(cell.children[0].children, lambda message, row=row: self._tell(row, message))
                written.append((f"{sign} {cell_text}".rstrip(), self._number(row)))
        return written

    def _fence(self, node: Node) -> list[Line]:
        """A directive, or code."""
        texts = node.content.removesuffix("\n").split("\n")  # no line ends where a fence does not end
        lines = [(text, self._number(node, line)) for line, text in enumerate(texts, 1)]
        if directive := DIRECTIVE.fullmatch(node.info.strip()):
            if directive[1] in CELLS:
                message = "a cell begins within prose, where a fence above it is still open; end that"
                return self._tell(node, f'{message}, and begin it with "~~~" if its first line has a backquote')
            return self._directive(self._number(node), *directive.groups(), lines)
        if not any(text.strip() for text, _ in lines):
            return []
        language = (node.info.split() or ["text"])[0]
        return [(f".. code-block:: {language}", self._number(node)), ("", self._number(node)), *_indented(lines, 3)]

    _colon_fence = _fence

    def _code_block(self, node: Node) -> list[Line]:
        lines = [(text, self._number(node, line)) for line, text in enumerate(node.content.rstrip("\n").split("\n"))]
        return [(".. code-block:: text", self._number(node)), ("", self._number(node)), *_indented(lines, 3)]

    def _directive(self, number: int, name: str, argument: str, lines: list[Line]) -> list[Line]:
        if name == "eval-rst":
            return lines
        options, body = options_of(lines)
        if name not in VERBATIM:
            body = restructured(body, self.path, self.found)
        if name not in NAMED:
            (line,) = Node(PARSER.parseInline(argument)).children
            argument = inline(line.children, lambda message: self.found.append(SourceError(self.path, number, message)))
        head = [(f".. {name}:: {argument}".rstrip(), number), *_indented(options, 3)]
        return [*head, *([("", head[-1][1]), *_indented(body, 3)] if body else [])]

    def _math_block(self, node: Node) -> list[Line]:
        texts = node.content.split("\n")
        filled = [(text, self._number(node, line)) for line, text in enumerate(texts) if text.strip()]
        label = [(f"   :label: {node.info}", self._number(node))] if node.info else []
        return [(".. math::", self._number(node)), *label, ("", self._number(node)), *_indented(filled, 3)]

    _math_block_label = _math_block

    def _myst_target(self, node: Node) -> list[Line]:
        return [(f".. _{node.content}:", self._number(node))]

    def _hr(self, node: Node) -> list[Line]:
        return [("----", self._number(node))]

    def _html_block(self, node: Node) -> list[Line]:
        is_comment = re.fullmatch(r"<!--.*-->", node.content.strip(), re.DOTALL)
        return [] if is_comment else self._tell(node, "HTML stands here; write it in Markdown")

    def _myst_line_comment(self, node: Node) -> list[Line]:
        return []

    _myst_block_break = _myst_line_comment


def _indented(lines: Sequence[Line], by: int) -> list[Line]:
    return [(f"{' ' * by}{text}" if text.strip() else "", number) for text, number in lines]
