"""What Sphinx-Gallery put below a cell of code, as a notebook's outputs."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from docutils import nodes

from sphinx_polyglot.gallery.upstream import IMAGE_NODE, WRAPPING
from sphinx_polyglot.notebooks.context import Context, refuse
from sphinx_polyglot.pages.captions import Below, Framed
from sphinx_polyglot.pages.drawings import Drawing
from sphinx_polyglot.pages.svg import alone
from sphinx_polyglot.pages.things import for_notebook

#: Jupyter's server stops a cell that prints more than this many bytes in a second.
LIMIT = 1_000_000


def outputs(node: nodes.Node, context: Context) -> Iterator[dict]:
    """The outputs that one node shows: text, a figure, several figures, or an object's HTML."""
    if isinstance(node, nodes.literal_block):
        yield {"output_type": "stream", "name": "stdout", "text": node.astext().rstrip("\n") + "\n"}
    elif node.tagname == IMAGE_NODE:
        yield _figure(context.srcdir / node["uri"].lstrip("/"), node.get("alt", ""))
    elif isinstance(node, Drawing):
        yield _drawing(context.say(Path(node["path"]).read_text("utf-8")), node.get("alt", ""))
    elif isinstance(node, nodes.raw):
        found = WRAPPING.fullmatch(node.astext())
        shown = for_notebook(dedent(found[1] if found else node.astext()), node.get("alt", ""))
        plain = " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", shown, flags=re.DOTALL).split())
        yield _display({"text/html": shown, "text/plain": plain})
    elif isinstance(node, nodes.bullet_list | nodes.list_item | Framed):
        for child in (child for child in node if not isinstance(child, Below)):  # it is prose
            yield from outputs(child, context)
    elif not isinstance(node, nodes.Invisible):
        refuse(node, f"<{node.tagname}> below code")


def printed(shown: list[dict]) -> str:
    """All that a cell printed."""
    return "".join(output.get("text", "") for output in shown)


def _figure(path: Path, alt: str) -> dict:
    png = base64.b64encode(path.read_bytes()).decode() + "\n"
    return _display({"image/png": png, "text/plain": f"<Figure: {alt}>"})


def _drawing(svg: str, alt: str) -> dict:
    """As an image in HTML: JupyterLab shows a drawing as such only to those who trust the notebook."""
    data = base64.b64encode(alone(svg).encode()).decode()
    shown = f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'
    return _display({"text/html": shown, "text/plain": f"<Figure: {alt}>"})


def _display(data: dict) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": data}
