"""The documentation of the settings, made from their table.

    .. polyglot-settings::

lists each with its default and its meaning, in the language of the page.
"""

from __future__ import annotations

from dataclasses import fields

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective
from sphinx.util.parsing import nested_parse_to_nodes

from sphinx_polyglot.settings import PREFIX, SET_BY_VERBS, Settings
from sphinx_polyglot.words import _


class PolyglotSettings(SphinxDirective):
    """``.. polyglot-settings::``: the list."""

    def run(self) -> list[nodes.Node]:
        """A definition for each row of the table; the verbs set those that are left out."""
        items = []
        for row in fields(Settings):
            if row.name in SET_BY_VERBS:
                continue
            term = nodes.term("", "", nodes.literal("", PREFIX + row.name))
            meaning = nested_parse_to_nodes(
                self.state, StringList([str(_(row.metadata["meaning"]))]), allow_section_headings=False
            )
            if default := row.metadata["default"]:
                for name, value in default.items() if isinstance(default, dict) else [("", default)]:
                    shown = f"{name}: {value}" if name else str(value)
                    meaning += [nodes.paragraph("", f"{_('By default')} ", nodes.literal("", shown))]
            items.append(nodes.definition_list_item("", term, nodes.definition("", *meaning)))
        return [nodes.definition_list("", *items, classes=["polyglot-settings"])]
