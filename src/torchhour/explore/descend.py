"""Gradient descent on a curve: the learning rate decides whether the ball creeps, swings or bursts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature

import torch
from torch import Tensor

from torchhour.explore import drawing
from torchhour.explore.thing import Thing, rounded

#: The figure, its margins on the left, right, top and bottom, and the points of the curve.
WIDTH, HEIGHT, MARGIN, POINTS = 480.0, 260.0, (44.0, 14.0, 14.0, 34.0), 97
RATES = (0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 1.0, 1.05)
#: The numbers that are shown end here: the ball has burst.
BURST = 1e6
CONTROLS = (
    "<label><span>learning rate</span><input type='range' min='0' step='1'>"
    "<span role='status' data-shows='rate'></span></label>"
    "<button type='button' data-does='step'>one step</button><button type='button' data-does='play'>run</button>"
    "<button type='button' data-does='reset'>start again</button>"
    "<output data-shows='numbers' aria-live='polite'></output>"
)
WORDS = {
    "run": "run",
    "pause": "pause",
    "numbers": "step {}: {} = {}, loss = {}, gradient = {}",
    "creeps": "it creeps",
    "swings": "it swings",
    "bursts": "it bursts",
    "arrives": "it arrives",
}


def descend(
    f: Callable[[Tensor], Tensor],
    start: float = -2.0,
    rates: Sequence[float] = RATES,
    steps: int = 30,
    between: tuple[float, float] = (-3.0, 3.0),
) -> Thing:
    """Gradient descent on ``f``, a function of one number, to be stepped through at each of the learning rates.

    Each step was computed by ``backward``, from ``start`` on, ``steps`` times, or until the loss is larger than a
    million. Shown is the curve ``between`` two numbers; the axis is called as ``f`` calls its argument. Raises
    ``ValueError`` where the curve or a gradient there is no number, and ``RuntimeError`` where ``f`` is not made
    of PyTorch's functions.

    >>> thing = descend(lambda x: x**2, start=1.0, rates=[0.25], steps=2)
    >>> thing.data["runs"][0]["x"]
    [1.0, 0.5, 0.25]
    """
    x = torch.linspace(*between, POINTS)
    curve = [rounded(f(value).item()) for value in x]
    runs = [run(f, start, rate, steps) for rate in rates]
    data = {"between": list(between), "curve": curve, "runs": runs, "frame": [WIDTH, HEIGHT, *MARGIN]}
    name = next(iter(signature(f).parameters))
    figure = _figure(curve, runs[len(runs) // 2], between, name)
    return Thing("descend", data, figure, CONTROLS, {**WORDS, "name": name})


def run(f: Callable[[Tensor], Tensor], start: float, rate: float, steps: int) -> dict[str, object]:
    """The numbers of each step at one learning rate, and in a word how it went.

    >>> run(lambda x: x**2, 1.0, 1.1, 50)["end"]
    'bursts'
    """
    x = torch.tensor(float(start), requires_grad=True)
    found: dict[str, list[float]] = {"x": [], "loss": [], "gradient": []}
    for _ in range(steps + 1):
        loss = f(x)
        (gradient,) = torch.autograd.grad(loss, x)
        for name, value in (("x", x), ("loss", loss), ("gradient", gradient)):
            found[name].append(rounded(value.item()))
        if abs(loss.item()) > BURST:
            break
        with torch.no_grad():
            x -= rate * gradient
    return {"rate": rate, **found, "end": _end(found["x"], found["gradient"])}


def _end(x: list[float], gradient: list[float]) -> str:
    """How it went: whether it ends far away, near a place without slope, from both sides, or on the way."""
    first, last = abs(gradient[0]), abs(gradient[-1])
    if last > first * 1.01:
        return "bursts"
    if last < 0.02 * first:
        return "arrives"
    turns = sum(one * other < 0 for one, other in zip(gradient, gradient[1:], strict=False))
    return "swings" if turns > len(x) / 3 else "creeps"


def _figure(curve: list[float], shown: dict, between: tuple[float, float], name: str) -> str:
    """The curve, and the first steps of one run."""
    left, right, top, bottom = MARGIN
    low, high = min(curve), max(curve)

    def place(x: float, loss: float) -> tuple[float, float]:
        across = (x - between[0]) / (between[1] - between[0])
        up = min(max((loss - low) / ((high - low) or 1), -0.02), 1.04)
        return left + across * (WIDTH - left - right), HEIGHT - bottom - up * (HEIGHT - top - bottom)

    step = (between[1] - between[0]) / (len(curve) - 1)
    way = [place(x, loss) for x, loss in zip(shown["x"], shown["loss"], strict=True) if between[0] <= x <= between[1]]
    floor = HEIGHT - bottom
    return drawing.svg(
        [
            drawing.line([(left, top), (left, floor), (WIDTH - right, floor)], stroke=drawing.SOFT),
            drawing.line([place(between[0] + step * index, y) for index, y in enumerate(curve)], stroke="currentColor"),
            drawing.line(way, stroke=drawing.ACCENT, class_="way", stroke_dasharray="3 3"),
            drawing.element("g", "".join(_dot(point) for point in way[1:]) or " ", class_="dots"),
            drawing.element("circle", cx=way[0][0], cy=way[0][1], r=8, fill=drawing.ACCENT, class_="ball"),
            drawing.text(name, WIDTH - right, HEIGHT - 10, text_anchor="end"),
            drawing.text("loss", 6, top + 8),
        ],
        WIDTH,
        HEIGHT,
    )


def _dot(point: tuple[float, float]) -> str:
    return drawing.element("circle", cx=point[0], cy=point[1], r=3, fill=drawing.ACCENT)
