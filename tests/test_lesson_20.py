"""Lesson 20, run as a reader runs it: its numbers against other ways to find them, its walk against the library's."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
import torch
import torch.nn.functional as F
from torchvision.models import resnet18

from lessons import GALLERY, SHARED, real, run, trained_resnet
from torchhour import graphs
from torchhour.networks import Classifier

LESSON = GALLERY / "20_autograd.py"
SOURCE = LESSON.read_text(encoding="utf-8")
# Runs the lesson as often as the third argument says, under another global state each time, and
# keeps what the tests look at. A fourth argument is the address that torchvision is to know for the weights.
DRIVER = """
import random, runpy, sys
import matplotlib.pyplot as plt
import numpy, torch
from torchvision.models import ResNet18_Weights

if sys.argv[4:]:
    ResNet18_Weights.DEFAULT.value.url = sys.argv[4]
NAMES = "losses way J count filters new_loss"
runs = []
for turn in range(int(sys.argv[3])):
    if turn:
        random.random(), numpy.random.rand(5), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
        plt.rcParams["figure.dpi"] = 50
    figures = []

    def show():
        for number in plt.get_fignums():
            axis = plt.figure(number).axes[0]
            lines = [(line.get_xdata(), line.get_ydata()) for line in axis.lines]
            figures.append(([text.get_text() for text in axis.texts if text.get_text()], lines))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    runs.append({name: found[name] for name in NAMES.split()} | {"figures": figures})
torch.save(runs, sys.argv[2])
"""


def function(source: str, name: str) -> ast.FunctionDef:
    """A function, without its docstring and without its guard against wrong arguments."""
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name]
    while not isinstance(found.body[0], ast.Assign):
        del found.body[0]
    return found


def lesson_walk():
    """``edges`` as the lesson defines it."""
    found = function(SOURCE, "edges")
    names: dict = {}
    exec(ast.unparse(found), names)
    return names["edges"]


def test_lesson_and_library_walk_alike():
    theirs, ours = function(SOURCE, "edges"), function(inspect.getsource(graphs), "edges")
    assert [ast.dump(line) for line in theirs.body] == [ast.dump(line) for line in ours.body]


def test_lesson_and_library_find_the_same_edges():
    """On small graphs with shared parts, and on that of a deep network."""
    a = torch.tensor([2.0, 3.0], requires_grad=True)
    b = torch.tensor([6.0, 4.0], requires_grad=True)
    c = a * b
    results = [3 * a**3 - b**2, c.exp() * c + a, torch.stack([c, c, a]).norm(), a.clone()]
    results.append(F.mse_loss(Classifier()(torch.rand(1, 3, 32, 32)), torch.rand(1, 10)))
    results.append(resnet18()(torch.rand(1, 3, 64, 64)).sum())
    for result in results:
        found = lesson_walk()(result)
        assert found == graphs.edges(result) and found[0][0] is result.grad_fn


# The data of a real source are not read, but pretrained weights may lie beside them.
@pytest.fixture(scope="module", params=["scikit-learn digits", real("MNIST (TORCHHOUR_DATA)", "MNIST")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"), "1")
    return found | {"source": request.param, "printed": printed}


def difference(function, *places: float) -> list[float]:
    """The derivatives of a function of numbers, by small steps to both sides."""
    found = []
    for index, place in enumerate(places):
        up, down = list(places), list(places)
        up[index], down[index] = place + 1e-5, place - 1e-5
        found.append((function(*up) - function(*down)) / 2e-5)
    return found


@pytest.mark.proof
def test_gradients_by_finite_differences(lesson):
    """Of the curve at its three places, and of the loss with two parameters."""
    printed = re.search(r"^gradients = \[(.+)\]$", lesson["printed"], re.MULTILINE)[1]
    slopes = [difference(lambda w: (w - 2) ** 2, place)[0] for place in (0.0, 2.0, 5.0)]
    assert [float(number) for number in printed.split(", ")] == pytest.approx(slopes, abs=1e-6)
    w, b = difference(lambda w, b: (w * 3 + b - 8) ** 2, 4.0, 1.0)
    for name, gradient in {"w": w, "b": b}.items():
        printed = float(re.findall(rf"^{name}\.grad = tensor\((\S+)\)$", lesson["printed"], re.MULTILINE)[-1])
        assert printed == pytest.approx(gradient, abs=1e-5)


@pytest.mark.proof
def test_steps_by_hand_and_by_the_optimizer(lesson):
    """Each step at this learning rate leaves four fifths of the error."""
    assert lesson["losses"] == pytest.approx([25 * 0.64**step for step in range(20)], rel=1e-3)
    assert "loss before = 25.00\nloss after = 16.00\nlosses: 25.00 16.00 " in lesson["printed"]
    assert len(lesson["way"]) == 21 and lesson["way"][0] == (4, 1)


@pytest.mark.proof
def test_errors_are_told_as_a_learner_meets_them(lesson):
    told = re.findall(r"^RuntimeError: (.+)$", lesson["printed"], re.MULTILINE)
    begins = ["Trying to backward", "a leaf Variable", "Can't call numpy()", "grad can be implicitly", "only Tensors"]
    assert len(told) == len(begins) + 1
    assert all(message.startswith(begin) for message, begin in zip(told, begins, strict=False))


@pytest.mark.proof
def test_what_it_says_of_the_network(lesson):
    parameters = sum(parameter.numel() for parameter in resnet18().parameters())
    assert lesson["count"] == parameters and f"parameters = {parameters:,}\n" in lesson["printed"]
    at_hand = lesson["source"] != "scikit-learn digits" and list(SHARED.glob("checkpoints/resnet18-*"))
    assert ("weights = random\n" in lesson["printed"]) == (not at_hand)


@pytest.mark.proof
def test_jacobian_by_finite_differences(lesson):
    def f(x):
        return torch.stack([x[0] * x[1], x[0] ** 2, x[1] ** 3])

    x, step = torch.tensor([2.0, 3.0], dtype=torch.float64), 1e-6
    columns = [(f(x + step * unit) - f(x - step * unit)) / (2 * step) for unit in torch.eye(2, dtype=torch.float64)]
    torch.testing.assert_close(lesson["J"].double(), torch.stack(columns, dim=1))


@pytest.mark.proof
def test_drawings(lesson):
    """Tangents of the curve, the chain forth and back, the path over the valley, and the graph of Q."""
    tangents, chain, valley, graph = lesson["figures"]
    assert tangents[0] == ["−4", "0", "6"]
    for place, (x, y) in zip((0, 2, 5), tangents[1][1::2], strict=True):
        assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(2 * (place - 2), abs=1e-5)
    words = chain[0]
    numbers = [word for word in words if word.isdecimal()]
    assert numbers == ["4", "30", "12", "10", "13", "10", "5", "10", "25", "1"]
    assert [word for word in words if word.startswith("× ")] == ["× 3", "× 3", "× 1", "× 1", "× 10"]
    path = [(float(w), float(b)) for w, b in zip(*valley[1][-1], strict=True)]
    assert path == lesson["way"]
    assert sorted(graph[0]) == [
        "MulBackward0",
        "PowBackward0",
        "PowBackward0",
        "Q\nSubBackward0",
        "a\nAccumulateGrad",
        "b\nAccumulateGrad",
    ]


@pytest.mark.proof
def test_loops_are_as_deep_as_they_ran(lesson):
    """The length first exceeds 1000 after so many doublings, and a number 100."""
    depths = [int(depth) for depth in re.findall(r"k = (\d+)", lesson["printed"])]
    assert depths == [next(k for k in range(1, 99) if 3**0.5 * size * 2**k >= 1000) for size in (1, 100)]
    grown = dict(re.findall(r"^start = (\S+)  gradient = (\S+)$", lesson["printed"], re.MULTILINE))
    for start, gradient in grown.items():
        assert float(start) * float(gradient) >= 100 > float(start) * float(gradient) / 2
    assert len(grown) == 2


@pytest.mark.proof
def test_weights_at_hand(tmp_path):
    """With weights that have learned something, every claim of the lesson holds, and none comes from a network."""
    network, address = trained_resnet(tmp_path)
    [found], printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "1", address, TORCHHOUR_DATA=str(tmp_path))
    assert "weights = ResNet18_Weights.IMAGENET1K_V1\n" in printed
    moved = (found["filters"] - network.conv1.weight).abs().max().item()
    assert 0 < moved < 0.1  # the lesson's one step away from what was in the file


@pytest.mark.proof
def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, and with other threads."""
    (first, second), printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "2")
    half = len(printed) // 2
    assert printed[:half] == printed[half:] and "new loss" in printed
    assert first["losses"] == second["losses"]
    assert torch.equal(first["filters"], second["filters"])
