"""Pointing at a name in a lesson's code shows what it held once the cell had run.

``gallery.held`` noted it while the lesson ran. Without a script, the browser shows it as a title.
"""

from __future__ import annotations

import html
import json
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.assets import ship
from sphinx_polyglot.gallery import held as noted
from sphinx_polyglot.source.names import names_in
from sphinx_polyglot.words import _

SCRIPT = "held.js"
#: A block of code, and the mark that follows it.
CELL = re.compile(
    r'(<div class="highlight-[Pp]ython notranslate"><div class="highlight"><pre>)((?:(?!</pre>).)*)'
    r"(</pre></div>\s*</div>\s*)<!--polyglot-held (\d+)-->",
    re.DOTALL,
)
TOKEN = re.compile(r'<span class="(?:n|nb)">(\w+)</span>|<[^>]*>|[^<]+')


class Held(nodes.Invisible, nodes.Element):
    """After a block of code: ``held`` has what each of them holds, in parts."""


class HeldDirective(SphinxDirective):
    """``.. polyglot-held::`` with JSON, as ``gallery.held`` writes it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The note, at the place where it is of use."""
        return [Held(held=json.loads("".join(self.content)))]


def show_held(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: have each name know what it holds."""
    if not context.get("body") or pagename not in app.env.polyglot.lessons:
        return
    found = list(doctree.findall(Held))

    def annotate(cell: re.Match[str]) -> str:
        names = {name: said(parts) for name, parts in found[int(cell[4])]["held"].items()}
        return cell[1] + _annotated(cell[2], names) + cell[3]

    if found:
        app.add_js_file(SCRIPT, loading_method="defer")
        context["body"] = CELL.sub(annotate, context["body"])


def said(parts: noted.Parts) -> str:
    """A description in the language of the page."""
    words = {
        noted.PARAMETERS: _("{n} parameters"),
        noted.ITEMS: _("{n} items"),
        noted.SCALAR: _("a single number"),
        noted.GRADIENT: _("requires grad"),
    }
    told = (part if isinstance(part, str) else _in_words(str(words[part[0]]), *part[1:]) for part in parts)
    return " · ".join(told)


def _in_words(pattern: str, number: int = 0) -> str:
    return pattern.format(n=f"{number:,}")


def _annotated(code: str, held: dict[str, str]) -> str:
    """Code with its names marked.

    >>> _annotated('<span class="n">x</span>.<span class="n">y</span>', {"x": "int", "y": "int"})
    '<span class="polyglot-held" title="x: int"><span class="n">x</span></span>.<span class="n">y</span>'
    """
    text = html.unescape(re.sub(r"<[^>]*>", "", code))
    places = {place.offset: place.name for place in names_in(text)}
    written, offset = [], 0
    for token in TOKEN.finditer(code):
        name = token[1]
        if name and places.get(offset) == name and name in held:
            title = html.escape(f"{name}: {held[name]}")
            written.append(f'<span class="polyglot-held" title="{title}">{token[0]}</span>')
        else:
            written.append(token[0])
        offset += len(name) if name else 0 if token[0].startswith("<") else len(html.unescape(token[0]))
    return "".join(written)


def _visit(translator, node: Held) -> None:
    count = translator.__dict__.setdefault("polyglot_held", 0)
    translator.polyglot_held = count + 1
    translator.body.append(f"<!--polyglot-held {count}-->")
    raise nodes.SkipNode


def _skip(translator, node: Held) -> None:
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Have Sphinx know the notes."""
    others = {builder: (_skip, None) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(Held, html=(_visit, None), **others)
    app.add_directive("polyglot-held", HeldDirective)
    ship(app, SCRIPT)
