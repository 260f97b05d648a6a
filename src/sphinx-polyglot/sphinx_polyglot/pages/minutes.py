"""How long a lesson takes to read, counted, and held against the budget that it states.

    .. minutes:: 15

shows the minutes of its core and of its deeper parts. A core that takes longer than that is a fault. Other pages
tell them with ``:minutes:`lessons/30_networks```, and each deeper part where it is folded.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from sphinx_polyglot.gallery.upstream import IMAGE_NODE, OUTPUT
from sphinx_polyglot.languages import tag
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.pages.drawings import Drawing
from sphinx_polyglot.pages.folding import DEEPER, PART, Fold
from sphinx_polyglot.pages.things import is_thing
from sphinx_polyglot.words import _

logger = logging.getLogger(__name__)

#: Seconds that each takes: 200 words or 300 Chinese characters a minute.
SECONDS = {"words": 0.3, "characters": 0.2, "lines of code": 3, "printed lines": 2, "figures": 10}
#: What is noted of a page: that it tells minutes, and its own, of the core and of what is folded.
TELLING, COUNTED = "polyglot-tells-minutes", "polyglot-minutes"
CHARACTER = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


class Budget(nodes.General, nodes.Element):
    """Where ``.. minutes::`` stands."""


class MinutesDirective(SphinxDirective):
    """``.. minutes:: 15``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Leave the place to ``CountMinutes``."""
        if not self.arguments[0].isdecimal() or not int(self.arguments[0]):
            raise self.error(f'"{self.arguments[0]}" is no number of minutes; write one, as in ".. minutes:: 15"')
        node = Budget(minutes=int(self.arguments[0]))
        self.set_source_info(node)
        return [node]


class Minutes(nodes.Inline, nodes.TextElement):
    """Where another page's minutes come, once it is known."""


class MinutesRole(SphinxRole):
    """``:minutes:`lessons/30_networks```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave the place to ``TellMinutes``; that page may not be read yet."""
        node = Minutes(self.rawtext, docname=self.text.strip("/"))
        self.set_source_info(node)
        self.env.metadata[self.env.current_document.docname][TELLING] = "yes"
        return [node], []


class TellMinutes(SphinxPostTransform):
    """Puts the minutes of other pages in."""

    default_priority = 20

    def run(self, **kwargs) -> None:
        """Each was counted when its page was read."""
        for node in list(self.document.findall(Minutes)):
            counts = self.env.metadata.get(node["docname"], {}).get(COUNTED)
            if not counts:
                message = "%r is no page whose minutes are counted; write a lesson, as in :minutes:`lessons/10_first`"
                place = {"location": node, "type": "polyglot", "subtype": "minutes"}
                logger.warning(message, node["docname"], **place)
            core, deeper = map(int, counts.split()) if counts else (0, 0)
            words = _("{core} min, and {deeper} more for what is folded") if deeper else _("{core} min")
            told = str(words).format(core=core, deeper=deeper)
            # what stands in from another language is marked; our words are of the page's own
            own = [f"language-{tag(self.config.language)}"] if gaps.spoken(node) else []
            node.replace_self(nodes.inline("", told, classes=["polyglot-minutes", *own]))


def rewrite_telling(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """``env-updated``: pages that tell minutes, where some have changed."""
    counts = {name: known[COUNTED] for name, known in env.metadata.items() if COUNTED in known}
    before, env.polyglot_minutes = getattr(env, "polyglot_minutes", counts), counts
    return [] if before == counts else [name for name, known in env.metadata.items() if TELLING in known]


class CountMinutes(SphinxTransform):
    """Tells the minutes, and a core that takes too many."""

    default_priority = 820  # deeper parts are known

    def apply(self, **kwargs) -> None:
        """Put the minutes where the budget stands."""
        docname = self.env.current_document.docname
        core, deeper = counted(self.document), Counter()
        for part in self.document.findall(_is_apart):
            if not _is_within(part.parent):
                deeper += counted(part)
            if isinstance(part, nodes.section):
                part[PART] = minutes(counted(part))
        core -= deeper
        self.env.metadata[docname][COUNTED] = f"{minutes(core)} {minutes(deeper) if deeper else 0}"
        for node in list(self.document.findall(Budget)):
            shown = self._explained(told(core, deeper))
            node.replace_self(nodes.paragraph("", "", shown, classes=["polyglot-minutes"]))
            if seconds(core) > node["minutes"] * 60:
                sums = ", ".join(
                    f"{number * SECONDS[kind] / 60:.1f} for {number} {kind}" for kind, number in core.items()
                )
                message = "the core takes %.1f minutes, and its budget is %d: %s; shorten it, or fold a part of it"
                place = {"location": node, "type": "polyglot", "subtype": "minutes"}
                logger.warning(message, seconds(core) / 60, node["minutes"], sums, **place)

    def _explained(self, minutes: str) -> nodes.Node:
        """The minutes, which lead to where the project tells how they are counted."""
        if not (label := self.config.polyglot_minutes_explained):
            return nodes.Text(minutes)
        words = nodes.inline("", minutes)
        place = {"refdomain": "std", "reftype": "ref", "refexplicit": True, "refwarn": True}
        docname = self.env.current_document.docname
        return addnodes.pending_xref("", words, reftarget=label, refdoc=docname, **place)


def _is_apart(node: nodes.Node) -> bool:
    return isinstance(node, Fold) or (isinstance(node, nodes.section) and DEEPER in node["classes"])


def _is_within(node: nodes.Node | None) -> bool:
    return node is not None and (_is_apart(node) or _is_within(node.parent))


def counted(part: nodes.Element) -> Counter:
    """What is to be read in a part of a page."""
    found: Counter = Counter()
    for node in part.findall():
        if isinstance(node, nodes.literal_block):
            lines = sum(bool(line.strip()) for line in node.astext().splitlines())
            found["printed lines" if OUTPUT in node["classes"] else "lines of code"] += lines
        elif node.tagname == IMAGE_NODE or isinstance(node, nodes.image | Drawing) or is_thing(node):
            found["figures"] += 1
        elif isinstance(node, nodes.Text) and not _is_unread(node):
            found["characters"] += len(CHARACTER.findall(node))
            found["words"] += len(WORD.findall(CHARACTER.sub(" ", node)))
    return +found


def _is_unread(text: nodes.Text) -> bool:
    """Code, which is counted by lines, and what docutils has to say: it is taken out later."""
    return isinstance(text.parent, nodes.literal_block | nodes.raw | nodes.Invisible) or isinstance(
        text.parent.parent, nodes.system_message
    )


def seconds(found: Counter) -> float:
    """How long it takes.

    >>> seconds(Counter({"words": 200, "lines of code": 20}))
    120.0
    """
    return float(sum(SECONDS[kind] * number for kind, number in found.items()))


def minutes(found: Counter) -> int:
    """The same in whole minutes, at least one."""
    return max(1, math.ceil(seconds(found) / 60 - 0.5))


def told(core: Counter, deeper: Counter) -> str:
    """The minutes in the language of the page."""
    if not deeper:
        return str(_("About {core} min.")).format(core=minutes(core))
    return str(_("About {core} min, and {deeper} more for what is folded, which can wait.")).format(
        core=minutes(core), deeper=minutes(deeper)
    )


def register(app: Sphinx) -> None:
    """Have Sphinx know minutes."""
    app.add_directive("minutes", MinutesDirective)
    app.add_role("minutes", MinutesRole())
    app.add_transform(CountMinutes)
    app.add_post_transform(TellMinutes)
