"""Where the switch, the links to take along and those at the foot stand, if no template says so."""

from __future__ import annotations

from sphinx.application import Sphinx


def place(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: around the text, in any theme; where there is none, as of a search, a script places it."""
    if app.env.polyglot.settings.templates:
        return
    if not context.get("body"):
        switch = context.get("polyglot_switch", "")
        waiting = f'<template class="polyglot-waiting"><div class="polyglot-head">{switch}</div></template>'
        context["metatags"] = context.get("metatags", "") + (waiting if switch else "")
        return
    names = ("switch", "together", "downloads", "links")
    switch, together, downloads, links = (context.get(f"polyglot_{name}", "") for name in names)
    head = f'<div class="polyglot-head">{switch}</div>{together}' if switch else ""
    context["body"] = f"{head}{downloads}{context['body']}{downloads}{links}"
