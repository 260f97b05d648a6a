"""The pitfalls of the table, run and printed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import torch
import torch.nn.functional as F
from torch import nn

from torchhour.outcomes import outcomes, wrapped
from torchhour.pitfalls.table import PITFALLS, Pitfall


def show(*chosen: str, table: Sequence[Pitfall] = PITFALLS) -> None:
    """Run the pitfalls of these names; print each wrong line with what it comes to, and below it the right line.

    Raises ``ValueError`` where there is none of a name, and ``RuntimeError`` where a
    line that should be right is not.

    >>> show("view")
    ✗ maps.transpose(1, 3).view(8, -1)
      RuntimeError: view size is not compatible with input tensor's size and
      stride (at least one dimension spans across two contiguous subspaces).
      Use .reshape(...) instead.
    ✓ maps.transpose(1, 3).reshape(8, -1)
    """
    pitfalls = {pitfall.name: pitfall for pitfall in table}
    for name in chosen:
        if name not in pitfalls:
            raise ValueError(f"there is no pitfall {name!r}; choose from {', '.join(pitfalls)}")
        pitfall = pitfalls[name]
        *warnings, end = outcomes(pitfall.right, names())
        if warnings or end.kind == "error":
            raise RuntimeError(f"{pitfall.right!r} should be right, but gives {[*map(str, warnings), str(end)]}")
        print("✗", pitfall.wrong.replace("\n", "\n  "))
        *complaints, value = outcomes(pitfall.wrong, names())
        for said in (*complaints, value) if value.kind == "error" else complaints or [value]:
            print(wrapped(str(said), indent="  "))
        print("✓", pitfall.right.replace("\n", "\n  "))


def names() -> dict[str, object]:
    """What the lines are about: 8 pictures, their labels, a network that scores them, and so on; made anew each time.

    >>> names()["scores"].shape
    torch.Size([8, 10])
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        images, network = torch.rand(8, 1, 32, 32), make_network()
        labels, scores = torch.arange(2, 10), network(images)
        return {
            "nn": nn,
            "F": F,
            "SGD": torch.optim.SGD,
            "images": images,  # N×C×H×W
            "pixels": (images * 255).byte(),
            "array": numpy.zeros((8, 2)),
            "maps": torch.rand(8, 16, 5, 5),
            "labels": labels,
            "network": network,
            "scores": scores,
            "loss": F.cross_entropy(scores, labels),
            "w": torch.ones(2, requires_grad=True),
            "dropout": nn.Dropout(0.5),
            "make_network": make_network,
            "moves": moves,
            "Headless": Headless,
            "layers": [nn.Linear(2, 2), nn.Linear(2, 2)],
        }


def make_network(classes: int = 10) -> nn.Module:
    """A network of one layer that scores pictures of 1×32×32."""
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, classes))


def moves(network: nn.Module, optimizer: torch.optim.Optimizer) -> bool:
    """Whether a step of ``optimizer`` would change a parameter of ``network``."""
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return any(parameter is one for parameter in network.parameters() for one in held)


class Headless(nn.Module):
    """Layers as they come, in a plain list or in an ``nn.ModuleList``, and no ``head`` as in the lesson's ``Tower``."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = layers
