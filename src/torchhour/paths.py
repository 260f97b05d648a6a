"""The path that every training takes, as a picture: data, network, loss, and back."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

#: In points: the figure, and the boxes on the path, each with its middle and the lesson about it.
WIDTH, HEIGHT, BOX = 330, 140, (76, 34)
STOPS = {"pictures": (42, "Tensors"), "network": (165, "Neural networks"), "loss": (288, "Neural networks")}
ROW, BACK = 45, 112
FORWARD, BACKWARD = "gray", "tab:orange"


def draw_path() -> None:
    """Draw the way from pictures through a network to the loss, and the gradients' way back to its parameters.

    Each stop bears the lesson that is about it, and in the corner stands the one that goes all of the way.

    >>> plt.switch_backend("agg")
    >>> draw_path()
    >>> [text.get_text() for text in plt.gca().texts][:4]
    ['pictures', 'Tensors', 'network', 'Neural networks']
    >>> plt.close()
    """
    figure = plt.figure(figsize=(WIDTH / 72, HEIGHT / 72))
    axis = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axis.axis("off")
    for name, (middle, lesson) in STOPS.items():
        _box(axis, name, middle)
        axis.text(middle, ROW - 27, lesson, size=9, color="gray", ha="center")
    (first, _), (second, _), (third, _) = STOPS.values()
    _arrow(axis, (first + BOX[0] / 2, ROW), (second - BOX[0] / 2, ROW), FORWARD)
    _arrow(axis, (second + BOX[0] / 2, ROW), (third - BOX[0] / 2, ROW), FORWARD)
    axis.text((second + third) / 2, ROW - 6, "scores", size=9, ha="center")
    down = ROW + BOX[1] / 2 + 2
    axis.plot([third, third, second], [down, BACK, BACK], color=BACKWARD)
    _arrow(axis, (second, BACK), (second, down + 2), BACKWARD)
    axis.text((second + third) / 2, BACK - 6, "gradients", size=10, ha="center")
    axis.text((second + third) / 2, BACK + 14, "Autograd", size=9, color="gray", ha="center")
    axis.text(second - 8, (down + BACK) / 2 + 4, "update the parameters", size=10, ha="right")
    axis.text(4, BACK + 4, "all of it", size=10)
    axis.text(4, BACK + 18, "A classifier", size=9, color="gray")
    plt.show()


def _box(axis: Axes, name: str, middle: float) -> None:
    width, height = BOX
    style = {"boxstyle": "round,pad=0,rounding_size=6", "facecolor": plt.rcParams["figure.facecolor"]}
    place = (middle - width / 2, ROW - height / 2)
    axis.add_patch(FancyBboxPatch(place, width, height, edgecolor=FORWARD, linewidth=1.5, **style))
    axis.text(middle, ROW, name, size=11, ha="center", va="center")


def _arrow(axis: Axes, tail: tuple[float, float], head: tuple[float, float], color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.5}
    axis.annotate("", head, tail, arrowprops=style)
