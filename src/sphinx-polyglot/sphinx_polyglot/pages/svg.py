"""A drawing as a page holds it, and as a file of its own."""

from __future__ import annotations

import re

from sphinx_polyglot.gallery.drawings import INK, PAPER

FAMILY = re.compile(r"font-family: [^;\"]*")
MONO = re.compile(r"font-family: [^;\"]*[Mm]ono")
NAMED = re.compile(r'( id="|url\(#|href="#)')
SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
#: Begin and end of a group; and a turn by nothing, as Matplotlib writes it.
GROUP, UNTURNED = re.compile(r"<g\b[^>]*>|</g>"), re.compile(r' transform="rotate\(-?0 [^)]*\)"')
#: What a drawing is written in where there is no page around it.
SANS, MONOSPACED = (
    "sans-serif, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei'",
    "monospace, 'Noto Sans Mono CJK SC'",
)


def inlined(svg: str, prefix: str, label: str) -> str:
    """The drawing as part of a page: its colours, its fonts, names that no other drawing has."""
    svg = STYLE.sub("", svg).replace(INK, "currentColor").replace(PAPER, "var(--polyglot-paper)")
    svg = FAMILY.sub(lambda found: f"font-family: var(--polyglot-{'mono' if MONO.match(found[0]) else 'sans'})", svg)
    svg = NAMED.sub(rf"\g<1>{prefix}-", svg).replace("xmlns:xlink=", "data-xlink=")
    svg = _ungrouped(UNTURNED.sub("", svg))
    svg = re.sub(r' (?:data-xlink|xmlns|version)="[^"]*"', "", svg).replace(" xlink:href=", " href=")
    width, height = (float(size) * 4 / 3 for size in SIZE.search(svg).groups())
    head = f'class="polyglot-drawing" role="img" {label} width="{width:.0f}" height="{height:.0f}"'
    return re.sub(r"\s*\n\s*", "\n", SIZE.sub(head, svg, count=1))


def alone(svg: str) -> str:
    """The drawing for a file of its own: black on white, in fonts that any machine has."""
    svg = svg.replace(INK, "#000000").replace(PAPER, "#ffffff")
    return FAMILY.sub(lambda found: f"font-family: {MONOSPACED if MONO.match(found[0]) else SANS}", svg)


def _ungrouped(svg: str) -> str:
    """Without the groups that say nothing of what is in them.

    >>> _ungrouped('<g><g clip-path="url(#a)"><g><path/></g><g/></g></g>')
    '<g clip-path="url(#a)"><path/></g>'
    """
    are_bare: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[0].endswith("/>"):
            return ""
        if tag[0] == "</g>":
            return "" if are_bare.pop() else tag[0]
        are_bare.append(tag[0] == "<g>")
        return "" if are_bare[-1] else tag[0]

    return GROUP.sub(kept, svg)
