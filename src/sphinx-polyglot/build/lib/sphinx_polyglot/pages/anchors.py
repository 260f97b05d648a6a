"""Equal anchors in every language."""

from __future__ import annotations

from docutils import nodes
from sphinx.transforms import SphinxTransform


class LabelAnchors(SphinxTransform):
    """A heading's anchor is its label, a page's its name: docutils would call both ``id1`` in Chinese."""

    default_priority = 270  # labels have just been handed to their headings

    def apply(self, **kwargs) -> None:
        """Put the explicit identifier first: contents and links take that one."""
        if not self.env.polyglot.languages:
            return
        explicit = {self.document.nameids.get(name) for name, given in self.document.nametypes.items() if given}
        for section in self.document.findall(nodes.section):
            section["ids"].sort(key=lambda identifier: identifier not in explicit)
            if section.parent is self.document and section["ids"][0] not in explicit:
                section["ids"].insert(0, nodes.make_id(self.env.current_document.docname))
            # a title may give the same identifier once more, as "Glossary" on the page ``glossary``
            section["ids"] = list(dict.fromkeys(section["ids"]))
