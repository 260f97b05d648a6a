"""Where the boxes of a graph stand, the leaves at the top, and how its edges go between them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import networkx as nx
from torch.autograd.graph import Node

from torchhour.graphs import Cell, Point, ends_of, places_of

#: In pixels: the space around boxes, besides that of ``places_of``.
AROUND = (12.0, 12.0)


def ways(graph: nx.DiGraph) -> dict[tuple[Node, Node], list[Hashable]]:
    """From each function to each of the next, by way of a bend in each row between.

    >>> ways(nx.DiGraph([(1, 2), (2, 3), (1, 3)]))[1, 3]
    [1, (1, 3, 1), 3]
    """
    rows = {function: row for row, part in enumerate(nx.topological_generations(graph)) for function in part}
    return {
        (one, other): [one, *((one, other, row) for row in range(rows[one] + 1, rows[other])), other]
        for one, other in graph.edges
    }


def bent(graph: nx.DiGraph) -> nx.DiGraph:
    """The graph with its bends, so that each edge finds a free column.

    >>> list(bent(nx.DiGraph([(1, 2), (2, 3), (1, 3)])).edges)
    [(1, 2), (1, (1, 3, 1)), (2, 3), ((1, 3, 1), 3)]
    """
    longer = nx.DiGraph()
    longer.add_nodes_from(graph)
    for way in sorted(ways(graph).values(), key=len):  # the straight columns are for the short ones
        nx.add_path(longer, way)
    return longer


def layout(
    cells: Mapping[Hashable, Cell], sizes: Mapping[Hashable, Point]
) -> tuple[dict[Hashable, Point], tuple[float, float]]:
    """The middle of each box and of each bend, and the width and the height of all, in pixels from the top left."""
    roomy = {cell: (sizes[cell][0] + AROUND[0], sizes[cell][1] + AROUND[1]) for cell in cells}
    places, (width, height) = places_of(cells, roomy)
    return {cell: (x, height - y) for cell, (x, y) in places.items()}, (width, height)


def points(way: list[Hashable], places: Mapping[Hashable, Point], sizes: Mapping[Hashable, Point]) -> list[Point]:
    """Where an edge leaves the box above, enters and leaves its bends, and enters the box below."""
    (x, y), _ = ends_of(places[way[-1]], sizes[way[-1]], places[way[-2]], sizes[way[-2]])
    _, end = ends_of(places[way[1]], sizes[way[1]], places[way[0]], sizes[way[0]])
    bends = [(places[bend], sizes[bend][1] / 2) for bend in reversed(way[1:-1])]
    return [(x, y), *((x, y + side) for (x, y), half in bends for side in (-half, half)), end]
