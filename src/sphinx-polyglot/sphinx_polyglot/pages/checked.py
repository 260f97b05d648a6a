"""Assertions look like what they are: not a step of the lesson, but a promise that was checked when it ran."""

from __future__ import annotations

import html
import re

from sphinx.application import Sphinx

from sphinx_polyglot.gallery.selection import has_run
from sphinx_polyglot.words import _

#: A cell of Python as Sphinx writes it, and a line in it that begins an assertion.
CELL = re.compile(
    r'(<div class="highlight-[Pp]ython notranslate">\s*<div class="highlight"><pre>)(.*?)(</pre>)', re.DOTALL
)
ASSERTION = re.compile(r'(?:<span></span>)?(?:\s|<span class="w">\s*</span>)*<span class="k">assert</span>')
TOKEN = re.compile(r'(<span class="[^"]*">)([^<]*\n[^<]*)</span>')
TAG = re.compile(r"<[^>]*>")
TEXT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|#.*""")


def mark_assertions(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: on the pages of lessons that ran."""
    course = app.env.polyglot
    if context.get("body") and pagename in course.lessons and has_run(app.srcdir, pagename):
        said = html.escape(str(_("Checked when this page was built")))
        context["body"] = CELL.sub(lambda found: found[1] + _marked(found[2], said) + found[3], context["body"])


def _marked(code: str, said: str) -> str:
    """The code, each assertion in an element of its own, with all its lines.

    >>> _marked('x\\n<span class="k">assert</span> (x\\n  == 1)\\ny', "Checked")
    'x\\n<span class="polyglot-checked" title="Checked"><span class="k">assert</span> (x\\n  == 1)</span>\\ny'
    """
    lines, written = TOKEN.sub(_split, code).split("\n"), []
    while lines:
        line = lines.pop(0)
        if ASSERTION.match(line):
            while lines and _is_open(line):
                line += "\n" + lines.pop(0)
            line = f'<span class="polyglot-checked" title="{said}">{line}</span>'
        written.append(line)
    return "\n".join(written)


def _split(token: re.Match[str]) -> str:
    """A token over several lines, say the blanks before an indented one, as one a line."""
    parts = (f"{token[1]}{part}</span>" if part else "" for part in token[2].split("\n"))
    return "\n".join(parts)


def _is_open(line: str) -> bool:
    """Whether a statement goes on in the next line."""
    text = TEXT.sub("", html.unescape(TAG.sub("", line)))
    depth = sum((letter in "([{") - (letter in ")]}") for letter in text)
    return depth > 0 or text.endswith("\\")
