"""The graph of backward functions behind a tensor: walked as in lesson 20, and drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.patches import FancyBboxPatch
from torch import Tensor
from torch.autograd.graph import Node, get_gradient_edge

#: In points: letters, lines, the margin in a box, the gap between boxes beside and below each other.
SIZE, LINE, MARGIN, GAP = 9.0, 12.0, 5.0, (12.0, 22.0)
#: Comes with matplotlib. Its letters are all 0.602 em wide, so a label's width is known before it is drawn.
FONT, LETTER = "DejaVu Sans Mono", 0.602 * SIZE
#: A longer name is broken before "Backward": screens may be narrow.
LETTERS = 16

Cell = tuple[int, int]
Point = tuple[float, float]


def edges(tensor: Tensor) -> list[tuple[Node, Node]]:
    """Each step from a backward function to the next, those nearest to ``tensor`` first.

    Inputs that need no gradient have no function, and no step leads there.
    Raises ``ValueError`` where ``tensor`` has no ``grad_fn``.

    >>> import torch
    >>> a = torch.tensor([2.0, 3.0], requires_grad=True)
    >>> for function, other in edges(3 * a**3):
    ...     print(function.name(), "->", other.name())
    MulBackward0 -> PowBackward0
    PowBackward0 -> torch::autograd::AccumulateGrad
    """
    if tensor.grad_fn is None:
        raise ValueError(
            "the tensor has no grad_fn, so there is no graph behind it; "
            "compute it from a tensor with requires_grad=True, outside torch.no_grad()"
        )
    found = []
    functions = [tensor.grad_fn]
    for function in functions:
        for other, _ in function.next_functions:
            if other is not None:
                found.append((function, other))
                if other not in functions:
                    functions.append(other)
    return found


def draw_graph(tensor: Tensor, names: dict[str, Tensor]) -> None:
    """Draw the backward functions behind ``tensor``, from the result at the top down to the leaves, in blue.

    An arrow leads from each function to those that receive its gradients. A name
    is written on its tensor's function; names of tensors outside the graph, say of
    frozen parameters, are left out. Raises ``ValueError`` where ``tensor`` has no
    ``grad_fn``.

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> a = torch.tensor([2.0, 3.0], requires_grad=True)
    >>> draw_graph(a**2, {"a": a})
    >>> [text.get_text() for text in plt.gca().texts if text.get_text()]
    ['PowBackward0', 'a\\nAccumulateGrad']
    >>> plt.close()
    """
    graph = nx.DiGraph(edges(tensor))
    labels = {function: _label(function, names) for function in graph}
    sizes = {function: _size(label) for function, label in labels.items()}
    places, (width, height) = places_of(cells_of(graph), sizes)
    figure = plt.figure(figsize=(width / 72, height / 72))
    axis = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axis.axis("off")
    for function, other in graph.edges:
        tail, head = ends_of(places[function], sizes[function], places[other], sizes[other])
        style = {"arrowstyle": "-|>", "color": "gray", "shrinkA": 0, "shrinkB": 0}
        axis.annotate("", head, tail, arrowprops=style)
    for function, (x, y) in places.items():
        (w, h), is_leaf = sizes[function], hasattr(function, "variable")
        color = "lightblue" if is_leaf else plt.rcParams["figure.facecolor"]
        style = {"boxstyle": "round,pad=0,rounding_size=4", "facecolor": color, "edgecolor": "gray"}
        axis.add_patch(FancyBboxPatch((x - w / 2, y - h / 2), w, h, **style, zorder=4))
        ink = "black" if is_leaf else plt.rcParams["text.color"]
        axis.text(x, y, labels[function], color=ink, family=FONT, size=SIZE, ha="center", va="center", zorder=5)
    plt.show()


def _label(function: Node, names: dict[str, Tensor]) -> str:
    """The names of the function's tensor, then its own."""
    own = function.name().rpartition("::")[2]
    if len(own) > LETTERS:
        own = own.replace("Backward", "\nBackward")
    tensors = {name: tensor for name, tensor in names.items() if tensor.requires_grad}
    return "\n".join([*(name for name in tensors if get_gradient_edge(tensors[name]).node is function), own])


def _size(label: str) -> Point:
    """Width and height of a label's box, in points."""
    lines = label.split("\n")
    return LETTER * max(map(len, lines)) + 2 * MARGIN, LINE * len(lines) + 2 * MARGIN


def cells_of(graph: nx.DiGraph) -> dict[Node, Cell]:
    """Column and row of each function: chains, the longest first, run straight down in the nearest free column."""
    rows = {function: row for row, part in enumerate(nx.topological_generations(graph)) for function in part}
    lengths: dict[Node, int] = {}
    for function in reversed(rows):
        lengths[function] = 1 + max((lengths[other] for other in graph[function]), default=0)
    cells: dict[Node, Cell] = {}
    taken: set[Cell] = set()
    for function in sorted(rows, key=lambda function: (rows[function], -lengths[function])):
        if function in cells:
            continue
        chain = [function]
        while new := [other for other in graph[chain[-1]] if other not in cells]:
            chain.append(max(new, key=lengths.get))
        beside = next((cells[parent][0] for parent in graph.predecessors(function)), 0)
        span = range(rows[function], rows[chain[-1]] + 1)
        nearest = sorted(range(-len(graph), len(graph)), key=lambda column: (abs(column - beside), -column))
        column = next(column for column in nearest if taken.isdisjoint((column, row) for row in span))
        taken.update((column, row) for row in span)
        cells |= {member: (column, rows[member]) for member in chain}
    return cells


def places_of(cells: dict[Node, Cell], sizes: dict[Node, Point]) -> tuple[dict[Node, Point], Point]:
    """The middle of each box, and the size of the whole, in points from the top left."""
    middles, extents = [], []
    for axis in (0, 1):
        spans: dict[int, float] = {}
        for function, cell in cells.items():
            spans[cell[axis]] = max(spans.get(cell[axis], 0), sizes[function][axis])
        edge, middle = 2.0, {}  # room for the outer boxes' lines
        for number in sorted(spans):
            middle[number] = edge + spans[number] / 2
            edge += spans[number] + GAP[axis]
        middles.append(middle)
        extents.append(edge - GAP[axis] + 2)
    return {function: (middles[0][x], middles[1][y]) for function, (x, y) in cells.items()}, tuple(extents)


def ends_of(place: Point, size: Point, other: Point, other_size: Point) -> tuple[Point, Point]:
    """Where an arrow leaves the lower side of one box and meets the upper side of another, the steeper the better."""
    aside = other[0] - place[0]
    toward, back = (max(-width / 3, min(width / 3, aside)) for width in (size[0], other_size[0]))
    return (place[0] + toward, place[1] + size[1] / 2), (other[0] - back, other[1] - other_size[1] / 2)
