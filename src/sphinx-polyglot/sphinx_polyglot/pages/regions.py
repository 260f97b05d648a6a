"""Regions of a cell's code, folded on the page to the words that say what they do."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.gallery.upstream import OUTPUT
from sphinx_polyglot.pages.folding import Fold, Summary
from sphinx_polyglot.pages.held import Held
from sphinx_polyglot.source.regions import RegionError, parts

#: Tells, on a node, that it shows a part of the cell's own code.
OF_CELL = "polyglot_code"


class FoldRegions(SphinxTransform):
    """Cuts a cell's code where a region begins or ends, and folds the regions."""

    default_priority = 203  # before names and captions look at what follows a cell

    def apply(self, **kwargs) -> None:
        """Only in lessons: elsewhere, code that is quoted may have such lines."""
        if self.env.current_document.docname not in self.env.polyglot.lessons:
            return
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") == "Python" and OUTPUT not in block["classes"] and "# region" in block.astext():
                self._fold(block)

    def _fold(self, block: nodes.literal_block) -> None:
        try:
            cut = parts(block.astext())
        except RegionError:  # in code that stands in the prose; that of a cell was checked before it ran
            return
        after = block.next_node(Held, descend=False, siblings=True)
        shown: list[nodes.Node] = []
        for part in cut:
            text = part.code.strip("\n")
            code = nodes.literal_block(text, text, **_attributes(block))
            held = [after.deepcopy()] if after is not None else []
            whole = Fold("", Summary("", part.words), code, *held) if part.words else code
            whole[OF_CELL] = True
            shown += [whole] if part.words else [whole, *held]
        if after is not None:
            after.parent.remove(after)
        block.replace_self(shown)


def _attributes(block: nodes.literal_block) -> dict[str, object]:
    """What is said of the whole block holds for its parts; a number of lines does not."""
    kept = ("language", "force", "xml:space", "classes")
    return {name: block[name] for name in kept if name in block}


def register(app: Sphinx) -> None:
    """Have Sphinx fold them."""
    app.add_transform(FoldRegions)
