"""The shapes that a batch takes on its way through a network: read from the values as they pass, and drawn to scale."""

from __future__ import annotations

import math
import textwrap
from itertools import groupby

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

#: In inches: the widest row, which suits a phone, the margin, a line of text, the height of a vector, which has none
#: of its own, and the gap below a row.
WIDTH, MARGIN, LINE, THIN, GAP = 3.5, 0.05, 0.17, 0.04, 0.12
#: Between two channels, in numbers of a channel's side.
BETWEEN = 4
#: Letters in a line of names, so that the shape fits beside it in a row of 46.
LETTERS = 34
FONT = {"family": "DejaVu Sans Mono", "fontsize": 9, "va": "top"}

Shape = tuple[int, ...]


def layer_shapes(network: nn.Module, x: Tensor) -> list[tuple[str, Shape]]:
    """The shape of ``x``, then of what each step of ``network`` makes of it, all without N, the size of the batch.

    A step bears the name of the layer whose parameters it uses, or else of its
    function; steps whose result is no batch of N are left out. The network runs
    once, under ``no_grad``. Raises ``ValueError`` where ``x`` is not N×C or longer.

    >>> for name, shape in layer_shapes(nn.Sequential(nn.Linear(5, 3), nn.ReLU()), torch.zeros(2, 5)):
    ...     print(name, shape)
    x (5,)
    0 (3,)
    relu (3,)
    """
    if x.dim() < 2:
        raise ValueError(f"x has shape {tuple(x.shape)}, which is no batch; x.unsqueeze(0) makes it a batch of one")
    with torch.no_grad(), _Steps(network, x) as steps:
        network(x)
    return steps.shapes


def draw_shapes(network: nn.Module, x: Tensor) -> None:
    """Draw what ``layer_shapes`` finds, step by step from the top: channels as rectangles, a vector as a bar.

    All widths are to one scale, and so are the heights of channels, unless they would
    be thinner than a vector. Steps that keep the shape, as an activation does, share
    a row with the step above.

    >>> plt.switch_backend("agg")
    >>> draw_shapes(nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Flatten()), torch.zeros(1, 1, 8, 8))
    >>> [text.get_text() for text in plt.gca().texts]
    ['1×8×8', 'x', '6×4×4', '0, relu', '96', 'flatten']
    >>> plt.close()
    """
    rows = [(shape, [name for name, _ in steps]) for shape, steps in groupby(layer_shapes(network, x), lambda s: s[1])]
    scale = WIDTH / max(_extent(shape)[0] for shape, _ in rows)
    figure = plt.figure()
    axis = figure.add_axes((0, 0, 1, 1))
    bottom = MARGIN
    for shape, names in rows:
        axis.text(WIDTH, bottom, "×".join(map(str, shape)), ha="right", **FONT)
        for line in textwrap.wrap(", ".join(names), LETTERS):
            axis.text(0, bottom, line, **FONT)
            bottom += LINE
        width, height = _extent(shape)
        channels = [(scale * start, scale * shape[-1]) for start in range(0, width, shape[-1] + BETWEEN)]
        axis.broken_barh(channels, (bottom, max(THIN, scale * height)), color="steelblue", linewidth=0)
        bottom += max(THIN, scale * height) + GAP
    figure.set_size_inches(WIDTH + 2 * MARGIN, bottom)
    axis.set(xlim=(-MARGIN, WIDTH + MARGIN), ylim=(bottom, 0))
    axis.axis("off")
    plt.show()


class _Steps(TorchFunctionMode):
    """Sees every function of torch that is called on tensors, inside of layers too."""

    def __init__(self, network: nn.Module, x: Tensor) -> None:
        super().__init__()
        layers = [(name, layer) for name, layer in network.named_modules() if name]
        self.names = {id(tensor): name for name, layer in layers for tensor in layer.parameters(recurse=False)}
        self.batch = x.shape[:1]
        self.shapes = [("x", tuple(x.shape[1:]))]

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = function(*args, **kwargs)
        if isinstance(result, Tensor) and result.dim() > 1 and result.shape[:1] == self.batch:
            owners = [self.names[id(value)] for value in (*args, *kwargs.values()) if id(value) in self.names]
            self.shapes.append(([*owners, function.__name__][0], tuple(result.shape[1:])))
        return result


def _extent(shape: Shape) -> tuple[int, int]:
    """Width of all channels side by side, and their height, in numbers; a vector has no height."""
    *_, height, width = (0, *shape)
    return math.prod(shape[:-2]) * (width + BETWEEN) - BETWEEN, height
