"""A kernel slides over a picture: at each place, its numbers times the pixels, summed, are one number of the map."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor

from torchhour.explore.slide_figure import figure, frame
from torchhour.explore.thing import Thing, rounded

#: The most pixels along a side of the picture, and the fewest and most numbers along one of a kernel.
PIXELS, SIDES = 32, (2, 5)
#: A name of ordinary words is translated; any other is code.
WORDS_ONLY = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
CONTROLS = (
    '<div class="torchhour-arrows"><button type="button" data-does="left" aria-label="left">←</button>'
    '<button type="button" data-does="up" aria-label="up">↑</button>'
    '<button type="button" data-does="down" aria-label="down">↓</button>'
    '<button type="button" data-does="right" aria-label="right">→</button></div>'
    '<button type="button" data-does="play">run</button><button type="button" data-does="fill">fill the map</button>'
    '<button type="button" data-does="reset">start again</button>'
    '<output data-shows="numbers" aria-live="polite"></output>'
)
WORDS = {
    "run": "run",
    "pause": "pause",
    "picture": "picture: the arrow keys move the kernel",
    "numbers": "row {}, column {}, from 0: sum of the products = {}",
    "filled": "the map is full: {}×{} numbers",
}


def slide(kernels: Tensor | Mapping[str, Tensor], picture: Tensor) -> Thing:
    """Slide a kernel over a picture, as ``Conv2d`` does: without padding, one pixel at a time, and without a flip.

    ``kernels`` is one kernel, kh×kw, or several by name, to choose from; each side has 2 to 5 numbers.
    ``picture`` is H×W, up to 32×32. The map of each kernel, (H - kh + 1)×(W - kw + 1), was computed by
    ``torch.nn.functional.conv2d``. Rows and columns are counted from 0. Raises ``ValueError`` where a shape does
    not fit, or where a number is nan or infinite.

    >>> import torch
    >>> thing = slide(torch.tensor([[-1.0, 1.0], [-1.0, 1.0]]), torch.tensor([[0.0, 1.0, 1.0], [0.0, 1.0, 1.0]]))
    >>> thing.data["kernels"][0]["map"]
    [[2.0, 0.0]]
    """
    named = dict(kernels) if isinstance(kernels, Mapping) else {"kernel": kernels}
    _check(named, picture)
    shown = [{"kernel": _numbers(kernel), "map": _numbers(convolved(kernel, picture))} for kernel in named.values()]
    data = {"picture": _numbers(picture), "kernels": shown, "at": _telling(shown[0]["map"])}
    data["frame"] = frame(picture.shape)
    thing = Thing("slide", data, "", _choice(named) + CONTROLS, WORDS)
    thing.figure = figure(data)
    return thing


def convolved(kernel: Tensor, picture: Tensor) -> Tensor:
    """The map of a kernel, (H - kh + 1)×(W - kw + 1) float64.

    >>> import torch
    >>> convolved(torch.ones(2, 2), torch.eye(3)).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    one, other = (values.detach().cpu().double()[None, None] for values in (picture, kernel))
    return F.conv2d(one, other)[0, 0]


def _check(named: dict[str, Tensor], picture: Tensor) -> None:
    """Raise where a shape does not fit, and tell the remedy."""
    shape, (fewest, most) = tuple(picture.shape), SIDES
    if len(shape) != 2:
        message = f"slide needs a picture of H×W, but its shape is {shape}"
        raise ValueError(f"{message}; take one channel of one picture, such as pictures[0, 0]")
    if max(shape) > PIXELS:
        message = f"slide shows a picture of up to {PIXELS}×{PIXELS} pixels, but its shape is {shape}"
        raise ValueError(f"{message}; cut it or make it smaller, such as picture[::2, ::2]")
    if not named:
        raise ValueError("slide was given no kernel; give it a tensor, or a dict with a tensor for each name")
    for name, kernel in named.items():
        sides = tuple(kernel.shape)
        if len(sides) != 2 or min(sides) < fewest or max(sides) > most:
            message = f'slide needs kernels of {fewest}×{fewest} to {most}×{most}, but the shape of "{name}" is {sides}'
            raise ValueError(f"{message}; take one channel of one kernel, such as conv.weight[0, 0]")
        if sides[0] > shape[0] or sides[1] > shape[1]:
            message = f'the kernel "{name}" of shape {sides} does not fit into a picture of shape {shape}'
            raise ValueError(f"slide: {message}; take a smaller kernel or a larger picture")


def _choice(named: dict[str, Tensor]) -> str:
    """What a kernel is chosen with, if there are several."""
    if len(named) < 2:
        return ""
    codes = {name: "" if WORDS_ONLY.fullmatch(name) else ' class="code"' for name in named}
    options = "".join(
        f'<option value="{index}"{code}>{html.escape(name)}</option>'
        for index, (name, code) in enumerate(codes.items())
    )
    return f"<label><span>kernel</span><select>{options}</select></label>"


def _numbers(values: Tensor) -> list[list[float]]:
    return [[rounded(value) for value in row] for row in values.tolist()]


def _telling(found: list[list[float]]) -> list[int]:
    """The row and the column of the number farthest from 0."""
    places = [(row, column) for row, line in enumerate(found) for column in range(len(line))]
    return list(max(places, key=lambda place: abs(found[place[0]][place[1]])))
