"""The shapes that the library reads are those that forward hooks see, and they are drawn to scale."""

from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import torch
from torch import nn
from torchvision.models import resnet18

from torchhour.networks import Classifier
from torchhour.shapes import draw_shapes, layer_shapes

LESSON = Path(__file__).parents[1] / "gallery" / "30_networks.py"


@pytest.fixture(autouse=True)
def _as_before():
    threads = torch.get_num_threads()
    plt.switch_backend("agg")
    plt.close("all")
    yield
    plt.close("all")
    torch.set_num_threads(threads)


def hooked(network: nn.Module, x: torch.Tensor) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """By forward hooks: the shapes that go in and come out of each layer that holds no other, without N."""
    found = {}
    for name, layer in network.named_modules():
        if not list(layer.children()):

            def hook(_, inputs, output, name=name):
                found[name] = tuple(inputs[0].shape[1:]), tuple(output.shape[1:])

            layer.register_forward_hook(hook)
    network(x)
    return found


def test_the_hooks_of_the_lesson_see_the_same():
    text, found = LESSON.read_text(encoding="utf-8"), {}
    for first, last in (
        ("import torch\n", "scores = network(images)"),
        ("names = {layer: name", "for name, parameter in"),
    ):
        exec(text[text.index(f"\n{first}") :].split(f"\n{last}")[0], found)
    steps = layer_shapes(found["network"], found["images"])
    names = [name for name, _ in steps]
    layers = ["conv1", "conv2", "fc1", "fc2", "fc3"]
    assert [name for name in names if name in layers] == list(found["shapes"]) == layers
    for layer, (taken, given) in found["shapes"].items():
        place = names.index(layer)
        assert steps[place - 1][1] == taken[1:] and steps[place][1] == given[1:]


def test_every_step_of_a_row_of_layers():
    """Where each step is a layer, hooks miss none of them."""
    row = nn.Sequential(
        *(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.Tanh(), nn.AvgPool2d(3, 2)),
        *(nn.ConvTranspose2d(8, 4, 2), nn.Dropout(), nn.Flatten(), nn.LazyLinear(7), nn.Softmax(dim=1)),
    )
    x = torch.zeros(5, 3, 21, 17)
    expected = [given for _, given in hooked(row, x).values()]
    assert [shape for _, shape in layer_shapes(row, x)] == [(3, 21, 17), *expected]
    assert [name for name, _ in layer_shapes(row, x)][1:3] == ["0", "1"]


def test_every_layer_of_a_deep_network():
    network, x = resnet18(), torch.zeros(2, 3, 64, 64)
    steps = layer_shapes(network, x)
    expected = {name: given for name, (_, given) in hooked(network, x).items()}
    layers = [name for name, layer in network.named_modules() if list(layer.parameters(recurse=False))]
    named = {name: shape for name, shape in steps if name in layers}
    assert len(layers) == 41 and named == {name: expected[name] for name in layers}


def test_nothing_is_left_behind():
    network, x = Classifier(), torch.zeros(1, 3, 32, 32, requires_grad=True)
    layer_shapes(network, x)
    assert x.grad is None and all(parameter.grad is None for parameter in network.parameters())
    assert not any(layer._forward_hooks for layer in network.modules())
    assert network(x).requires_grad


def test_what_is_no_batch():
    with pytest.raises(ValueError, match=r"x has shape \(5,\), which is no batch; x.unsqueeze\(0\) makes it a batch"):
        layer_shapes(nn.Linear(5, 3), torch.zeros(5))


def test_each_channel_and_vector_to_one_scale():
    draw_shapes(Classifier(), torch.zeros(4, 3, 32, 32))
    axis = plt.gca()
    bars = [[path.get_extents() for path in row.get_paths()] for row in axis.collections]
    assert [len(row) for row in bars] == [3, 6, 6, 16, 16, 1, 1, 1, 1]
    scale = bars[0][0].width / 32
    for row, width in zip(bars, (32, 28, 14, 10, 5, 400, 120, 84, 10), strict=True):
        for one in row:
            assert one.width == pytest.approx(scale * width)
            assert width not in (32, 28, 14, 5) or one.height == pytest.approx(scale * width)
        assert all(left.x1 < right.x0 for left, right in zip(row, row[1:], strict=False))


@pytest.mark.parametrize(("network", "x"), [(Classifier(), (1, 3, 32, 32)), (resnet18(), (2, 3, 64, 64))])
def test_all_labels_can_be_read_on_a_phone(network, x):
    """No wider than 360 pixels; each label in the figure, and clear of the others and of what is drawn."""
    draw_shapes(network, torch.zeros(x))
    figure, axis = plt.gcf(), plt.gca()
    assert figure.get_size_inches()[0] * 100 <= 360
    renderer = figure.canvas.get_renderer()
    texts = [text.get_window_extent(renderer) for text in axis.texts]
    bars = [path.get_extents(axis.transData) for row in axis.collections for path in row.get_paths()]
    frame = figure.bbox
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in [*texts, *bars])
    assert all(frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in [*texts, *bars])
    assert not any(one.overlaps(other) for one, other in combinations(texts, 2))
    assert not any(text.overlaps(bar) for text in texts for bar in bars)
    assert min(text.get_fontsize() for text in axis.texts) >= 9


def test_one_number_a_picture_is_no_step():
    """A network may weigh each picture on its way; a number has no shape to draw."""

    class Weighed(nn.Module):
        def forward(self, x):
            return torch.flatten(x, 1) * x.sum(dim=(1, 2, 3)).unsqueeze(1)

    names = [name for name, _ in layer_shapes(Weighed(), torch.zeros(2, 1, 4, 4))]
    assert names == ["x", "flatten", "unsqueeze", "mul"]
