"""What Sphinx-Gallery put below a cell of code, as a notebook's outputs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from docutils import nodes

from sphinx_polyglot.gallery.upstream import IMAGE_NODE, WRAPPING
from sphinx_polyglot.notebooks.context import refuse

#: Jupyter's server stops a cell that prints more than this many bytes in a second.
LIMIT = 1_000_000


def outputs(node: nodes.Node, srcdir: Path) -> Iterator[dict]:
    """The outputs that one node shows: text, a figure, several figures, or an object's HTML."""
    if isinstance(node, nodes.literal_block):
        yield {"output_type": "stream", "name": "stdout", "text": node.astext().rstrip("\n") + "\n"}
    elif node.tagname == IMAGE_NODE:
        yield _figure(srcdir / node["uri"].lstrip("/"), node.get("alt", ""))
    elif isinstance(node, nodes.raw):
        found = WRAPPING.fullmatch(node.astext())
        html = dedent(found[1] if found else node.astext())
        plain = " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL).split())
        yield _display({"text/html": html, "text/plain": plain})
    elif isinstance(node, nodes.bullet_list | nodes.list_item):
        for child in node:
            yield from outputs(child, srcdir)
    elif not isinstance(node, nodes.Invisible):
        refuse(node, f"<{node.tagname}> below code")


def printed(shown: list[dict]) -> str:
    """All that a cell printed."""
    return "".join(output.get("text", "") for output in shown)


def _figure(path: Path, alt: str) -> dict:
    png = base64.b64encode(path.read_bytes()).decode() + "\n"
    return _display({"image/png": png, "text/plain": f"<Figure: {alt}>"})


def _display(data: dict) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": data}
