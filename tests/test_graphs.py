"""The walk against what autograd itself reaches, and the drawing: every function once, no label upon another."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
import networkx as nx
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import FancyBboxPatch
from torch import nn

from torchhour.graphs import draw_graph, edges
from torchhour.networks import Classifier

BLUE, WHITE = to_rgba("lightblue"), to_rgba("white")


@pytest.fixture(autouse=True)
def _no_window():
    plt.switch_backend("agg")
    plt.close("all")
    yield
    plt.close("all")


def polynomial():
    a = torch.tensor([2.0, 3.0], requires_grad=True)
    b = torch.tensor([6.0, 4.0], requires_grad=True)
    return 3 * a**3 - b**2, {"a": a, "b": b}


def network(frozen: int = 0):
    """The loss of a real network whose first parameters are frozen."""
    net = Classifier()
    for parameter in list(net.parameters())[:frozen]:
        parameter.requires_grad = False
    return F.mse_loss(net(torch.rand(1, 3, 32, 32)), torch.rand(1, 10)), dict(net.named_parameters())


def recurrent():
    """Each step uses the same weight and bias, and every state so far."""
    w, b = (torch.rand(3, requires_grad=True) for _ in range(2))
    states = [torch.rand(3)]
    for _ in range(4):
        states.append((w * states[-1] + b).tanh() + sum(states))
    return torch.stack(states).norm(), {"w": w, "b": b, "h": states[2]}


def one_function():
    x = torch.ones(2, requires_grad=True)
    return x.sum(), {"x": x}


RESULTS = {
    "polynomial": polynomial,
    "network": network,
    "frozen": lambda: network(frozen=4),
    "recurrent": recurrent,
    "one function": one_function,
}


@pytest.fixture(params=RESULTS)
def case(request):
    return RESULTS[request.param]()


@st.composite
def random_results(draw):
    """A result made of 2 to 4 leaves by up to 12 operations, with all tensors on the way."""
    tensors = [torch.rand(3) + 0.5 for _ in range(draw(st.integers(2, 4)))]
    for tensor in tensors:
        tensor.requires_grad = draw(st.booleans())
    tensors[0].requires_grad = True
    for _ in range(draw(st.integers(0, 12))):
        left, right = (tensors[draw(st.integers(0, len(tensors) - 1))] for _ in range(2))
        tensors.append(draw(st.sampled_from([torch.mul, torch.sub, torch.fmax, lambda x, _: x.exp()]))(left, right))
    return tensors[-1] * tensors[0], {f"t{index}": tensor for index, tensor in enumerate(tensors)}


def reached(result, tensors):
    """The tensors that autograd says ``result`` depends on."""
    wanted = [tensor for tensor in tensors if tensor.requires_grad]
    found = torch.autograd.grad(result.sum(), wanted, allow_unused=True, retain_graph=True)
    return {id(tensor) for tensor, gradient in zip(wanted, found, strict=True) if gradient is not None}


def kind(label):
    """The name of a function in its label, mended where it was broken."""
    return label.replace("\nBackward", "Backward").rpartition("\n")[2]


def boxes():
    """Each label of the figure with the box around it, both in pixels, and the box's color."""
    figure = plt.gcf()
    figure.canvas.draw()
    axis = figure.axes[0]
    texts = [text for text in axis.texts if text.get_text()]
    patches = [patch for patch in axis.patches if isinstance(patch, FancyBboxPatch)]
    return [
        (text.get_text(), text.get_window_extent(), patch.get_window_extent(), patch.get_facecolor())
        for text, patch in zip(texts, patches, strict=True)
    ]


def check_drawing(result, names):
    """Everything that holds for each drawing."""
    steps = edges(result)
    functions = {function for step in steps for function in step}
    plt.close("all")
    draw_graph(result, names)
    found = boxes()
    assert sorted(kind(label) for label, *_ in found) == sorted(
        function.name().rpartition("::")[2] for function in functions
    )
    figure = plt.gcf().bbox
    for label, text, box, color in found:
        leaf = label.endswith("AccumulateGrad")
        assert color == (BLUE if leaf else WHITE)
        assert box.x0 <= text.x0 and text.x1 <= box.x1 and box.y0 <= text.y0 and text.y1 <= box.y1
        assert figure.x0 <= box.x0 and box.x1 <= figure.x1 and figure.y0 <= box.y0 and box.y1 <= figure.y1
    for (_, _, one, _), (_, _, other, _) in itertools.combinations(found, 2):
        assert not one.overlaps(other)
    written = [name for label, *_ in found for name in label.split("\n") if name in names]
    assert sorted(written) == sorted(name for name in names if id(names[name]) in reached(result, names.values()))


def test_the_walk_ends_at_the_leaves_that_autograd_reaches(case):
    result, names = case
    leaves = {id(other.variable) for _, other in edges(result) if hasattr(other, "variable")}
    assert len(leaves) == sum(not list(function.next_functions) for function in {other for _, other in edges(result)})
    known = {id(tensor) for tensor in names.values() if tensor.is_leaf}
    assert leaves == reached(result, names.values()) & known


def test_each_step_is_one_of_next_functions(case):
    """Every function but the first is reached, and none of its steps is left out."""
    result, _ = case
    steps = edges(result)
    assert steps[0][0] is result.grad_fn
    for function in {function for step in steps for function in step}:
        expected = [other for other, _ in function.next_functions if other is not None]
        assert [other for one, other in steps if one is function] == expected
    graph = nx.DiGraph(steps)
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.descendants(graph, result.grad_fn) == set(graph) - {result.grad_fn}


def test_drawing(case):
    check_drawing(*case)


@pytest.mark.proof
@given(random_results())
def test_drawing_of_any_graph(case):
    check_drawing(*case)


def test_every_arrow_joins_the_boxes_of_its_step(case):
    """It leaves at the lower side of one, and ends at the upper side of the other."""
    result, names = case
    draw_graph(result, names)
    found = boxes()
    data = plt.gca().transData
    arrows = [text for text in plt.gca().texts if not text.get_text()]
    joined = set()
    for arrow in arrows:
        (x, y), (end, below) = data.transform([arrow.get_position(), arrow.xy])
        [one] = [label for label, _, box, _ in found if box.x0 < x < box.x1 and abs(box.y0 - y) < 2]
        [other] = [label for label, _, box, _ in found if box.x0 < end < box.x1 and abs(box.y1 - below) < 2]
        joined.add((kind(one), kind(other)))
    steps = set(edges(result))
    assert joined == {tuple(function.name().rpartition("::")[2] for function in step) for step in steps}
    assert len(arrows) == len(steps)


def test_a_network_is_a_straight_chain_with_its_parameters_beside():
    result, names = network()
    draw_graph(result, names)
    middles = {label: (box.x0 + box.x1) / 2 for label, _, box, _ in boxes()}
    chain = [middle for label, middle in middles.items() if label[0] in "MRVAC" and "AccumulateGrad" not in label]
    assert len(chain) == 6 and max(chain) - min(chain) < 1
    assert plt.gcf().bbox.width < 460  # on a screen of 360 points, letters stay larger than 8 points


def test_a_long_name_is_broken():
    """Seventeen letters are, sixteen are not."""
    draw_graph(torch.ones(2, requires_grad=True).clamp_min(0).sigmoid().sum(), {})
    labels = {label for label, *_ in boxes()}
    assert {"ClampMin\nBackward0", "SigmoidBackward0"} <= labels


def test_a_name_stands_on_its_tensor():
    result, names = polynomial()
    draw_graph(result, names | {"Q": result, "c": torch.ones(2), "d": torch.ones(2, requires_grad=True)})
    labels = [label for label, *_ in boxes()]
    assert sorted(labels) == [
        "MulBackward0",
        "PowBackward0",
        "PowBackward0",
        "Q\nSubBackward0",
        "a\nAccumulateGrad",
        "b\nAccumulateGrad",
    ]
    # Of the two powers, that of a stands above a, and that of b above b.
    middles = {label: (box.x0 + box.x1) / 2 for label, _, box, _ in boxes()}
    assert middles["a\nAccumulateGrad"] == pytest.approx(middles["MulBackward0"])
    assert middles["a\nAccumulateGrad"] != pytest.approx(middles["b\nAccumulateGrad"])


def test_frozen_parameters_have_no_place():
    result, names = network(frozen=4)
    draw_graph(result, names)
    labels = "\n".join(label for label, *_ in boxes())
    assert "conv" not in labels and "Convolution" not in labels
    assert all(name in labels for name in names if name.startswith("fc"))


@pytest.mark.parametrize("tensor", [torch.ones(2), torch.ones(2, requires_grad=True)], ids=["plain", "leaf"])
def test_no_graph(tensor):
    for function in (edges, lambda tensor: draw_graph(tensor, {})):
        with pytest.raises(ValueError, match=r"no grad_fn.*compute it from a tensor with requires_grad=True"):
            function(tensor)
    assert not plt.get_fignums()


def test_drawing_leaves_gradients_alone():
    result, names = polynomial()
    draw_graph(result, names)
    assert names["a"].grad is None and names["b"].grad is None
    result.sum().backward()
    assert torch.equal(names["a"].grad, 9 * names["a"] ** 2)


def test_functions_of_ones_own():
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, gradient):
            return 2 * gradient

    x = torch.ones(2, requires_grad=True)
    draw_graph(nn.Identity()(Twice.apply(x)), {"x": x})
    assert [label for label, *_ in boxes()] == ["TwiceBackward", "x\nAccumulateGrad"]
