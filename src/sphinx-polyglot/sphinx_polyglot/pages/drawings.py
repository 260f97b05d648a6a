"""A lesson's figures, set into its pages as drawings: in the page's colours, and in the words of its language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_polyglot.check.figure_words import LETTERS, FigureWords, figure_words
from sphinx_polyglot.errors import place
from sphinx_polyglot.gallery.upstream import FIGURE, ORIGIN
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.pages.svg import MONO, inlined
from sphinx_polyglot.source.course import Course

logger = logging.getLogger(__name__)

TEXT = re.compile(r'(?P<head><text style="(?P<style>[^"]*)"[^>]*>)(?P<text>[^<]+)')
#: A formula, and a letter of it; names of functions stand upright, too.
FORMULA, UPRIGHT = (
    re.compile(r"<text>\s*<tspan.*?</text>", re.DOTALL),
    re.compile(r'style="(?!font-style)[^"]*">([^<]*)<'),
)
FUNCTIONS = {"log", "ln", "exp", "sin", "cos", "tan", "max", "min", "argmax", "argmin", "lim", "tanh", "det", "dim"}


class Drawing(nodes.General, nodes.Element):
    """A figure; ``path`` is its file, ``alt`` its text alternative, ``label`` the id of its caption, if it has one."""


class DrawingDirective(SphinxDirective):
    """``.. polyglot-drawing:: /lessons/images/….svg``, as ``gallery.drawings`` writes it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The drawing; its page is read again when it, or what is known of its words, changes."""
        _, path = self.env.relfn2path(self.arguments[0], self.env.current_document.docname)
        self.env.note_dependency(path)
        note_words(self.env)
        node = Drawing(path=path)
        self.set_source_info(node)
        return [node]


def note_words(env: BuildEnvironment) -> None:
    """Have Sphinx read the page again when what is known of words changes."""
    for name in filter(None, (env.polyglot.settings.glossary, env.polyglot.settings.figure_words)):
        env.note_dependency(str(env.polyglot.root / name))


class SayWords(SphinxTransform):
    """Tells words of a drawing that have no name in this language, and has thumbnails be drawings as well."""

    default_priority = 206

    def apply(self, **kwargs) -> None:
        """Look at each drawing of the page."""
        course, docname = self.env.polyglot, self.env.current_document.docname
        if not course.languages:
            return
        for image in list(self.document.findall(nodes.image)):
            if image["uri"].endswith(".svg") and FIGURE.fullmatch(Path(image["uri"]).name):
                image.replace_self(Drawing(path=self.env.relfn2path(image["uri"], docname)[1]))
        for node in self.document.findall(Drawing) if docname in course.lessons else ():
            tell_unsaid(
                unsaid(Path(node["path"]).read_text("utf-8"), words_of(course), course.language), node, self.env
            )


def tell_unsaid(texts: Iterable[str], node: nodes.Node, env: BuildEnvironment) -> None:
    """Warn of texts that a language does not have, at the cell that shows them."""
    course = env.polyglot
    for text in texts:
        message = (
            "%r stands in this cell's figure, and nothing says what it is called in %s; "
            "add it to the file that polyglot_figure_words names, or set what is code in a monospace font"
        )
        where = cell_place(node, course, env.current_document.docname)
        logger.warning(message, text, course.language, location=where, type="polyglot", subtype="figure")


def words_of(course: Course) -> FigureWords:
    """What the course's files say of words in figures."""
    files = (course.settings.figure_words, course.settings.glossary)
    path, glossary = (course.root / name if name else None for name in files)
    return figure_words(path, glossary, course.codes)


def cell_place(node: nodes.Node, course: Course, docname: str) -> str | nodes.Node:
    """The author's file and line of the cell that showed a node."""
    lesson = course.lessons.get(docname)
    before = [found for found in node.document.findall(lambda other: other is node or isinstance(other, nodes.comment))]
    origins = [ORIGIN.match(found.astext()) for found in before[: before.index(node)]]
    begun = [int(origin[1]) for origin in origins if origin]
    if lesson is None or not begun:
        return node
    line = next((number for _, number in lesson.staged()[begun[-1] - 1 :] if number), 1)
    return place(lesson.path, line)


def unsaid(svg: str, words: FigureWords, language: str) -> list[str]:
    """The texts of a drawing that a language does not have.

    >>> unsaid('<text style="font-family: a">loss</text>', FigureWords(), "zh")
    ['loss']
    """
    texts = [html.unescape(text["text"]) for text in TEXT.finditer(svg) if not MONO.search(text["style"])]
    found = [text for text in texts if words.say(text, language) is None]
    for formula in FORMULA.finditer(svg):
        upright = "".join(UPRIGHT.findall(formula[0])).replace("\xa0", " ")
        found += [word for word in LETTERS.findall(upright) if word not in FUNCTIONS]
    return list(dict.fromkeys(found))


def translated(svg: str, words: FigureWords, language: str, stand_in: str = "") -> str:
    """The drawing in a language; what nobody knows stays as it is. The words that ``stand_in`` lends have that tag."""

    def say(text: re.Match[str]) -> str:
        if MONO.search(text["style"]):
            return text[0]
        own = html.unescape(text["text"])
        head = text["head"]
        if stand_in and words.lends(own, language):
            head = head.replace("<text", f'<text lang="{stand_in}"', 1)
        return head + html.escape(words.say(own, language) or own, quote=False)

    return TEXT.sub(say, svg)


def lang_of(classes: Iterable[str]) -> str:
    """The attribute for docutils' class of a language, as docutils writes it.

    >>> lang_of(["wide", "language-en"]), lang_of([])
    (' lang="en"', '')
    """
    found = [name.removeprefix("language-") for name in classes if name.startswith("language-")]
    return f' lang="{found[0]}"' if found else ""


def _visit(translator, node: Drawing) -> None:
    env = translator.builder.env
    svg = Path(node["path"]).read_text("utf-8")
    if env.polyglot.languages:
        svg = translated(svg, words_of(env.polyglot), env.polyglot.language, gaps.language(env.polyglot))
    if node.get("label"):
        label = f'aria-labelledby="{node["label"]}"'
    else:
        label = f'aria-label="{html.escape(node["alt"])}"' if node.get("alt") else 'aria-hidden="true"'
        label += lang_of(node["classes"])
    translator.body.append(inlined(svg, Path(node["path"]).stem.removeprefix("sphx_glr_"), label))
    raise nodes.SkipNode


def _visit_text(translator, node: Drawing) -> None:
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Have Sphinx know drawings."""
    others = {builder: (_visit_text, None) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(Drawing, html=(_visit, None), **others)
    app.add_directive("polyglot-drawing", DrawingDirective)
    app.add_transform(SayWords)
