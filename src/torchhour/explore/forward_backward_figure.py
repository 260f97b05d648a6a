"""The graph behind a loss as a drawing: leaves at the top, the loss at the bottom, values down, gradients up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
from torch.autograd.graph import Node

from torchhour.explore import drawing
from torchhour.explore.forward_backward_layout import layout, points, ways
from torchhour.graphs import Cell, Point

#: In pixels: the figure's width, a line of text, the margin in a box, the gap between its names and its numbers, and
#: a letter of code.
WIDTH, LINE, MARGIN, GAP, LETTER = 480.0, 19.0, 10.0, 18.0, 7.9
HEIGHT = 2 * LINE + 1.4 * MARGIN
#: The space above all boxes.
TOP = 32.0
#: How far the ways of values and of gradients are from the middle of an edge, and the size of their heads.
ASIDE, HEAD = 5.0, 8.0
#: How steeply a way begins and ends: from 0, straight at its goal, to 1, straight down.
STEEP = 0.8


@dataclass
class Box:
    """What stands in a function's box: two lines on the left, on the right its value, and below that its gradient."""

    name: str
    beside: str
    value: str
    gradient: str
    is_leaf: bool

    @property
    def left(self) -> float:
        """How wide its names are."""
        return LETTER * max(len(self.name), len(self.beside))

    @property
    def size(self) -> Point:
        """Width and height."""
        numbers = HEAD + 6 + LETTER * max(len(self.value), len(self.gradient), 2)
        return 2 * MARGIN + self.left + GAP + numbers, HEIGHT


def sizes(cells: Iterable[Hashable], boxes: Mapping[Node, Box]) -> dict[Hashable, Point]:
    """Of each box, and of each bend: as narrow as its two ways, and as high as a box."""
    return {cell: boxes[cell].size if cell in boxes else (3 * ASIDE, HEIGHT) for cell in cells}


def figure(graph: nx.DiGraph, cells: Mapping[Hashable, Cell], boxes: Mapping[Node, Box]) -> str:
    """The drawing; the boxes come in their order, and each edge tells by number which two it joins."""
    known = sizes(cells, boxes)
    places, (narrow, height) = layout(cells, known)
    width = max(narrow, WIDTH)
    places = {cell: (x + (width - narrow) / 2, y + TOP) for cell, (x, y) in places.items()}
    numbers = {function: number for number, function in enumerate(boxes)}
    parts = [_legend(width)]
    for (one, other), way in ways(graph).items():
        parts.append(_edge(points(way, places, known), numbers[one], numbers[other]))
    parts += [_box(box, places[function], known[function]) for function, box in boxes.items()]
    return drawing.svg(parts, width, TOP + height, font_size=13, font_family="sans-serif")


def _edge(line: list[Point], to: int, begin: int) -> str:
    """Two ways beside each other: down for the values, up for the gradients."""
    down = _way([(x - ASIDE, y) for x, y in line], drawing.ACCENT, 1)
    up = _way([(x + ASIDE, y) for x, y in reversed(line)], drawing.WARM, -1)
    both = drawing.element("g", down, class_="forth") + drawing.element("g", up, class_="back")
    return drawing.element("g", both, class_="edge", data_from=begin, data_to=to)


def _way(line: list[Point], colour: str, sign: int) -> str:
    """A smooth line, and its head."""
    x, y = line[-1]
    shortened = [*line[:-1], (x, y - sign * HEAD)]
    path = "M{:.1f} {:.1f}".format(*shortened[0])
    for (x_from, y_from), (x_to, y_to) in zip(shortened, shortened[1:], strict=False):
        pull = STEEP * (y_to - y_from)
        path += f"C{x_from:.1f} {y_from + pull:.1f} {x_to:.1f} {y_to - pull:.1f} {x_to:.1f} {y_to:.1f}"
    drawn = drawing.element("path", d=path, fill="none", stroke=colour, stroke_width=1.5)
    return drawn + _head(x, y, colour, sign)


def _head(x: float, y: float, colour: str, sign: int) -> str:
    """A triangle that points down, or up where ``sign`` is -1."""
    half, base = HEAD / 2, y - sign * HEAD
    return drawing.element("path", d=f"M{x - half:.1f} {base:.1f}h{HEAD:g}L{x:.1f} {y:.1f}z", fill=colour)


def _box(box: Box, place: Point, size: Point) -> str:
    left, top = place[0] - size[0] / 2, place[1] - size[1] / 2
    first, second = top + 0.7 * MARGIN + 14, top + 0.7 * MARGIN + LINE + 14
    begin = left + MARGIN + box.left + GAP
    tint = {"fill": drawing.ACCENT, "fill_opacity": 0.1} if box.is_leaf else {"fill": "none"}
    area = {"x": left, "y": top, "width": size[0], "height": size[1], "rx": 8}
    middle = first if box.beside else (first + second) / 2
    parts = [
        drawing.element("rect", **area, **tint, stroke=drawing.SOFT, class_="border"),
        drawing.line([(begin - GAP / 2, top), (begin - GAP / 2, top + size[1])], stroke=drawing.SOFT),
        drawing.text(box.name, left + MARGIN, middle, class_="code name"),
        drawing.text(box.beside, left + MARGIN, second, class_="code", opacity=0.75) if box.beside else "",
        _number(box.value, begin, first, "value", drawing.ACCENT, 1),
        _number(box.gradient, begin, second, "gradient", drawing.WARM, -1),
    ]
    return drawing.element("g", "".join(parts), class_="node")


def _number(content: str, x: float, y: float, name: str, colour: str, sign: int) -> str:
    """What a box says of its value or of its gradient, behind a triangle that says which."""
    if not content:
        return ""
    head = _head(x + HEAD / 2, y - 5 + sign * HEAD / 2, colour, sign)
    return drawing.element("g", head + drawing.text(content, x + HEAD + 6, y, class_="code"), class_=name)


def _legend(width: float) -> str:
    """What the two colours mean."""
    parts = []
    for x, text, colour, sign in (
        (width / 2 - 160, "forward: values", drawing.ACCENT, 1),
        (width / 2 + 15, "backward: gradients", drawing.WARM, -1),
    ):
        parts.append(_head(x, 13 + sign * HEAD / 2 - 1, colour, sign) + drawing.text(text, x + 12, 17))
    return "".join(parts)
