"""Cut a lesson's page into the cells of a notebook: prose as Markdown, code with what it showed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes

from sphinx_polyglot.gallery.upstream import ADDED, CODE_NODE, ORIGIN
from sphinx_polyglot.notebooks.blocks import block
from sphinx_polyglot.notebooks.context import Context
from sphinx_polyglot.notebooks.inline import inline
from sphinx_polyglot.notebooks.markdown import escape
from sphinx_polyglot.notebooks.outputs import outputs
from sphinx_polyglot.pages.captions import Below
from sphinx_polyglot.pages.folding import DEEPER, Fold
from sphinx_polyglot.pages.regions import OF_CELL
from sphinx_polyglot.source.regions import parts


@dataclass
class Cell:
    """A cell of Markdown, with the images that it shows, or of code, with its outputs.

    ``name`` is the anchor of the heading that it begins with, ``line`` where code begins in
    the staged script; code that nobody needs to read is ``folded``.
    """

    kind: str
    source: str
    outputs: list[dict] = field(default_factory=list)
    images: dict[str, Path] = field(default_factory=dict)
    name: str = ""
    line: int = 0
    folded: bool = False


def cut(doctree: nodes.document, code: Mapping[int, str], context: Context) -> list[Cell]:
    """The cells of a page; ``code`` holds each block of code by the line where it begins."""
    cutter = _Cutter(code, context)
    cutter.walk(doctree.children, 0)
    cutter.flush()
    return cutter.cells


class _Cutter:
    """Goes through a page from top to bottom, and gathers prose until code or a heading comes."""

    def __init__(self, code: Mapping[int, str], context: Context):
        self.code, self.context = code, context
        self.cells: list[Cell] = []
        self.prose: list[str] = []
        self.name = ""
        self.running: Cell | None = None  # the code whose outputs come next
        self.shown = False  # whether the page has shown that code

    def walk(self, children: Iterable[nodes.Node], level: int) -> None:
        for node in children:
            if isinstance(node, nodes.section):
                self.walk(node.children, level + 1)
            elif isinstance(node, Fold) and DEEPER in node.parent.get("classes", ()):
                self.walk(node.children[1:], level)  # open, its heading says what it is
            elif isinstance(node, nodes.title):
                self.flush()
                self.name = node.parent["ids"][0]
                self.prose.append(f"{'#' * level} {inline(node, self.context)}")
            elif isinstance(node, nodes.comment):
                self._begin(ORIGIN.match(node.astext()))
            elif not ADDED & set(getattr(node, "attributes", {}).get("classes", ())):
                self._take(node)

    def flush(self) -> None:
        """End the cell of prose."""
        text = "\n\n".join(part for part in self.prose if part)
        images = self.context.take_images()
        if text:
            self.cells.append(Cell("markdown", text, images=images, name=self.name))
        self.prose, self.name = [], ""

    def _begin(self, origin: re.Match[str] | None) -> None:
        """A new block, or just a comment."""
        if not origin:
            return
        line = int(origin[1])
        self.running, self.shown = None, False
        if line in self.code:
            for part in parts(self.code[line]):
                if part.words:
                    self.prose.append(f"**{escape(part.words)}**")
                self.flush()
                self.running = Cell("code", part.code.strip("\n"), line=line, folded=bool(part.words))
                self.cells.append(self.running)

    def _take(self, node: nodes.Node) -> None:
        if self.running and (node.get(OF_CELL) or node.tagname == CODE_NODE):
            self.shown = True
        elif self.running is None:
            self.prose.append(block(node, self.context))
        elif self.shown:
            shown = [*self.running.outputs, *outputs(node, self.context)]
            self.prose += [f"*{inline(caption, self.context)}*" for caption in node.findall(Below)]
            # the page has figures first, but what a cell prints, it prints before it shows them
            self.running.outputs = sorted(shown, key=lambda output: output["output_type"] != "stream")
        else:
            self.shown = True
