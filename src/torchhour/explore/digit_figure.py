"""What ``draw_digit`` shows of a picture: what both layers of a LeNet make of it, and its ten scores."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from torchhour.explore import drawing
from torchhour.explore.drawing import ACCENT, SOFT
from torchhour.explore.lenet import forward

#: The figure, where pictures begin, the gap between them, and where the layers' maps begin.
WIDTH, HEIGHT, TOP, GAP, MAPS = 480.0, 346.0, 22.0, 6.0, 173.0
#: The sides of the picture and of the maps, and the maps in a row.
SEEN, FIRST, SECOND = (153.0, 1), (46.0, 6), (33.0, 8)
#: The bars: their pitch, their width, the height of a score of 1, and their floor.
PITCH, BAR, FULL, FLOOR = 48.0, 30.0, 84.0, 318.0


@torch.no_grad()
def digit_figure(network: nn.Module, picture: Tensor, softmax: bool) -> str:
    """What a LeNet makes of a picture, 1×1×32×32 in [0, 1], as SVG; the scores as probabilities with ``softmax``.

    >>> from torchhour.networks import Classifier
    >>> network = Classifier()
    >>> network.conv1 = nn.Conv2d(1, 6, 5)
    >>> digit_figure(network, torch.zeros(1, 1, 32, 32), False).count("<image")
    23
    """
    first, second, scores = forward(network, picture)
    if softmax:
        scores = scores.softmax(dim=1)
    below = TOP + FIRST[0] + GAP + 20
    return drawing.svg(
        [
            drawing.text("what the network sees", 1, TOP - 9),
            *_pictures(picture[0], 1, TOP, SEEN, "seen"),
            *_title("conv1, relu, max_pool2d", "6×14×14", TOP - 9),
            *_pictures(first[0] / (first.max() or 1), MAPS, TOP, FIRST, "first"),
            *_title("conv2, relu, max_pool2d", "16×5×5", below),
            *_pictures(second[0] / (second.max() or 1), MAPS, below + 9, SECOND, "second"),
            drawing.text("probabilities" if softmax else "scores", 1, FLOOR - FULL - 30),
            *_bars(scores[0].tolist(), softmax),
        ],
        WIDTH,
        HEIGHT,
    )


def _title(steps: str, shape: str, y: float) -> list[str]:
    start = drawing.text(steps, MAPS, y, class_="code")
    return [start, drawing.text(shape, WIDTH - 1, y, class_="code", text_anchor="end")]


def _pictures(maps: Tensor, x: float, y: float, sizes: tuple[float, int], name: str) -> list[str]:
    """Pictures, C×H×W in [0, 1], in rows, each in a frame."""
    side, columns = sizes
    step = side + GAP
    places = [(x + step * (at % columns), y + step * (at // columns)) for at in range(len(maps))]
    kept = {"image_rendering": "pixelated", "aria_hidden": "true", "class_": name}
    images = [drawing.image(one, *place, side, **kept) for one, place in zip(maps, places, strict=True)]
    frames = "".join(f"M{x:g} {y:g}h{side:g}v{side:g}h-{side:g}z" for x, y in places)
    return [*images, drawing.element("path", d=frames, fill="none", stroke=SOFT)]


def _bars(scores: list[float], softmax: bool) -> list[str]:
    """The ten scores; the digit of the largest has a ring."""
    best = scores.index(max(scores))
    drawn = [drawing.line([(0, FLOOR), (WIDTH, FLOOR)], stroke=SOFT)]
    for digit, score in enumerate(scores):
        middle, high = PITCH * (digit + 0.5), FULL * min(max(score, 0.0), 1.1)
        place = {"x": middle - BAR / 2, "y": FLOOR - high, "width": BAR, "height": high}
        drawn += [
            drawing.element("rect", **place, fill=ACCENT if digit == best else SOFT, class_="bar"),
            drawing.text(written(score, softmax), middle, FLOOR - high - 6, text_anchor="middle", class_="value"),
            drawing.text(str(digit), middle, FLOOR + 19, text_anchor="middle"),
        ]
    ring = {"cx": PITCH * (best + 0.5), "cy": FLOOR + 14.5, "r": 11, "class_": "ring"}
    return [*drawn, drawing.element("circle", **ring, fill="none", stroke=ACCENT, stroke_width=2)]


def written(score: float, softmax: bool) -> str:
    """A score in two digits, or a probability in percent.

    >>> written(-0.0123, False), written(-0.001, False), written(0.987, True)
    ('−0.01', '0.00', '99%')
    """
    return f"{round(100 * score)}%" if softmax else f"{round(score, 2) + 0.0:.2f}".replace("-", "−")
