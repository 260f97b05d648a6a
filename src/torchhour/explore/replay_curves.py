"""The curves of a training, and where its figure has what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torchhour.explore import drawing
from torchhour.explore.drawing import ACCENT, SOFT, element, text
from torchhour.explore.thing import rounded

#: The figure, its curves from left to right, its top, the room between the curves, and the most points of one.
WIDTH, LEFT, RIGHT, TOP, BETWEEN, POINTS = 480.0, 44.0, 216.0, 24.0, 36.0, 200
#: The confusion matrix is at most so large, and so is a cell of it.
SIDE, CELL = 190.0, 56.0


@dataclass(frozen=True)
class Layout:
    """Where things are, in pixels of the figure, and what is at the ends of its axes."""

    steps: int
    low: float
    high: float
    margin: float  # for the names beside the confusion matrix
    cell: float
    bottom: float  # of the curves and the matrix

    @classmethod
    def of(cls, classes: Sequence[str], losses: Sequence[float]) -> Layout:
        """The layout for these names and losses."""
        low = 0 - _above(-min(losses))
        high = _above(max(losses)) or (0.0 if low else 1.0)
        margin = 10 + min(7.0 * max(map(len, classes)), 68)
        cell = min(min(WIDTH - RIGHT - margin - 12, SIDE) / len(classes), CELL)
        return cls(len(losses), low, high, margin, cell, TOP + max(margin + cell * len(classes), SIDE))

    @property
    def is_narrow(self) -> bool:
        """Whether the names are as narrow as digits."""
        return self.margin < 20

    @property
    def curve(self) -> float:
        """How high a curve is."""
        return (self.bottom - TOP - BETWEEN) / 2

    def place(self, step: int, loss: float, accuracy: float) -> list[float]:
        """Where a step is from the left, and its loss and its accuracy from the top."""
        across = (step - 1) / max(self.steps - 1, 1)
        up = (loss - self.low) / (self.high - self.low)
        x, y = LEFT + across * (RIGHT - LEFT), TOP + (1 - up) * self.curve
        return [round(x, 1), round(y, 1), round(self.bottom - accuracy * self.curve, 1)]


def curves(layout: Layout, losses: Sequence[float], places: Sequence[Sequence[float]]) -> list[str]:
    """The loss of all steps above the accuracy of the moments; a line leads through both at the last one."""
    second = layout.bottom - layout.curve
    x, loss, accuracy = places[-1]
    every = [tuple(layout.place(step, losses[step - 1], 0)[:2]) for step in _telling(losses)]
    shown = {"stroke": "currentColor", "stroke_width": 1.5, "stroke_linejoin": "round"}
    now = f"M0 {TOP:.0f}v{layout.curve:.1f}M0 {second:.1f}v{layout.curve:.1f}"
    dots = "".join(element("circle", cx=place[0], cy=place[2], r=2) for place in places)
    return [
        *_axes("loss", TOP, layout.curve, _short(layout.low), _short(layout.high)),
        *_axes("accuracy", second, layout.curve, "0%", "100%"),
        text("1", LEFT, layout.bottom + 18, text_anchor="middle"),
        text("step", (LEFT + RIGHT) / 2, layout.bottom + 18, text_anchor="middle"),
        text(str(layout.steps), RIGHT, layout.bottom + 18, text_anchor="end"),
        element("path", d=now, stroke=ACCENT, stroke_dasharray="2 3", class_="now", transform=f"translate({x:g})"),
        drawing.line(every, class_="losses", **shown),
        drawing.line([(place[0], place[2]) for place in places], class_="accuracies", **shown),
        element("g", dots, fill="currentColor"),
        element("circle", cx=x, cy=loss, r=5, fill=ACCENT, class_="loss"),
        element("circle", cx=x, cy=accuracy, r=5, fill=ACCENT, class_="accuracy"),
    ]


def _axes(name: str, top: float, height: float, low: str, high: str) -> list[str]:
    floor = top + height
    return [
        text(name, LEFT, top - 9),
        drawing.line([(LEFT, top), (LEFT, floor), (RIGHT, floor)], stroke=SOFT),
        text(high, LEFT - 6, top + 9, text_anchor="end"),
        text(low, LEFT - 6, floor, text_anchor="end"),
    ]


def _telling(losses: Sequence[float]) -> list[int]:
    """The steps that a curve needs: of many, the smallest and the largest loss of each stretch, first and last."""
    stretch = math.ceil(2 * len(losses) / POINTS) if len(losses) > POINTS else 1
    steps = {1, len(losses)}
    for start in range(0, len(losses), stretch):
        inside = range(start + 1, min(start + stretch, len(losses)) + 1)
        steps |= {min(inside, key=lambda step: losses[step - 1]), max(inside, key=lambda step: losses[step - 1])}
    return sorted(steps)


def _short(number: float) -> str:
    return f"{number:.2g}".replace("e+0", "e").replace("-", "−")


def _above(number: float) -> float:
    """A number of two digits that is not below a number, nor below 0, for the end of an axis.

    >>> _above(2.3026), _above(-1.0)
    (2.4, 0.0)
    """
    if number <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(number)) - 1)
    return rounded(math.ceil(number / unit - 1e-9) * unit)
