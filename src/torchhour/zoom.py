"""Pictures with the numbers that they are made of."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

#: In points: the figure, which suits a phone, a line of text, and the room between two pictures.
WIDTH, LINE, GAP = 302, 14, 22
MARK = "tab:orange"


def draw_zoom(picture: Tensor, top: int, left: int, size: int = 6) -> None:
    """Draw a picture, H×W in [0, 1], and beside it the numbers of a square in it, whose corner is (top, left).

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> draw_zoom(torch.eye(4), top=1, left=1, size=2)
    >>> [text.get_text() for text in plt.gca().texts]
    ['1.0', '0.0', '0.0', '1.0']
    >>> plt.close()
    """
    side = (WIDTH - GAP) / 2
    axis = _paper(side + 2)
    step = side / picture.shape[1]
    _show(axis, picture, 0, 1, side)
    _frame(axis, step * left, 1 + step * top, step * size)
    square = picture[top : top + size, left : left + size]
    _show(axis, square, side + GAP, 1, side, written=True)
    _frame(axis, side + GAP, 1, side)
    for corner in (0, 1):
        ends = [1 + step * (top + size * corner), 1 + side * corner]
        axis.plot([step * (left + size), side + GAP], ends, color=MARK, linewidth=0.8)
    plt.show()


def draw_blocks(picture: Tensor, size: int, i: int, j: int) -> None:
    """Draw a picture, H×W in [0, 1], in blocks; the numbers of the block (i, j); and the means of all blocks.

    H and W are multiples of ``size``; ``view`` raises ``RuntimeError`` where they are not.

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> draw_blocks(torch.eye(4), 2, 0, 0)
    >>> [text.get_text() for text in plt.gca().texts if text.get_text()]
    ['x', 'groups[0, :, 0]', '1.0', '0.0', '0.0', '1.0', 'small']
    >>> plt.close()
    """
    height, width = picture.shape
    groups = picture.view(height // size, size, width // size, size)
    parts = {"x": picture, f"groups[{i}, :, {j}]": groups[i, :, j], "small": groups.mean(dim=(1, 3))}
    side = (WIDTH - 2 * GAP) / 3
    step = side / groups.shape[2]
    framed = [(step * j, step * i, step), (0, 0, side), (step * j, step * i, step)]
    axis = _paper(LINE + side + 2)
    for place, (name, part) in enumerate(parts.items()):
        left = place * (side + GAP)
        axis.text(left + side / 2, LINE / 2, name, family="monospace", size=9, ha="center", va="center")
        _show(axis, part, left, LINE, side, written=place == 1)
        x, y, wide = framed[place]
        _frame(axis, left + x, LINE + y, wide)
        if place:
            arrow = {"arrowstyle": "-|>", "color": MARK, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.2}
            axis.annotate("", (left - 3, LINE + side / 2), (left - GAP + 3, LINE + side / 2), arrowprops=arrow)
    axis.hlines([LINE + step * line for line in range(1, groups.shape[0])], 0, side, color="gray", linewidth=0.5)
    axis.vlines([step * line for line in range(1, groups.shape[2])], LINE, LINE + side, color="gray", linewidth=0.5)
    plt.show()


def _show(axis: Axes, picture: Tensor, left: float, top: float, side: float, written: bool = False) -> None:
    """A picture ``side`` wide; with the numbers of its pixels, if they are to be written."""
    limits = axis.get_xlim(), axis.get_ylim()
    rows, columns = picture.shape
    step = side / columns
    extent = (left, left + side, top + step * rows, top)
    axis.imshow(picture.numpy(), cmap="gray", vmin=0, vmax=1, extent=extent, aspect="auto", interpolation="nearest")
    axis.set(xlim=limits[0], ylim=limits[1])
    if written:
        for i in range(rows):
            for j in range(columns):
                color = "#111111" if picture[i, j] > 0.5 else "#eeeeee"
                place = (left + step * (j + 0.5), top + step * (i + 0.5))
                axis.text(*place, f"{picture[i, j]:.1f}", color=color, size=9, ha="center", va="center")


def _frame(axis: Axes, left: float, top: float, side: float) -> None:
    axis.add_patch(Rectangle((left, top), side, side, fill=False, edgecolor=MARK, linewidth=1.5, zorder=3))


def _paper(height: float) -> Axes:
    figure = plt.figure(figsize=((WIDTH + 2) / 72, height / 72))
    axis = figure.add_axes((0, 0, 1, 1), xlim=(-1, WIDTH + 1), ylim=(height, 0))
    axis.axis("off")
    return axis
