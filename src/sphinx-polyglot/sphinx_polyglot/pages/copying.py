"""A button on each block of code, which copies the code and nothing else: no mark, no prompt, no output."""

from __future__ import annotations

import html
import re

from sphinx.application import Sphinx

from sphinx_polyglot.gallery.upstream import OUTPUT
from sphinx_polyglot.words import _

#: A block of code as Sphinx writes it; what a cell printed is none.
BLOCK = re.compile(
    rf'(<div class="(?!{OUTPUT})[^"]*highlight-(?!none)\w+ notranslate">\s*<div class="highlight">)(?=<pre)'
)


def add_buttons(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: before the code, so that whoever comes by Tab meets the button first."""
    if context.get("body") and app.env.polyglot.languages:
        button = _button()
        context["body"] = BLOCK.sub(lambda found: found[1] + button, context["body"])


def _button() -> str:
    """With the word that it says afterwards.

    >>> _button()
    '<button type="button" class="polyglot-copy" data-done="Copied">Copy</button>'
    """
    done = html.escape(str(_("Copied")))
    return f'<button type="button" class="polyglot-copy" data-done="{done}">{html.escape(str(_("Copy")))}</button>'
