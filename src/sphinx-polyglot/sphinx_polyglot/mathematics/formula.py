"""TeX to a picture and to the MathML that is read aloud, or a reason why not."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

MATHML = "http://www.w3.org/1998/Math/MathML"

#: ziamath's own measure; the picture is then scaled to the text around it.
EM = 24

#: Environments that latex2mathml knows beside its matrices; it draws unknown ones as if they were not there.
ENVIRONMENTS = {"aligned", "equation", "equation*"}

SIGNED = {"+", "−", "±", "∓"}
#: Commands whose argument is words; and words that may lack their backslash.
WORDS = re.compile(r"\\(?:text\w*|mathrm|mathit|mathsf|mathtt|operatorname|begin|end|label|tag|color)\*?\s*\{[^{}]*\}")
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
#: Operators that end an operand, so that a sign after them adds or subtracts.
ENDS = {")", "]", "}", "⟩", "⌉", "⌋", "|", "‖", "!", "′"}


class UndrawableError(ValueError):
    """A formula that cannot be drawn: why, and what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Drawing:
    """A formula as SVG that refers to its glyphs, the glyphs by identifier, and as MathML."""

    svg: str
    glyphs: dict[str, str]
    mathml: str
    width: float  # in em


@functools.cache  # the same formula stands on many pages, and in every language
def draw(tex: str, *, inline: bool, shared: bool = True) -> Drawing:
    r"""Draw a formula; with ``shared=False`` each glyph is drawn where it stands.

    >>> draw(r"\frac{x}{2}", inline=True).mathml  # doctest: +ELLIPSIS
    '<math display="inline" xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mfrac>...</mfrac></mrow></math>'
    >>> draw(r"\vecc{x}", inline=True)
    Traceback (most recent call last):
    ...
    sphinx_polyglot.mathematics.formula.UndrawableError: unknown command \vecc
    """
    try:
        return _picture(_convert(tex, inline), shared)
    except UndrawableError:
        raise
    except Exception as error:  # both libraries stumble over unexpected TeX, also with AssertionError
        reason = f"{type(error).__name__} {error}".strip()
        raise UndrawableError(reason, "check its braces, arguments and delimiters") from error


def aligned(tex: str) -> str:
    r"""Wrap lines in ``aligned``, as Sphinx does: rows end in ``\\`` or in an empty line.

    >>> aligned(r"a &= b \\ c &= d")
    '\\begin{aligned}a &= b \\\\ c &= d\\end{aligned}'
    >>> aligned(r"\begin{pmatrix} 1 & 2 \end{pmatrix}")
    '\\begin{pmatrix} 1 & 2 \\end{pmatrix}'
    """
    rows = r" \\ ".join(part.strip() for part in re.split(r"\n\s*\n", tex) if part.strip())
    bare, inner = rows, 1
    while inner:
        bare, inner = re.subn(r"\\begin\{([^}]*)\}(?:(?!\\begin\{).)*?\\end\{\1\}", "", bare, flags=re.DOTALL)
    multiline = re.search(r"\\\\|(?<!\\)&", bare)
    return rf"\begin{{aligned}}{rows}\end{{aligned}}" if multiline else rows


def _convert(tex: str, inline: bool) -> str:
    """MathML from latex2mathml, with its known faults found or repaired."""
    # Not above: ziamath's fonts take half a second, which a build without changes need not pay.
    from latex2mathml import commands
    from ziamath.tex import tex2mml

    for name in re.findall(r"\\begin\{([^}]*)\}", tex):
        if name not in ENVIRONMENTS and f"\\{name}" not in commands.MATRICES:
            raise UndrawableError(f"unknown environment {name}", "write it with aligned, cases or array")
    _check_braces(tex)
    _check_words(tex)
    mathml = tex2mml(tex, inline=inline)
    _check(mathml)
    tree = ElementTree.fromstring(mathml.replace(f' xmlns="{MATHML}"', ""))
    for element in tree.iter():
        _repair(element)
        _tighten_signs(element)
    tree.set("xmlns", MATHML)
    return ElementTree.tostring(tree, "unicode")


def _check_braces(tex: str) -> None:
    """What is left open, latex2mathml closes at the end, and says nothing."""
    bare = re.sub(r"\\.", "", tex, flags=re.DOTALL)
    if bare.count("{") > bare.count("}"):
        raise UndrawableError("{ without a partner", "close it, or put a backslash before it")


def _check_words(tex: str) -> None:
    r"""The name of a command without its backslash is drawn letter by letter.

    >>> _check_words(r"x leftarrow \text{sum} + \theta")
    Traceback (most recent call last):
    ...
    sphinx_polyglot.mathematics.formula.UndrawableError: "leftarrow" would be drawn as letters
    """
    from latex2mathml import commands
    from latex2mathml.symbols_parser import convert_symbol

    known = {name for name in vars(commands).values() if isinstance(name, str)} | set(commands.FUNCTIONS)
    for word in WORD.findall(WORDS.sub("", tex)):
        if f"\\{word}" in known or convert_symbol(f"\\{word}"):
            raise UndrawableError(f'"{word}" would be drawn as letters', rf"write \{word}, or \text{{{word}}}")


def _check(mathml: str) -> None:
    """What latex2mathml does not understand it passes on as text, and says nothing."""
    if command := re.search(r"\\[A-Za-z]*\*?", mathml):
        raise UndrawableError(f"unknown command {command[0]}", "spell it in another way, or leave it out")
    if mark := re.search(r"<m\w+>([}$])</m", mathml):  # \} and \$ arrive as character references
        raise UndrawableError(f"{mark[1]} without a partner", "remove it, or put a backslash before it")


def _repair(element: ElementTree.Element) -> None:
    """What latex2mathml gets wrong in symbols that machine learning uses."""
    match element.tag, element.text:
        case "mo", "∂" | "∇":  # symbols, not operators with blanks around them
            element.attrib |= {"lspace": "0", "rspace": "0"}
        case "mi", "~":  # \sim, a relation
            element.tag, element.text = "mo", "∼"
        case "mn", str(digits) if element.get("mathvariant") == "double-struck":
            element.text = "".join(chr(0x1D7D8 + int(digit)) if digit.isdecimal() else digit for digit in digits)
        case "mover", _ if element.get("accent") and element[1].text == "\u0302":  # \hat, not \widehat
            element[1].text = "\u02c6"
            element[1].set("stretchy", "false")


def _tighten_signs(row: ElementTree.Element) -> None:
    """A sign with no operand before it, as in ``= -x`` or ``[-1, 1]``, stands close to what it belongs to."""
    for before, sign in pairwise(row):
        operand = before.tag not in ("mo", "mspace") or before.text in ENDS
        if sign.tag == "mo" and sign.text in SIGNED and not operand:
            sign.attrib |= {"form": "prefix", "lspace": "0", "rspace": "0"}


def _picture(mathml: str, shared: bool) -> Drawing:
    """Draw in ems and in the colour of the text around it."""
    import ziamath

    ziamath.config.math.color, ziamath.config.precision, ziamath.config.svg2 = "currentColor", 2, True
    math = ziamath.Math(mathml, size=EM)
    svg = math.svgxml()
    glyphs = _take_glyphs(svg)
    _check_glyphs(math, mathml, glyphs)
    if not shared:
        ziamath.config.svg2 = False
        svg, glyphs = math.svgxml(), {}
    width, height = float(svg.get("width")) / EM, float(svg.get("height")) / EM
    svg.attrib |= {
        "width": f"{width:.3f}em",
        "height": f"{height:.3f}em",
        "style": f"vertical-align:{(math.getyofst() - math.margin) / EM:.3f}em",
        "fill": "currentColor",
        "aria-hidden": "true",
    }
    return Drawing(ElementTree.tostring(svg, "unicode"), glyphs, mathml, width)


def _take_glyphs(svg: ElementTree.Element) -> dict[str, str]:
    """Move the glyphs out of the picture, and leave the colour to its root."""
    glyphs = {}
    for element in list(svg.iter()):
        if element.get("fill") == "currentColor":
            del element.attrib["fill"]
        for symbol in element.findall("symbol"):
            element.remove(symbol)
            glyphs[symbol.get("id")] = ElementTree.tostring(symbol, "unicode")
    return glyphs


def _check_glyphs(math, mathml: str, glyphs: dict[str, str]) -> None:
    """A character that the font lacks is drawn as an empty box, glyph number 0."""
    if any(name.endswith("_0") for name in glyphs):
        text = "".join(ElementTree.fromstring(mathml).itertext())
        missing = "".join(letter for letter in text if not math.font.glyphindex(letter))
        raise UndrawableError(f"the font has no glyph for {missing or text}", "put these words beside the formula")
