"""What the text of one lesson needs to know of its surroundings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from sphinx_polyglot.gallery.upstream import CODE_NODE, IMAGE_NODE
from sphinx_polyglot.notebooks.links import Links

#: What Sphinx-Gallery makes of code and of images, by the name of the node.
ALIASES = {CODE_NODE: nodes.literal_block, IMAGE_NODE: nodes.image}

logger = logging.getLogger(__name__)


@dataclass
class Context:
    """Where links lead, where images lie, how figures are put into the language, and the images that the cell being
    written shows.
    """

    links: Links
    srcdir: Path
    say: Callable[[str], str] = str
    images: dict[str, Path] = field(default_factory=dict)
    in_table: bool = False

    def image(self, node: nodes.Element) -> str:
        """The address of an image within its cell, or elsewhere if it lies there.

        >>> context = Context(Links("a.html"), Path("docs"))
        >>> [context.image(nodes.image(uri=f"{folder}/one two.png")) for folder in "ab"]
        ['attachment:one-two.png', 'attachment:2-one-two.png']
        """
        uri = next(iter(node.get("candidates", {}).values()), node["uri"])  # the page has put its own into ``uri``
        if "://" in uri:
            return uri
        path = self.srcdir / uri.lstrip("/")
        name = plain = re.sub(r"[^A-Za-z0-9._]+", "-", path.name)  # also where blanks and 汉字 are not welcome
        count = 1
        while self.images.setdefault(name, path) != path:
            count += 1
            name = f"{count}-{plain}"
        return f"attachment:{name}"

    def take_images(self) -> dict[str, Path]:
        """The images since this was last asked, by name."""
        taken, self.images = self.images, {}
        return taken


def refuse(node: nodes.Node, reason: str) -> str:
    """Warn once, at the line that its author wrote, of what a notebook cannot show."""
    if not getattr(node, "polyglot_refused", False):
        message = "a notebook cannot show this: %s"
        logger.warning(message, reason, location=node, type="polyglot", subtype="notebook")
        node.polyglot_refused = True  # a page is written down twice
    return ""
