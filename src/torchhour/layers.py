"""The path of a picture through LeNet, layer by layer, as a picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

#: What each row does, then its steps, each with the shape after it, if that is a new one.
ROWS = (
    ("look for patterns", (("input", "1×32×32"), ("conv", "6×28×28"), ("relu", ""), ("pool", "6×14×14"))),
    ("", (("conv", "16×10×10"), ("relu", ""), ("pool", "16×5×5"), ("flatten", "400"))),
    ("weigh what was found", (("linear", "120"), ("relu", ""), ("linear", "84"), ("relu", ""))),
    ("", (("linear", "10"), ("loss", ""))),
)
#: The steps that have parameters.
LEARNED = {"conv", "linear"}
#: In points: the figure, the first box's middle, the way to the next column and to the next rows, and a box.
WIDTH, HEIGHT, LEFT, ACROSS, TOPS, BOX = 330, 268, 36, 86, (40, 102, 182, 244), (56, 26)
FONT = {"family": "DejaVu Sans Mono", "ha": "center"}


def draw_layers() -> None:
    """Draw the steps from the input to the loss, four in a row; those with parameters are blue.

    >>> plt.switch_backend("agg")
    >>> draw_layers()
    >>> [text.get_text() for text in plt.gca().texts if text.get_text()][:4]
    ['look for patterns', 'input', '1×32×32', 'conv']
    >>> plt.close()
    """
    figure = plt.figure(figsize=(WIDTH / 72, HEIGHT / 72))
    axis = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axis.axis("off")
    end = None
    for top, (title, steps) in zip(TOPS, ROWS, strict=True):
        axis.text(LEFT + 8 if end else LEFT - BOX[0] / 2, top - 22, title, size=10, color="gray")
        for column, (name, shape) in enumerate(steps):
            middle = LEFT + column * ACROSS
            if column:
                _arrow(axis, (middle - ACROSS + BOX[0] / 2, top), (middle - BOX[0] / 2 - 1, top))
            elif end:
                _back(axis, end, (middle, top))
            end = middle, top
            _box(axis, name, shape, end)
    plt.show()


def _box(axis: Axes, name: str, shape: str, place: tuple[float, float]) -> None:
    (x, y), (width, height) = place, BOX
    plain = plt.rcParams["figure.facecolor"], plt.rcParams["text.color"]
    color, ink = ("lightblue", "black") if name in LEARNED else plain
    style = {"boxstyle": "round,pad=0,rounding_size=5", "facecolor": color, "edgecolor": "gray"}
    axis.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, **style))
    axis.text(x, y, name, size=10, color=ink, va="center", **FONT)
    axis.text(x, y + height / 2 + 11, shape, size=8.5, color="gray", **FONT)


def _arrow(axis: Axes, tail: tuple[float, float], head: tuple[float, float]) -> None:
    style = {"arrowstyle": "-|>", "color": "gray", "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", head, tail, arrowprops=style)


def _back(axis: Axes, tail: tuple[float, float], head: tuple[float, float]) -> None:
    """From the end of a row to the beginning of the next: below the shapes, and back."""
    (x, y), (left, top) = tail, head
    level = y + BOX[1] / 2 + 17
    edge = x + BOX[0] / 2
    axis.plot([edge, edge + 5, edge + 5, left], [y, y, level, level], color="gray", linewidth=1)
    _arrow(axis, (left, level), (left, top - BOX[1] / 2 - 1))
