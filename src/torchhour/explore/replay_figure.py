"""How a training looks at one of its moments: two curves, the confusion matrix, and test pictures below."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence

from torch import Tensor
from torch.nn import functional as F

from torchhour.explore import drawing
from torchhour.explore.drawing import ACCENT, SOFT, WARM, element, text
from torchhour.explore.replay_curves import TOP, WIDTH, Layout, curves

#: A picture, how far the next ones are, how many are in a row, and the most pixels of a side.
PICTURE, ACROSS, DOWN, IN_ROW, PIXELS = 44.0, 120.0, 78.0, 4, 48
#: Cells so large have their names beside them.
NAMED = 12.0
#: A cross and a check, 10 by 10.
MARKS = ("M1 1l8 8M9 1l-8 8", "M1 5l3 4l5-8")


def drawn(
    layout: Layout, classes: Sequence[str], losses: Sequence[float], data: Mapping, pictures: Sequence[Tensor]
) -> str:
    """The figure at the last moment of the data."""
    rows = math.ceil(len(pictures) / IN_ROW)
    below = layout.bottom + 60
    return drawing.svg(
        [
            *curves(layout, losses, data["places"]),
            *_matrix(layout, classes, data["confusion"][-1]),
            text("test pictures, those learned early first", 0, below - 12),
            text("below: label, beside: prediction", WIDTH, below - 12, text_anchor="end"),
            *(_picture(layout, below, index, picture, classes, data) for index, picture in enumerate(pictures)),
        ],
        WIDTH,
        below + rows * DOWN - 10,
        font_size=13,
        font_family="sans-serif",
    )


def _matrix(layout: Layout, classes: Sequence[str], counts: Sequence[int]) -> list[str]:
    """Its cells, the more of a label's pictures are in one, the stronger; what is off the diagonal is a mistake."""
    size, cell, top = len(classes), layout.cell, TOP + layout.margin
    side = size * cell
    left = WIDTH - 1 - side
    rows = (_row(row, classes, counts, (left, top, cell)) for row in range(size))
    return [
        text("confusion matrix", min(left - layout.margin + 10, WIDTH - 116), TOP - 9),
        *(_names(layout, classes, left, top) if cell >= NAMED else ()),
        *rows,
        element("rect", x=left, y=top, width=side, height=side, fill="none", stroke=SOFT),
        text("rows: label, columns: prediction", WIDTH, top + side + 18, text_anchor="end"),
    ]


def _names(layout: Layout, classes: Sequence[str], left: float, top: float) -> list[str]:
    """The classes beside the rows and above the columns."""
    turned = {"text_anchor": "middle"} if layout.is_narrow else {"text_anchor": "end", "writing_mode": "vertical-rl"}
    parts = []
    for row, name in enumerate(classes):
        middle = (row + 0.5) * layout.cell
        parts.append(text(name, left - 6, top + middle + 4.5, text_anchor="end"))
        parts.append(text(name, left + middle, top - 6, **turned))
    return parts


def _row(row: int, classes: Sequence[str], counts: Sequence[int], place: tuple[float, float, float]) -> str:
    """The pictures of one label, with the counts for those who hear the page."""
    size = len(classes)
    own = counts[row * size : (row + 1) * size]
    told = ", ".join(f"{classes[row]} → {name}: {count}" for name, count in zip(classes, own, strict=True) if count)
    cells = "".join(_cell(row * size + column, classes, counts, place) for column in range(size))
    return element("g", cells, class_="of-label", role="img", aria_label=told or classes[row])


def _cell(index: int, classes: Sequence[str], counts: Sequence[int], place: tuple[float, float, float]) -> str:
    """How many pictures have one label and one prediction; any at all are to be seen."""
    row, column = divmod(index, len(classes))
    left, top, cell = place
    total = sum(counts[row * len(classes) : (row + 1) * len(classes)])
    shade = {
        "fill": ACCENT if row == column else WARM,
        "fill_opacity": 0.2 + 0.8 * math.sqrt(counts[index] / total) if counts[index] else 0,
    }
    told = element("title", f"{html.escape(classes[row])} → {html.escape(classes[column])}: {counts[index]}")
    x, y = left + column * cell + 0.5, top + row * cell + 0.5
    return element("rect", told, x=x, y=y, width=cell - 1, height=cell - 1, class_="cell", **shade)


def _picture(layout: Layout, below: float, index: int, picture: Tensor, classes: Sequence[str], data: Mapping) -> str:
    """A test picture above its label; beside it the prediction, right or wrong, and its probability."""
    x, y = index % IN_ROW * ACROSS, below + index // IN_ROW * DOWN
    label, prediction = data["labels"][index], data["predictions"][-1][index]
    is_right, side = label == prediction, x + PICTURE + (10 if layout.is_narrow else 6)
    size, height = ("digit", 17) if layout.is_narrow else ("name", 12)
    named = {"text_anchor": "middle"} if layout.is_narrow else {}
    colored = {"stroke": ACCENT if is_right else WARM, "stroke_width": 2, "fill": "none"}
    placed = {"transform": f"translate({side:.0f} {y + 29:.0f})"}
    return "".join(
        [
            drawing.image(picture, x, y, PICTURE * min(1, picture.shape[0] / picture.shape[1])),
            text(classes[label], x + PICTURE / 2 if layout.is_narrow else x, y + PICTURE + 16, **named),
            text(classes[prediction], side, y + 18, class_=f"guess {size}", font_size=height),
            element("path", d=MARKS[is_right], class_="mark", **colored, **placed),
            text(f"{data['percents'][-1][index]}%", side + 16, y + 39, class_="chance"),
        ]
    )


def painted(image: Tensor) -> Tensor:
    """A picture as it is drawn, from C×H×W: its smallest number is dark, its largest light; not too many pixels.

    >>> import torch
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
