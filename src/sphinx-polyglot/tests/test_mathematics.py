"""Formulas: drawn as they should be, or reported; read, coloured and scrolled in a real browser."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from browsing import clean_page, served
from sphinx_polyglot.mathematics.formula import MATHML, UndrawableError, aligned, draw

#: TeX, and what the MathML says; its symbols are Unicode's.
FORMULAS = {
    r"\frac{\partial \ell}{\partial \theta}": "∂ℓ∂θ",
    r"\sum_{i=1}^{n} x_i": "∑i=1nxi",
    r"\begin{pmatrix}\frac{1}{2} & 0 \\ 0 & 1\end{pmatrix}": "(12001)",
    r"\begin{aligned}a &= b \\ c &= d\end{aligned}": "a=bc=d",
    r"\begin{cases}1 & x > 0 \\ 0 & \text{otherwise}\end{cases}": "{1x>00otherwise",
    r"\begin{array}{cc}a & b\end{array}": "ab",
    r"\vec{v}": "v→",
    r"\hat{y}": "yˆ",
    r"\mathbf{x}": "𝐱",
    r"\mathbb{R}^{n \times m}": "ℝn×m",
    r"\mathbb{1}": "𝟙",
    r"\mathcal{L}": "ℒ",
    r"\operatorname{softmax}(z)_i": "softmax(z)i",
    r"\operatorname*{argmin}_\theta": "argminθ",
    r"\nabla f": "∇f",
    r"x \sim p": "x∼p",
    r"\left.\frac{df}{dx}\right|_{x=0}": "dfdx|x=0",
    r"\lVert x \rVert_2": "‖x‖2",
    r"\sqrt[3]{x}": "x3",
    r"x_{t+1} \leftarrow x_t - \eta": "xt+1←xt−η",
    r"a < b": "a<b",
}

FAILURES = {
    r"\bigr\rvert": r"unknown command \\rvert",
    r"\vecc{x}": r"unknown command \\vecc",
    r"\label{a} x": r"unknown command \\label",
    r"\text{损失} = 0": "the font has no glyph for 损失",
    r"\begin{gathered}a\end{gathered}": "unknown environment gathered",
    r"\frac{1": "{ without a partner",
    r"x_{p_i": "{ without a partner",
    r"\text{a\}": "{ without a partner",
    r"x^": "MissingSuperScript",
    r"\left( x": "ExtraLeft|NoAvailable",
    r"a & b": "ParseError",
    r"a}": "} without a partner",
    r"$x$": r"\$ without a partner",
    "": "NoAvailableTokens",
}

INDEX = r"""
Gradient :math:`\nabla f`
=========================

The step :math:`x`, then :math:`\frac{\partial \ell}{\partial \theta}`; sizes (:math:`\mathbb{R}^n`) and so on, with
:math:`\theta`, :math:`\eta`, :math:`\nabla f`: the gradient.

.. math::
   :label: update

   \theta_{t+1} &= \theta_t - \eta \nabla f \\
   \nabla f &= x

See :eq:`update`.

.. math:: a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w = z

.. math::

   a = b

   c = d

.. toctree::

   other
"""
OTHER = "Other :math:`\\nabla f`\n======================\n\nBack :doc:`index`, :math:`\\eta`.\n"


def build(root: Path, pages: dict[str, str], **options) -> tuple[Path, str]:
    """Build pages; return the site and the warnings."""
    (root / "docs").mkdir(parents=True)
    for name, text in pages.items():
        (root / "docs" / f"{name}.rst").write_text(text, "utf-8")
    settings = {"extensions": ["sphinx_polyglot.mathematics"], "html_theme": "furo", "html_title": "T", **options}
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            root / "docs", None, root / "html", root / "doctrees", "html", settings, status=None, warning=warnings
        )
        app.build()
    return root / "html", re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def tiny_site(tmp_path_factory) -> Path:
    site, warnings = build(tmp_path_factory.mktemp("math"), {"index": INDEX, "other": OTHER})
    assert warnings == ""
    (site / "favicon.ico").touch()
    return site


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize(("tex", "says"), FORMULAS.items())
def test_a_formula_is_drawn_and_says_what_it_means(tex, says, inline):
    drawing = draw(tex, inline=inline)
    mathml, svg = ElementTree.fromstring(drawing.mathml), ElementTree.fromstring(drawing.svg)
    assert mathml.tag == f"{{{MATHML}}}math"
    assert "".join("".join(mathml.itertext()).split()) == says
    assert "\\" not in drawing.svg + drawing.mathml
    used = {use.get("href")[1:] for use in svg.iter("{http://www.w3.org/2000/svg}use")}
    assert used == set(drawing.glyphs)
    for name, symbol in drawing.glyphs.items():
        assert ElementTree.fromstring(symbol).get("id") == name
    assert not any(name.endswith("_0") for name in used)
    assert {element.get("fill") for element in svg.iter()} <= {"currentColor", None}


@pytest.mark.parametrize(("tex", "reason"), FAILURES.items())
def test_a_formula_that_cannot_be_drawn_says_why(tex, reason):
    with pytest.raises(UndrawableError, match=reason) as raised:
        draw(tex, inline=True)
    assert raised.value.remedy


def test_a_glyph_drawn_in_place_needs_no_identifier():
    drawing = draw(r"\nabla f", inline=True, shared=False)
    assert drawing.glyphs == {}
    assert "id=" not in drawing.svg
    assert "<path" in drawing.svg


def test_colours_of_the_author_stay():
    assert 'fill="red"' in draw(r"\color{red}{x} + y", inline=True).svg


@pytest.mark.parametrize(
    ("tex", "wrapped"),
    [
        ("a = b", "a = b"),
        (r"a &= b", r"\begin{aligned}a &= b\end{aligned}"),
        (r"a \\ b", r"\begin{aligned}a \\ b\end{aligned}"),
        ("a\n\n b", r"\begin{aligned}a \\ b\end{aligned}"),
        (r"\begin{cases}1 & 2 \\ 3 & 4\end{cases}", r"\begin{cases}1 & 2 \\ 3 & 4\end{cases}"),
        (
            r"a &= \begin{pmatrix}1 \\ 2\end{pmatrix}",
            r"\begin{aligned}a &= \begin{pmatrix}1 \\ 2\end{pmatrix}\end{aligned}",
        ),
        (r"\text{R \& D}", r"\text{R \& D}"),
    ],
)
def test_rows_are_aligned(tex, wrapped):
    assert aligned(tex) == wrapped


def test_a_failure_is_a_warning_at_its_line(tmp_path):
    text = (
        "Home\n====\n\nFine.\n\nBad :math:`\\vecc{v}`.\n\n.. math::\n\n   \\text{损失}\n   = 0\n\nShort :math:`x^`.\n"
    )
    site, warnings = build(tmp_path, {"index": text})
    place, rest = re.escape(str(tmp_path / "docs/index.rst")), r": WARNING: this formula cannot be drawn: "
    remedy = "spell it in another way, or leave it out"
    assert re.search(rf"{place}:6{rest}unknown command \\vecc: \\vecc\{{v\}}; {remedy} \[polyglot.math\]", warnings)
    reason = r"the font has no glyph for 损失: \\text\{损失\} = 0; put these words beside the formula"
    assert re.search(rf"{place}:\d+{rest}{reason} \[polyglot.math\]", warnings)
    assert re.search(rf"{place}:13{rest}nothing stands after \^ or _: x\^; check its braces", warnings)
    assert len(warnings.splitlines()) == 3
    assert r"<code>\vecc{v}</code>" in (site / "index.html").read_text("utf-8")


def test_no_identifier_stands_twice_and_none_is_missing(tiny_site):
    for name in ("index", "other"):
        html = (tiny_site / f"{name}.html").read_text("utf-8")
        identifiers = Counter(re.findall(r' id="([^"]+)"', html))
        assert not [identifier for identifier, times in identifiers.items() if times > 1]
        assert set(re.findall(r'<use href="#([^"]+)"', html)) <= set(identifiers)


def test_a_labelled_formula_has_its_number_and_its_anchor(tiny_site):
    html = (tiny_site / "index.html").read_text("utf-8")
    assert re.search(r'id="equation-update"', html)
    assert re.search(r'<span class="eqno">\(1\)<a class="headerlink" href="#equation-update"', html)
    assert re.search(r'<a class="reference internal" href="#equation-update">\(1\)</a>', html)


def test_two_builds_are_the_same_to_the_byte(tmp_path):
    one, two = (build(tmp_path / name, {"index": INDEX, "other": OTHER})[0] for name in ("one", "two"))
    for path in sorted(one.rglob("*.html")):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()
    assert (one / ".buildinfo").read_bytes() == (two / ".buildinfo").read_bytes()


def test_without_a_setting_ziamath_is_the_renderer(tiny_site):
    html = (tiny_site / "index.html").read_text("utf-8")
    assert "mathjax" not in html.lower()
    assert "_static/mathematics.css" in html
    assert (tiny_site / "_static/mathematics.css").is_file()


def test_formulas_stand_on_the_baseline_in_the_size_of_the_text(browser, tiny_site):
    with clean_page(browser) as page:
        page.goto(f"{tiny_site.as_uri()}/index.html")
        svg, baseline, size = page.evaluate(
            """() => {
              const formula = document.querySelector("article p .math"), mark = document.createElement("span");
              mark.style.display = "inline-block";
              formula.before(mark);
              const box = formula.querySelector("svg").getBoundingClientRect();
              return [box, mark.getBoundingClientRect().bottom, parseFloat(getComputedStyle(formula).fontSize)];
            }"""
        )
        margin = size / 24
        assert svg["bottom"] - margin == pytest.approx(baseline, abs=0.6)  # an x has no descender
        assert 0.4 < (svg["height"] - 2 * margin) / size < 0.6  # an x is about half an em high


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_formulas_take_the_colour_of_the_text(browser, tiny_site, scheme):
    with clean_page(browser, color_scheme=scheme) as page:
        page.goto(f"{tiny_site.as_uri()}/index.html")
        read = "node => [getComputedStyle(node.querySelector('svg')).fill, getComputedStyle(node).color]"
        fill, colour = page.locator("article p:has(svg)").first.evaluate(read)
        assert fill == colour
        assert (sum(map(int, re.findall(r"\d+", fill)[:3])) > 380) == (scheme == "dark")


def test_a_wide_formula_scrolls_in_its_box_on_a_phone(browser, tiny_site):
    with clean_page(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{tiny_site.as_uri()}/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        widths = "boxes => boxes.map(box => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight])"
        (one, two, three) = page.locator(".polyglot-math-scroll").evaluate_all(widths)
        assert one == three == [0, 0]
        assert two[0] > 100
        assert two[1] == 0
        page.locator(".polyglot-math-scroll[tabindex]").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_marks_stay_with_their_formula(browser, tiny_site):
    with clean_page(browser) as page:
        page.goto(f"{tiny_site.as_uri()}/index.html")
        gaps = page.evaluate(
            """() => {
              const paragraph = document.querySelector("article p"), gaps = [], range = new Range();
              const groups = [...paragraph.querySelectorAll(".polyglot-nowrap")];
              for (let width = 120; width < 400; width++) {
                paragraph.style.width = `${width}px`;
                for (const group of groups) {
                  const formula = group.querySelector("svg").getBoundingClientRect();
                  for (const text of [group.firstChild, group.lastChild].filter(node => node.data)) {
                    range.selectNode(text);
                    const mark = range.getBoundingClientRect();
                    gaps.push(Math.min(Math.abs(mark.left - formula.right), Math.abs(mark.right - formula.left)));
                  }
                }
              }
              return gaps;
            }"""
        )
        assert len(gaps) == 280 * 7  # marks stand after five formulas, and on both sides of one
        assert max(gaps) < 2


def test_formulas_are_read_but_not_seen_twice(browser, tiny_site):
    with served(tiny_site) as address, clean_page(browser) as page:
        page.goto(f"{address}/index.html")
        texts = page.locator(".polyglot-math-text")
        assert texts.count() == page.locator("svg[aria-hidden=true][fill=currentColor]").count()
        sizes = texts.evaluate_all("nodes => nodes.map(node => [node.offsetWidth, node.offsetHeight])")
        assert all(size == [1, 1] for size in sizes)
        report = Axe().run(page, ".math")
        assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("tight", ["a = -b", "[-1, 1]", r"\ell = -\log x", r"a \le -b", r"a, \quad -b"])
def test_a_sign_stands_close_to_what_it_belongs_to(tight):
    """Less wide than the same formula with something before the sign, from which it would be taken."""
    assert "−" in draw(tight, inline=True).mathml
    grown = draw(tight.replace("-", "c -", 1), inline=True).width - draw(tight, inline=True).width
    assert grown > draw("c", inline=True).width + 0.3


@pytest.mark.parametrize("formula", ["a - b", "(a) - b", "x_1 - 1", "f' - g"])
def test_a_sign_between_two_operands_keeps_its_space(formula):
    assert 'form="prefix"' not in draw(formula, inline=True).mathml
