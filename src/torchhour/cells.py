"""Tensors as cells with their numbers: how many dimensions they have, what shape, and what broadcasting repeats."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from torch import Tensor

#: In points: the figure, which suits a phone, the side of a cell, how far a sheet stands behind the one before it,
#: a line of text, and the room between two tensors.
WIDTH, CELL, BEHIND, LINE, GAP = 302, 19, 7, 14, 20
#: From the smallest number to the largest, and what is written on them, in light and in dark alike.
SHADES = LinearSegmentedColormap.from_list("cells", ["#e6f0f8", "#a6cbe6", "#5aa2d2"])
INK, MARK = "#0b2540", "tab:orange"
CODE = {"family": "monospace", "size": 9}


def draw_tensors(tensors: Mapping[str, Tensor]) -> None:
    """Draw tensors of up to three dimensions, each between its name and its shape, in as many rows as it takes.

    The larger a number, the darker its cell. Of a third dimension, the first matrix
    stands in front. Raises ``ValueError`` where a tensor has more dimensions.

    >>> plt.switch_backend("agg")
    >>> draw_tensors({"a": torch.arange(2), "b": torch.zeros(1, 2, dtype=torch.int64)})
    >>> [text.get_text() for text in plt.gca().texts]
    ['0', '1', 'a', '2', '0', '0', 'b', '1×2']
    >>> plt.close()
    """
    low, high = min(float(one.min()) for one in tensors.values()), max(float(one.max()) for one in tensors.values())
    axis = _paper()
    left, top, bottom = 0.0, 0.0, 0.0
    for name, tensor in tensors.items():
        width, height = _size(tensor)
        room = max(width, 5.5 * len(name))
        if left and left + room > WIDTH:
            left, top = 0.0, bottom + LINE / 2
        _draw(axis, tensor, left, top + LINE, (tensor.float() - low) / (high - low or 1))
        _write(axis, left, top + LINE / 2, name)
        bottom = max(bottom, top + height + 2 * LINE)
        _write(axis, left, top + height + 1.5 * LINE, _shape(tensor), color="gray")
        left += room + GAP
    _finish(axis, bottom)


def draw_brackets(*tensors: Tensor) -> None:
    """Draw tensors one below the other; beside each, its numbers in brackets, those that open first in color.

    >>> plt.switch_backend("agg")
    >>> draw_brackets(torch.tensor([[7, 2]]))
    >>> [text.get_text() for text in plt.gca().texts]
    ['7', '2', '[[', '7, 2]]', '2 dimensions', 'shape', '1×2']
    >>> plt.close()
    """
    axis, top = _paper(), 0.0
    margin = max(_size(tensor)[0] for tensor in tensors) + 2 * GAP
    for tensor in tensors:
        height = max(_size(tensor)[1], 2 * LINE)
        _draw(axis, tensor, 0, top + (height - _size(tensor)[1]) / 2, torch.full(tensor.shape, 0.0))
        upper, lower = top + height / 2 - LINE / 2, top + height / 2 + LINE / 2
        _write(axis, margin, upper, "[" * tensor.dim(), ha="right", color=MARK, weight="bold")
        _write(axis, margin, upper, str(tensor.tolist()).lstrip("["))
        words = f"{tensor.dim()} dimension" + "s" * (tensor.dim() != 1)
        _write(axis, margin, lower, words, family=None, color="gray")
        _write(axis, margin + 4 * GAP, lower, "shape", family=None, color="gray")
        _write(axis, margin + 6 * GAP, lower, _shape(tensor), color="gray")
        top += height + LINE
    _finish(axis, top - LINE)


def draw_broadcast(tensors: Mapping[str, Tensor]) -> None:
    """Draw two tensors of up to two dimensions, and their sum; the numbers that broadcasting uses again are pale.

    Raises ``RuntimeError``, as PyTorch does, where the shapes do not go together.

    >>> plt.switch_backend("agg")
    >>> draw_broadcast({"a": torch.tensor([[1], [2]]), "b": torch.tensor([3])})
    >>> [text.get_text() for text in plt.gca().texts]
    ['1', '2', 'a', '2×1', '+', '3', '3', 'b', '1', '=', '4', '5', 'a + b', '2×1']
    >>> plt.close()
    """
    (first, one), (second, other) = tensors.items()
    axis, left = _paper(), 0.0
    width, height = _size(one + other)
    for name, part, sign in ((first, one, "+"), (second, other, "="), (f"{first} + {second}", one + other, "")):
        rows, columns = torch.atleast_2d(part).shape
        whole = torch.broadcast_to(part, (one + other).shape)
        _draw(axis, whole, left, LINE, torch.full(whole.shape, 1.0), own=(rows, columns))
        _write(axis, left, LINE / 2, name)
        _write(axis, left, height + 1.5 * LINE, _shape(part), color="gray")
        if sign:
            _write(axis, left + width + GAP / 2, LINE + height / 2, sign, ha="center", size=12)
        left += width + GAP
    _finish(axis, height + 2 * LINE)


def _draw(axis: Axes, tensor: Tensor, left: float, top: float, shades: Tensor, own: tuple[int, int] = (99, 99)) -> None:
    """The numbers of the first matrix, and the sheets behind it; what is not the tensor's own is pale."""
    if tensor.dim() > 3:
        raise ValueError(f"a tensor of shape {tuple(tensor.shape)} has more than three dimensions, and no drawing")
    sheets, shades = (one.reshape((1, 1, 1, *tensor.shape)[-3:]) for one in (tensor, shades))
    for sheet in reversed(range(len(sheets))):
        x, y = left + BEHIND * sheet, top + BEHIND * (len(sheets) - 1 - sheet)
        for i, row in enumerate(sheets[sheet].tolist()):
            for j, number in enumerate(row):
                pale = i >= own[0] or j >= own[1]
                style = {"facecolor": SHADES(float(shades[sheet, i, j])), "alpha": 0.2 if pale else 1}
                corner = (x + CELL * j, y + CELL * i)
                axis.add_patch(Rectangle(corner, CELL, CELL, edgecolor="gray", linewidth=0.6, **style))
                if not sheet:
                    color = "gray" if pale else INK
                    place = (x + CELL * (j + 0.5), y + CELL * (i + 0.5))
                    axis.text(*place, f"{number:g}", color=color, size=9, ha="center", va="center")


def _size(tensor: Tensor) -> tuple[float, float]:
    """How wide and how high a tensor is drawn."""
    sheets, rows, columns = (1, 1, 1, *tensor.shape)[-3:]
    return CELL * columns + BEHIND * (sheets - 1), CELL * rows + BEHIND * (sheets - 1)


def _shape(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "()"


def _write(axis: Axes, x: float, y: float, text: str, **style) -> None:
    axis.text(x, y, text, **{**CODE, "ha": "left", "va": "center", **style})


def _paper() -> Axes:
    axis = plt.figure().add_axes((0, 0, 1, 1))
    axis.axis("off")
    return axis


def _finish(axis: Axes, height: float) -> None:
    """Cut the paper to what stands on it, with a margin for the lines of the outermost cells."""
    axis.figure.set_size_inches((WIDTH + 2) / 72, (height + 2) / 72)
    axis.set(xlim=(-1, WIDTH + 1), ylim=(height + 1, -1))
    plt.show()
