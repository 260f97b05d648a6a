"""Things to play with: HTML that an object of a lesson shows, whose element has ``data-thing``.

On a page they speak its language, as figures do, and their scripts and styles become files of the site: no page
has a script of its own. What stands in ``<script data-when="shown">`` is loaded once a reader comes near. Without
scripts, and in notebooks until their cell is run, their drawing is seen.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import dedent

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.assets import ship
from sphinx_polyglot.check.figure_words import FigureWords
from sphinx_polyglot.gallery.upstream import WRAPPING
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.pages.drawings import note_words, tell_unsaid, words_of
from sphinx_polyglot.words import _

THING = re.compile(r"<div [^>]*\bdata-thing=")
LABEL = re.compile(r'<div aria-label(?:ledby)?="[^"]*" (?=[^>]*\bdata-thing=)')
#: What is to be read in it: between its elements, and in attributes that are read aloud.
UNREAD = r"<(?P<unread>script|style)\b.*?</(?P=unread)>"
CODE = r'<(?P<code>\w+) [^>]*class="(?:[^"]* )?code(?: [^"]*)?"[^>]*>[^<]*</(?P=code)>'
READ = re.compile(rf'{UNREAD}|{CODE}|(?P<head>>|\b(?:aria-label|title|alt)=")(?P<text>[^<>"]+)', re.DOTALL)
#: The tag that a text follows opens its element.
OPENED = re.compile(r"<\w[^<>]*(?<!/)>\Z")
#: Scripts and styles that stand in a page.
INLINE = re.compile(r"<(?P<kind>script|style)(?P<attributes>[^>]*)>(?P<text>.*?)</(?P=kind)>", re.DOTALL)
DRAWN = re.compile(r"<svg .*?</svg>", re.DOTALL)
FOLDER, LOADER = "shown", "shown.js"


def is_thing(node: nodes.Node) -> bool:
    """Whether a node is something to play with."""
    return isinstance(node, nodes.raw) and bool(THING.search(node.astext()))


def label(node: nodes.Element, attribute: str) -> None:
    """Give a thing its name; a picture knows its own."""
    if is_thing(node):
        text = LABEL.sub("<div ", node.astext(), 1)
        _rewrite(node, THING.sub(lambda found: found[0].replace("<div ", f"<div {attribute} ", 1), text, 1))


class SayThings(SphinxTransform):
    """Has things speak the page's language."""

    default_priority = 204  # before captions are given

    def apply(self, **kwargs) -> None:
        """Translate each, and tell what has no name."""
        course = self.env.polyglot
        if self.env.current_document.docname not in course.lessons:
            return
        for node in self.document.findall(is_thing):
            note_words(self.env)
            found = WRAPPING.fullmatch(node.astext())
            text, words = dedent(found[1] if found else node.astext()), words_of(course)
            tell_unsaid(unsaid(text, words, course.language), node, self.env)
            _rewrite(node, translated(text, words, course.language, gaps.language(course)))


def unsaid(text: str, words: FigureWords, language: str) -> list[str]:
    """What a thing says that a language does not have."""
    said = (html.unescape(found["text"]).strip() for found in READ.finditer(text) if found["text"])
    return [own for own in dict.fromkeys(said) if own and words.say(own, language) is None]


def translated(text: str, words: FigureWords, language: str, stand_in: str = "") -> str:
    """A thing in a language; code, scripts and what nobody knows stay. ``stand_in`` is the tag of what lends words.

    >>> words = FigureWords({"step": {"zh": "走一步"}}, {"fr": "en"})
    >>> translated("<button>step</button>", words, "fr", "en")
    '<button lang="en">step</button>'
    >>> translated('<button title="step">step</button><b class="code">step</b>', words, "zh")
    '<button title="走一步">走一步</button><b class="code">step</b>'
    """

    def say(found: re.Match[str]) -> str:
        if not found["text"] or not found["text"].strip():
            return found[0]
        own = html.unescape(found["text"])
        is_lent = stand_in and words.lends(own.strip(), language) and OPENED.search(text, 0, found.end("head"))
        head = f' lang="{stand_in}">' if is_lent else found["head"]
        return head + html.escape(words.say(own, language) or own)

    return READ.sub(say, text)


def for_notebook(text: str, alt: str) -> str:
    """What a notebook keeps of a thing: its drawing, as an image, for distrust would leave rubble of the rest.

    Whoever runs the cell has the thing itself.
    """
    drawn = DRAWN.search(text) if THING.search(text) else None
    if drawn is None:
        return text
    named = drawn[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    data = base64.b64encode(named.replace("currentColor", "#000000").encode()).decode()
    image = f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'
    return f"{image}<p data-run>{html.escape(_('Run this cell to play with it.'))}</p>"


def move_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: scripts and styles of what a lesson shows become files beside Sphinx's own."""
    if context.get("body") and (pagename in app.env.polyglot.lessons or THING.search(context["body"])):
        context["body"] = INLINE.sub(partial(_moved, app, context["pathto"]), context["body"])


def _moved(app: Sphinx, pathto: Callable, found: re.Match[str]) -> str:
    if "src=" in found["attributes"] or re.search(r'type="(?!module|text/javascript)', found["attributes"]):
        return found[0]
    ending = {"script": "js", "style": "css"}[found["kind"]]
    name = f"{FOLDER}/{hashlib.blake2b(found['text'].encode(), digest_size=6).hexdigest()}.{ending}"
    path = Path(app.outdir, "_static", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found["text"], "utf-8", newline="\n")
    if 'data-when="shown"' in found["attributes"]:
        app.add_js_file(LOADER, loading_method="defer")
        return f'<span hidden data-polyglot-script="{pathto(f"_static/{name}", 1)}"></span>'
    if found["kind"] == "script":
        app.add_js_file(name, loading_method="defer")
    else:
        app.add_css_file(name)
    return ""


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: files of things that no page shows any more."""
    folder = Path(app.outdir, "_static", FOLDER)
    if exception or app.builder.format != "html" or not folder.is_dir():
        return
    used = set(_used(app))
    for path in folder.iterdir():
        if path.name not in used:
            path.unlink()


def _used(app: Sphinx) -> Iterator[str]:
    for name in app.env.found_docs:
        page = Path(app.builder.get_outfilename(name))
        if page.is_file():
            yield from re.findall(rf"_static/{FOLDER}/([\w.]+)", page.read_text("utf-8"))


def _rewrite(node: nodes.raw, text: str) -> None:
    node.rawsource = text
    node[:] = [nodes.Text(text)]


def register(app: Sphinx) -> None:
    """Have Sphinx know things."""
    app.add_transform(SayThings)
    ship(app, LOADER)
