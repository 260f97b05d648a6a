"""LeNet, small enough for a page: checked, rounded to 8 bits, and packed for a script."""

from __future__ import annotations

import base64
import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: The layers that the script computes, as ``print`` shows them.
LAYERS = {
    "conv1": "Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))",
    "conv2": "Conv2d(6, 16, kernel_size=(5, 5), stride=(1, 1))",
    "fc1": "Linear(in_features=400, out_features=120, bias=True)",
    "fc2": "Linear(in_features=120, out_features=84, bias=True)",
    "fc3": "Linear(in_features=84, out_features=10, bias=True)",
}


def forward(network: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What the script computes of pictures, N×1×32×32: both layers' maps, N×6×14×14 and N×16×5×5, and N×10 scores.

    >>> from torchhour.networks import Classifier
    >>> network = Classifier()
    >>> network.conv1 = nn.Conv2d(1, 6, 5)
    >>> [tuple(found.shape) for found in forward(network, torch.zeros(2, 1, 32, 32))]
    [(2, 6, 14, 14), (2, 16, 5, 5), (2, 10)]
    """
    first = F.max_pool2d(F.conv2d(x, network.conv1.weight, network.conv1.bias).relu(), 2)
    second = F.max_pool2d(F.conv2d(first, network.conv2.weight, network.conv2.bias).relu(), 2)
    x = second.flatten(1)
    for layer in (network.fc1, network.fc2):
        x = F.linear(x, layer.weight, layer.bias).relu()
    return first, second, F.linear(x, network.fc3.weight, network.fc3.bias)


@torch.no_grad()
def rounded_copy(network: nn.Module, images: Tensor) -> tuple[nn.Module, str]:
    """A copy whose weights are whole multiples, −127 to 127, of a scale of their output, and the same for a script.

    The copy is in evaluation mode on the CPU; biases stay as they are. For the script, in base64: of each layer
    the scales and the biases, as float32, then the weights of all layers as bytes. Raises ``ValueError`` where
    ``network`` is no LeNet, or computes something else of ``images``, N×1×32×32, and where a parameter is no number.

    >>> from torchhour.networks import Classifier
    >>> network = Classifier()
    >>> network.conv1 = nn.Conv2d(1, 6, 5)
    >>> rounded, packed = rounded_copy(network, torch.zeros(1, 1, 32, 32))
    >>> type(rounded).__name__, len(base64.b64decode(packed))  # 236 outputs, 61,470 weights
    ('Classifier', 63358)
    """
    _check_layers(network)
    rounded = copy.deepcopy(network).cpu().float().eval().requires_grad_(False)
    rounded.zero_grad()
    if not all(parameter.isfinite().all() for parameter in rounded.parameters()):
        raise ValueError("draw_digit found nan or inf in the network's parameters; train it anew, with smaller steps")
    if not torch.allclose(rounded(images), forward(rounded, images)[-1], rtol=1e-3, atol=1e-3):
        raise ValueError(
            "draw_digit needs a network whose forward is that of LeNet: conv1, relu, max_pool2d, conv2, relu, "
            "max_pool2d, flatten, fc1, relu, fc2, relu, fc3; this one computes something else"
        )
    numbers, weights = [], []
    for name in LAYERS:
        layer = rounded.get_submodule(name)
        scale, steps = _steps(layer.weight)
        layer.weight.copy_(scale * steps)
        numbers += [scale.flatten(), layer.bias]
        weights.append(steps.flatten())
    packed = torch.cat(numbers).numpy().astype("<f4").tobytes() + torch.cat(weights).numpy().astype("i1").tobytes()
    return rounded, base64.b64encode(packed).decode()


def _steps(weight: Tensor) -> tuple[Tensor, Tensor]:
    """The scale of each output, and how many of it each weight is."""
    scale = weight.abs().amax(dim=tuple(range(1, weight.dim())), keepdim=True) / 127
    scale[scale == 0] = 1
    return scale, (weight / scale).round().clamp(-127, 127)


def _check_layers(network: nn.Module) -> None:
    if not isinstance(network, nn.Module):
        raise ValueError(f"draw_digit needs a network, and was given a {type(network).__name__}; give it a LeNet")
    layers = dict(network.named_children())
    for name, wanted in LAYERS.items():
        found = repr(layers[name]) if name in layers else "no layer of this name"
        if found != wanted:
            raise ValueError(f"draw_digit needs {name} to be {wanted}, and found {found}; give it a LeNet")
