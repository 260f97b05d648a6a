"""How a training looks at one of its moments: two curves, the confusion matrix, and test pictures below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from torchhour.explore import drawing
from torchhour.explore.drawing import ACCENT, SOFT, WARM, element, text
from torchhour.explore.thing import rounded

#: The figure, its curves from left to right, its top, the room between two curves, and a picture with its words.
WIDTH, LEFT, RIGHT, TOP, BETWEEN = 480.0, 44.0, 216.0, 24.0, 36.0
PICTURE, ACROSS, DOWN, IN_ROW = 46.0, 121.0, 78.0, 4
#: The confusion matrix is at most so large, and so is a cell of it; names have room beside cells not too small.
SIDE, CELL, NAMED = 190.0, 36.0, 12.0
#: A curve has at most so many points, a picture so many pixels a side.
POINTS, PIXELS = 200, 48
#: A cross and a check, 10 by 10.
MARKS = ("M1 1l8 8M9 1l-8 8", "M1 5l3 4l5-8")


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
        margin = 10 + min(7.0 * max(map(len, classes)), 68)
        cell = min(min(WIDTH - RIGHT - margin - 12, SIDE) / len(classes), CELL)
        bottom = TOP + max(margin + cell * len(classes), SIDE)
        return cls(len(losses), min(0.0, *losses), _above(max(losses)), margin, cell, bottom)

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


def drawn(
    layout: Layout, classes: Sequence[str], losses: Sequence[float], data: Mapping, pictures: Sequence[Tensor]
) -> str:
    """The figure at the last moment of the data."""
    rows = math.ceil(len(pictures) / IN_ROW)
    below = layout.bottom + 54
    return drawing.svg(
        [
            *_curves(layout, losses, data["places"]),
            *_matrix(layout, classes, data["confusion"][-1]),
            text("test pictures, from easy to hard", 0, below - 10),
            *(_picture(below, index, pictures[index], classes, data) for index in range(len(pictures))),
        ],
        WIDTH,
        below + rows * DOWN - 8,
        font_size=13,
        font_family="sans-serif",
    )


def _curves(layout: Layout, losses: Sequence[float], places: Sequence[Sequence[float]]) -> list[str]:
    """The loss of all steps above the accuracy of the moments; a line leads through both at the last one."""
    second = layout.bottom - layout.curve
    x, loss, accuracy = places[-1]
    every = [tuple(layout.place(step, losses[step - 1], 0)[:2]) for step in _telling(losses)]
    shown = {"stroke": "currentColor", "stroke_width": 1.5, "stroke_linejoin": "round"}
    return [
        *_axes("loss", TOP, layout.curve, f"{layout.low:.2g}", f"{layout.high:.2g}"),
        *_axes("accuracy", second, layout.curve, "0%", "100%"),
        text("1", LEFT, layout.bottom + 18, text_anchor="middle"),
        text("step", (LEFT + RIGHT) / 2, layout.bottom + 18, text_anchor="middle"),
        text(str(layout.steps), RIGHT, layout.bottom + 18, text_anchor="end"),
        element("line", x1=x, x2=x, y1=TOP, y2=layout.bottom, stroke=ACCENT, stroke_dasharray="2 3", class_="now"),
        drawing.line(every, class_="losses", **shown),
        drawing.line([(place[0], place[2]) for place in places], class_="accuracies", **shown),
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


def _matrix(layout: Layout, classes: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Its cells, the more of a label's pictures are in one, the stronger; what is off the diagonal is a mistake."""
    size, cell, top = len(classes), layout.cell, TOP + layout.margin
    left = WIDTH - size * cell
    parts = [text("confusion matrix", left - layout.margin + 10, TOP - 9)]
    for row, name in enumerate(classes if cell >= NAMED else ()):
        middle = (row + 0.5) * cell
        parts.append(text(name, left - 6, top + middle + 4.5, text_anchor="end"))
        x, y = left + middle, top - 6
        turned = {"transform": f"rotate(-90 {x + 4:.1f} {y:.1f})"} if layout.margin > 20 else {"text_anchor": "middle"}
        parts.append(text(name, x + 4 if layout.margin > 20 else x, y, **turned))
    for index, count in enumerate(counts):
        row, column = divmod(index, size)
        share = count / max(sum(counts[row * size : (row + 1) * size]), 1)
        place = {"x": left + column * cell + 0.5, "y": top + row * cell + 0.5, "width": cell - 1, "height": cell - 1}
        told = element("title", f"{classes[row]} → {classes[column]}: {count}")
        fill = ACCENT if row == column else WARM
        parts.append(element("rect", told, **place, fill=fill, fill_opacity=round(share**0.5, 3), class_="cell"))
    frame = {"x": left, "y": top, "width": size * cell, "height": size * cell, "fill": "none", "stroke": SOFT}
    parts.append(element("rect", **frame))
    parts.append(text("rows: label, columns: prediction", WIDTH, top + size * cell + 18, text_anchor="end"))
    return parts


def _picture(below: float, index: int, picture: Tensor, classes: Sequence[str], data: Mapping) -> str:
    """A test picture above its label; beside it the prediction, right or wrong, and its probability."""
    x, y = index % IN_ROW * ACROSS, below + index // IN_ROW * DOWN
    label, prediction = data["labels"][index], data["predictions"][-1][index]
    side = x + PICTURE + 8
    is_right = label == prediction
    return "".join(
        [
            drawing.image(picture, x, y, PICTURE),
            text(classes[label], x, y + PICTURE + 15),
            text(classes[prediction], side, y + 17, class_="guess"),
            element(
                "path",
                d=MARKS[is_right],
                stroke=ACCENT if is_right else WARM,
                stroke_width=2,
                fill="none",
                transform=f"translate({side:.0f} {y + 28:.0f})",
                class_="mark",
            ),
            text(f"{data['percents'][-1][index]}%", side + 16, y + 38, class_="chance"),
        ]
    )


def painted(image: Tensor) -> Tensor:
    """A picture as it is drawn, from C×H×W: its smallest number is dark, its largest light; not too many pixels.

    >>> painted(torch.tensor([[[-1.0, 0.0, 1.0]]]))
    tensor([[0.0000, 0.5000, 1.0000]])
    """
    image = image.detach().cpu().float()
    if (largest := max(image.shape[1:])) > PIXELS:
        sizes = [max(1, round(side * PIXELS / largest)) for side in image.shape[1:]]
        image = F.interpolate(image[None], sizes, mode="area")[0]
    low, high = image.min(), image.max()
    image = (image - low) / (high - low).clamp(min=1e-12)
    return image[0] if len(image) == 1 else (255 * image.permute(1, 2, 0)).round().byte()


def _telling(losses: Sequence[float]) -> list[int]:
    """The steps that a curve needs: of many, the smallest and the largest loss of each stretch, first and last."""
    stretch = math.ceil(2 * len(losses) / POINTS) if len(losses) > POINTS else 1
    steps = {1, len(losses)}
    for start in range(0, len(losses), stretch):
        inside = range(start + 1, min(start + stretch, len(losses)) + 1)
        steps |= {min(inside, key=lambda step: losses[step - 1]), max(inside, key=lambda step: losses[step - 1])}
    return sorted(steps)


def _above(number: float) -> float:
    """A number of two digits that is not below a number, for the end of an axis.

    >>> _above(2.3026), _above(0.0)
    (2.4, 1.0)
    """
    if number <= 0:
        return 1.0
    unit = 10.0 ** (math.floor(math.log10(number)) - 1)
    return rounded(math.ceil(number / unit - 1e-9) * unit)
