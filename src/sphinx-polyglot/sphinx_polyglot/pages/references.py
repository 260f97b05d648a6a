"""Links that lead nowhere: what comes closest, and what to do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from difflib import get_close_matches

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util import logging

logger = logging.getLogger(__name__)


def tell_missing(app: Sphinx, domain: Domain | None, node: addnodes.pending_xref) -> bool | None:
    """``warn-missing-reference``: in place of Sphinx's own words, which name no remedy."""
    if domain is None or domain.name != "std":
        return None
    kind, target = node["reftype"], node["reftarget"]
    if kind == "ref" and target not in domain.anonlabels:
        names = set(domain.labels) | set(domain.anonlabels)
        message = f"undefined label: {target!r}; {_remedy(target, names, 'put the label above a heading')}"
    elif kind == "term":
        names = {name for found, name in domain.objects if found == "term"}
        glossary = app.env.polyglot.settings.glossary or "the glossary"
        message = f"term not in glossary: {target!r}; {_remedy(target, names, f'add the term to {glossary}')}"
    elif kind == "doc":
        folder = posixpath.dirname(node.get("refdoc", ""))
        names = {posixpath.relpath(name, folder or ".") for name in app.env.found_docs}
        names |= {f"/{name}" for name in app.env.found_docs if target.startswith("/")}
        message = f"unknown document: {target!r}; {_remedy(target, names, 'write the page')}"
    else:
        return None
    node["reftype"] = f"told {kind}"  # all handlers are called, and Sphinx's own would tell it again
    logger.warning("%s", message, location=node, type="ref", subtype=kind)
    return True


def _remedy(target: str, names: Iterable[str], otherwise: str) -> str:
    """The closest name, if one is close.

    >>> _remedy("tensors", ["tensor", "loss"], "add it")
    "write 'tensor', or add it"
    """
    close = get_close_matches(target, sorted(names), 1)
    return f"write {close[0]!r}, or {otherwise}" if close else f"correct the name, or {otherwise}"
