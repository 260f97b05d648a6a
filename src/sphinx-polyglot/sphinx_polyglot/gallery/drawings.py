"""Keep Matplotlib's figures as drawings, SVG, in which words stay words.

In each lesson, what Matplotlib would draw in black on white has two colours that stand for the page's:
``INK`` and ``PAPER``. ``pages.drawings`` puts the page's own in, and the words of its language.
"""

from __future__ import annotations

import gzip
import html
import re
import sys
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

SCRAPER = f"{__name__}.scrape"
#: Stand for the page's text and for its background; nobody else would choose them.
INK, PAPER = "#010203", "#fdfeff"
INKED = ("text.color", "xtick.color", "ytick.color", "axes.labelcolor", "axes.edgecolor", "axes.titlecolor") + (
    "legend.labelcolor",
    "patch.edgecolor",
)
PAPERED = ("axes.facecolor", "figure.facecolor")
STYLE = {
    **dict.fromkeys(INKED, INK),
    **dict.fromkeys(PAPERED, PAPER),
    "svg.fonttype": "none",
    "svg.hashsalt": "polyglot",  # or its ids would be others in each run
    "image.interpolation": "none",  # a picture keeps its pixels
}
#: Of a drawing that is heavier, in compressed bytes, all but the words becomes pixels, so many an inch.
HEAVY, DENSITY = 150_000, 192
NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
ID = re.compile(r' id="([^"]+)"')
#: One of several lines of a text.
LINE = re.compile(
    r'<text style="(?P<style>[^"]*)" transform="translate\((?P<x>[\d.-]+) (?P<y>[\d.-]+)\)">(?P<text>[^<]*)</text>'
)
USED = re.compile(r'(?:url\(|href=")#([^)"]+)')


def style(scrapers: Iterable) -> str:
    """What Matplotlib's file of settings shall say where these scrapers look for figures: nothing, or ``STYLE``."""
    if SCRAPER not in scrapers:
        return ""
    return "".join(f'{name}: "{value}"\n' for name, value in STYLE.items())


def scrape(block, block_vars: dict, gallery_conf: dict) -> str:
    """What Sphinx-Gallery calls after each cell: write its figures, and the lines that show them."""
    if "matplotlib.pyplot" not in sys.modules:
        return ""
    import matplotlib.pyplot as plt
    from matplotlib.animation import Animation
    from sphinx_gallery.scrapers import matplotlib_scraper

    if any(isinstance(value, Animation) for value in block_vars["example_globals"].values()):
        return matplotlib_scraper(block, block_vars, gallery_conf)
    shown = ""
    for number in plt.get_fignums():
        path = Path(next(block_vars["image_path_iterator"])).with_suffix(".svg")
        path.write_text(drawn(plt.figure(number)), "utf-8", newline="\n")
        shown += f"\n.. polyglot-drawing:: /{path.relative_to(gallery_conf['src_dir']).as_posix()}\n"
    plt.close("all")
    return shown


def drawn(figure) -> str:
    """A figure as SVG, without what no page needs; where that is heavy, all but its words is made of pixels."""
    svg = _saved(figure)
    if len(gzip.compress(svg.encode(), mtime=0)) > HEAVY:
        for axes in figure.axes:
            for artist in (*axes.collections, *axes.lines, *axes.patches):
                artist.set_rasterized(True)
        svg = _saved(figure)
    return svg


def _saved(figure) -> str:
    written = StringIO()
    figure.savefig(written, format="svg", dpi=DENSITY, metadata=NO_METADATA)
    svg = written.getvalue()
    svg = svg[svg.index("<svg") :]
    used = set(USED.findall(svg))
    return _anchored(ID.sub(lambda found: found[0] if found[1] in used else "", svg))


def _anchored(svg: str) -> str:
    """Lines of one text are set by where each begins; have them stay in the middle, whatever their words will be."""

    def anchor(line: re.Match[str]) -> str:
        above, below = (re.search(pattern, text) for pattern, text in beside(line))
        if line["x"] in (found[1] for found in (above, below) if found):  # they begin at the same place, to the left
            return line[0]
        middle = float(line["x"]) + _width(html.unescape(line["text"]), line["style"]) / 2
        return (
            f'<text style="{line["style"]}; text-anchor: middle" x="{middle:.2f}" y="{line["y"]}">{line["text"]}</text>'
        )

    def beside(line: re.Match[str]) -> tuple[tuple[str, str], ...]:
        begin = r'transform="translate\(([\d.-]+) [^"]*">[^<]*</text>'
        return (begin + r"\s*$", svg[: line.start()][-600:]), (r"^\s*<text [^>]*" + begin, svg[line.end() :][:900])

    return LINE.sub(anchor, svg)


def _width(text: str, style: str) -> float:
    """How wide Matplotlib took a text to be."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    size, family = re.search(r"font-size: ([\d.]+)px", style), re.search(r"font-family: '([^']+)'", style)
    font = FontProperties(family=family[1] if family else None, size=float(size[1]) if size else 10)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
