"""Formulas as SVG in the page: no script, no font, no network.

The pictures share one drawing of each glyph a page. A screen reader reads the
MathML beside each picture, which is hidden from sight. A formula that cannot be
drawn is a warning at its line.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from sphinx_polyglot.assets import add
from sphinx_polyglot.mathematics.formula import UndrawableError, aligned, draw

#: A formula of more ems than this is wider than a phone, so a keyboard must be able to scroll it.
PHONE = 18
STYLESHEET = "mathematics.css"

#: What a reason stands for that is only the name of an error.
WORDS = {
    "NoAvailableTokensError": "it is empty, or ends too early",
    "MissingSuperScriptOrSubscriptError": "nothing stands after ^ or _",
    "ExtraLeftOrMissingRightError": r"\left and \right do not pair up",
    "NumeratorNotFoundError": "a fraction has no numerator",
    "DenominatorNotFoundError": "a fraction has no denominator",
}

OPENING = re.compile(r"[(\[{（［｛「『《〈【〔“‘]+$")
CLOSING = re.compile(r"^[,.;:!?)\]}，。；：、？！）］｝」』》〉】〕”’]+")

logger = logging.getLogger(__name__)


class KeepMarks(SphinxPostTransform):
    """Keep a formula on one line with the marks that touch it; browsers break lines beside any picture."""

    formats = ("html",)
    default_priority = 890  # after the lines of Chinese have been joined

    def run(self, **kwargs) -> None:
        """Group each formula with its marks."""
        for formula in list(self.document.findall(nodes.math)):
            siblings, place = formula.parent, formula.parent.index(formula)
            left, right = siblings[:place][-1:], siblings[place + 1 :][:1]
            opening, closing = _marks(left, OPENING), _marks(right, CLOSING)
            if not opening and not closing:
                continue
            siblings[place] = nodes.inline(classes=["polyglot-nowrap"])
            siblings[place] += [nodes.Text(opening), formula, nodes.Text(closing)]
            if opening:
                siblings[place - 1] = nodes.Text(left[0].removesuffix(opening))
            if closing:
                siblings[place + 1] = nodes.Text(right[0].removeprefix(closing))


def _marks(sibling: list[nodes.Node], pattern: re.Pattern[str]) -> str:
    """The marks of the text beside a formula that must not part from it."""
    found = pattern.search(sibling[0]) if sibling and isinstance(sibling[0], nodes.Text) else None
    return found[0] if found else ""


def visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    """A formula in a line of text."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    translator.body.append(_formula(translator, node, node.astext(), inline=True)[0] + "</span>")
    raise nodes.SkipNode


def visit_displaymath(translator: HTML5Translator, node: nodes.math_block) -> None:
    """A formula of its own, with its number where it has a label."""
    outer = node.parent.get("ids", []) if node.parent else []  # furo's wrapper bears the same identifiers
    anchor = nodes.Element(ids=[name for name in node["ids"] if name not in outer], classes=list(node["classes"]))
    unwrapped = node.get("no-wrap", node.get("nowrap", False))
    tex = node.astext() if unwrapped else aligned(node.astext())
    formula, width = _formula(translator, node, tex, inline=False)
    focus = ' tabindex="0"' if width > PHONE else ""
    translator.body.append(translator.starttag(anchor, "div", "", CLASS="math notranslate nohighlight polyglot-math"))
    translator.body.append(f'<div class="polyglot-math-scroll"{focus}>{formula}</div>')
    if node.get("number"):
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _formula(translator: HTML5Translator, node: nodes.Element, tex: str, *, inline: bool) -> tuple[str, float]:
    """The picture and its MathML, or the TeX where there is no picture; and the width in ems."""
    # A title also stands in contents and links; those are rendered apart, and must not define glyphs again.
    shared = translator.document.get("source") != "<partial node>"
    try:
        drawing = draw(tex, inline=inline, shared=shared)
    except UndrawableError as error:
        if shared:
            reason = WORDS.get(error.reason.partition(" ")[0], error.reason)
            message = f"this formula cannot be drawn: {reason}: {' '.join(tex.split())}; {error.remedy}"
            logger.warning("%s", message, location=node, type="polyglot", subtype="math")
        return f"<code>{escape(tex)}</code>", 0
    svg = _with_new_glyphs(translator, drawing.svg, drawing.glyphs)
    return f'{svg}<span class="polyglot-math-text">{drawing.mathml}</span>', drawing.width


def _with_new_glyphs(translator: HTML5Translator, svg: str, glyphs: dict[str, str]) -> str:
    """Define the glyphs that no formula above on this page has defined."""
    defined = translator.__dict__.setdefault("polyglot_glyphs", set())
    new = "".join(symbol for name, symbol in glyphs.items() if name not in defined)
    defined.update(glyphs)
    root, picture = svg.split(">", 1)
    return f"{root}>{new}{picture}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; Sphinx prefers it to MathJax unless ``html_math_renderer`` says otherwise."""
    app.add_post_transform(KeepMarks)
    app.add_html_math_renderer("ziamath", (visit_math, None), (visit_displaymath, None))
    add(app, STYLESHEET)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
