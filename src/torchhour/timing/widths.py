"""The width sweep of lesson 70: the network of lesson 40 made wider, and the seconds of its training step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from torchhour.timing.clock import median_seconds

#: Channels between the two convolutions: as in lesson 40, then more.
WIDTHS = (6, 16, 64, 256, 1024)
#: Pictures in a batch, as in lesson 40.
BATCH = 4


def wide(width: int) -> nn.Sequential:
    """The network of lesson 40 with ``width`` channels between its convolutions: N×3×32×32 to N×10.

    The exercise is from *Deep Learning with PyTorch: A 60 Minute Blitz*, which sets the
    second argument of the first ``nn.Conv2d`` and the first of the second.

    >>> wide(6)(torch.zeros(4, 3, 32, 32)).shape
    torch.Size([4, 10])
    >>> sum(parameter.numel() for parameter in wide(6).parameters())
    62006
    """
    first = nn.Sequential(nn.Conv2d(3, width, 5), nn.ReLU(), nn.MaxPool2d(2))
    second = nn.Sequential(nn.Conv2d(width, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
    third = nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84))
    return nn.Sequential(first, second, third, nn.ReLU(), nn.Linear(84, 10))


def training_step(width: int, device: torch.device, mixed: bool = False) -> Callable[[], torch.Tensor]:
    """A function that takes one step of training on ``device``, with the same random batch at each call.

    It returns the loss, a tensor on ``device``, so that nothing waits for it. With
    ``mixed``, the forward pass runs under autocast with bfloat16.

    >>> step = training_step(6, torch.device("cpu"))
    >>> step().shape
    torch.Size([])
    """
    network = wide(width).to(device)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    images = torch.rand(BATCH, 3, 32, 32).to(device)
    labels = torch.randint(10, (BATCH,)).to(device)

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
            loss = cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def sweep(
    device: torch.device, widths: Sequence[int] = WIDTHS, mixed: bool = False, repetitions: int = 5
) -> dict[int, float]:
    """For each width, the median seconds of a training step on ``device``.

    >>> list(sweep(torch.device("cpu"), widths=[2, 4]))
    [2, 4]
    """
    return {width: median_seconds(training_step(width, device, mixed), device, repetitions) for width in widths}


def crossing(one: Mapping[int, float], other: Mapping[int, float]) -> float | None:
    """The width from which ``other`` stays below ``one``, both seconds by width; ``None`` where it ends above.

    Between two widths that both have, lines are straight where both axes are
    logarithmic. Where ``other`` is below from the beginning, it is the first width.

    >>> crossing({1: 1.0, 100: 100.0}, {1: 10.0, 100: 10.0})
    10.0
    >>> crossing({1: 1.0, 100: 100.0}, {1: 0.5, 100: 10.0}), crossing({1: 1.0}, {1: 2.0})
    (1.0, None)
    """
    gaps = [(math.log(width), math.log(other[width] / one[width])) for width in sorted(one.keys() & other.keys())]
    if not gaps or gaps[-1][1] >= 0:
        return None
    above = [index for index, (_, gap) in enumerate(gaps) if gap >= 0]
    if not above:
        return math.exp(gaps[0][0])
    (left, high), (right, low) = gaps[above[-1]], gaps[above[-1] + 1]
    return round(math.exp(left + (right - left) * high / (high - low)), 6)
