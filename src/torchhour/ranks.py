"""Processes that train together, drawn: how all-reduce makes their gradients equal, and on which machines they are."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from torch import Tensor

#: In points: the figure, which suits a phone, a picture, a cell with a number, and a box.
WIDTH, PICTURE, CELL, BOX = 302, 25, (40, 18), (124, 24)
#: Of what each rank has alone, of what all have, and what is written on them, in light and in dark alike.
SHADES, SAME, INK, MARK = ("#a6cbe6", "#b5dcae"), "#f0cf9b", "#0b2540", "tab:orange"


def draw_all_reduce(images: Sequence[Tensor], gradients: Sequence[Tensor]) -> None:
    """Draw a step of two ranks: the pictures of each, its own gradient, and the mean that both get of them.

    ``images`` holds, for each rank, four pictures of H×W; ``gradients`` a vector of three numbers.

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> draw_all_reduce([torch.zeros(4, 8, 8)] * 2, [torch.tensor([2.0, 4.0, 6.0]), torch.tensor([0.0, 0.0, 1.0])])
    >>> words = [text.get_text() for text in plt.gca().texts if text.get_text()]
    >>> words[:6]
    ['rank 0', 'the same network', 'own gradient', '2.000', '4.000', '6.000']
    >>> words[6:11]
    ['the same gradient', '1.000', '2.000', '3.500', 'the same step']
    >>> plt.close()
    """
    axis = _paper(292)
    mean = (gradients[0] + gradients[1]) / 2
    for rank, (pictures, gradient, shade) in enumerate(zip(images, gradients, SHADES, strict=True)):
        middle = WIDTH * (1 + 2 * rank) / 4
        axis.text(middle, 8, f"rank {rank}", size=10, ha="center", va="center")
        _show(axis, pictures, middle, 18)
        _arrow(axis, middle, 46, 62)
        _box(axis, "the same network", (middle, 75), SAME)
        _arrow(axis, middle, 88, 104)
        _numbers(axis, "own gradient", gradient, (middle, 112), shade)
        _arrow(axis, middle, 140, 163)
        _arrow(axis, middle, 193, 210)
        _numbers(axis, "the same gradient", mean, (middle, 218), SAME)
        _arrow(axis, middle, 246, 262)
        _box(axis, "the same step", (middle, 275), SAME)
    _box(axis, "all-reduce: mean", (WIDTH / 2, 178), None, WIDTH - 24)
    plt.show()


def draw_machines(machines: int = 2, processes: int = 2) -> None:
    """Draw the processes on some machines, each with its rank among all and its local rank on the machine.

    >>> plt.switch_backend("agg")
    >>> draw_machines()
    >>> [text.get_text() for text in plt.gca().texts if text.get_text()][:5]
    ['machine 0', 'RANK 0', 'LOCAL_RANK 0', 'RANK 1', 'LOCAL_RANK 1']
    >>> plt.close()
    """
    axis = _paper(20 + 58 * processes)
    room = WIDTH / machines
    for machine in range(machines):
        middle = room * (machine + 0.5)
        size = (room - 12, 12 + 58 * processes)
        _frame(axis, (middle, 12 + size[1] / 2 - 6), size, plt.rcParams["figure.facecolor"], "gray")
        axis.text(middle, 17, f"machine {machine}", size=10, color="gray", ha="center", va="center")
        for local in range(processes):
            rank, top = machine * processes + local, 50 + 54 * local
            _frame(axis, (middle, top), (room - 36, 42), SHADES[machine % len(SHADES)], "gray")
            for text, y in ((f"RANK {rank}", top - 8), (f"LOCAL_RANK {local}", top + 8)):
                axis.text(middle, y, text, color=INK, family="monospace", size=9, ha="center", va="center")
    plt.show()


def _show(axis: Axes, pictures: Tensor, middle: float, top: float) -> None:
    """Pictures in a row around ``middle``."""
    limits = axis.get_xlim(), axis.get_ylim()
    left = middle - len(pictures) * (PICTURE + 2) / 2 + 1
    for place, picture in enumerate(pictures):
        x = left + place * (PICTURE + 2)
        axis.imshow(picture, cmap="gray", extent=(x, x + PICTURE, top + PICTURE, top), interpolation="nearest")
    axis.set(xlim=limits[0], ylim=limits[1], aspect="auto")


def _numbers(axis: Axes, name: str, numbers: Tensor, place: tuple[float, float], shade: str) -> None:
    """A vector as cells in a row, its name above."""
    (middle, top), (width, height) = place, CELL
    axis.text(middle, top - 1, name, size=9, ha="center", va="center")
    for index, number in enumerate(numbers.tolist()):
        x = middle + (index - (len(numbers) - 1) / 2) * width
        _frame(axis, (x, top + 17), (width, height), shade, "gray", rounded=0)
        axis.text(x, top + 17, f"{number:.3f}", color=INK, family="monospace", size=8.5, ha="center", va="center")


def _box(axis: Axes, text: str, place: tuple[float, float], shade: str | None, width: float = BOX[0]) -> None:
    facecolor, ink, edge = (shade, INK, "gray") if shade else (plt.rcParams["figure.facecolor"], None, MARK)
    _frame(axis, place, (width, BOX[1]), facecolor, edge)
    axis.text(*place, text, size=10, color=ink or plt.rcParams["text.color"], ha="center", va="center")


def _frame(axis: Axes, place, size, facecolor: str, edge: str, rounded: int = 5) -> None:
    (x, y), (width, height) = place, size
    style = f"round,pad=0,rounding_size={rounded}" if rounded else "square,pad=0"
    corner = (x - width / 2, y - height / 2)
    axis.add_patch(FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=facecolor, edgecolor=edge))


def _arrow(axis: Axes, x: float, top: float, bottom: float) -> None:
    style = {"arrowstyle": "-|>", "color": "gray", "shrinkA": 0, "shrinkB": 0, "linewidth": 1.2}
    axis.annotate("", (x, bottom), (x, top), arrowprops=style)


def _paper(height: float) -> Axes:
    figure = plt.figure(figsize=((WIDTH + 2) / 72, (height + 2) / 72))
    axis = figure.add_axes((0, 0, 1, 1), xlim=(-1, WIDTH + 1), ylim=(height + 1, -1))
    axis.axis("off")
    return axis
