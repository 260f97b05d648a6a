"""Lesson 20, run as a reader runs it: its walk is the library's, and fine-tuning wins over five seeds."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import resnet18

from lessons import GALLERY, SHARED, real, run
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
NAMES = "J count filters new_loss leaves changed moved tuned scratch few unseen many"
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
            lines = [(line.get_label(), line.get_xdata(), line.get_ydata()) for line in axis.lines]
            figures.append(([text.get_text() for text in axis.texts if text.get_text()], lines))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    kept = {name: found[name] for name in NAMES.split()}
    runs.append(kept | {"source": found["train"].source, "figures": figures})
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


@pytest.fixture(scope="module", params=["scikit-learn digits", real("MNIST (TORCHHOUR_DATA)", "MNIST")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"), "1")
    assert found["source"] == request.param
    return found | {"printed": printed}


@pytest.mark.proof
def test_what_it_says_of_the_network(lesson):
    parameters = sum(parameter.numel() for parameter in resnet18().parameters())
    assert lesson["count"] == parameters and f"parameters = {parameters:,}\n" in lesson["printed"]
    at_hand = lesson["source"] != "scikit-learn digits" and list(SHARED.glob("checkpoints/resnet18-*"))
    assert ("weights = random\n" in lesson["printed"]) == (not at_hand)
    assert lesson["changed"] == ["fc.weight", "fc.bias"]
    assert len(lesson["moved"]) == sum("running" in name or "num_batches" in name for name in resnet18().state_dict())


@pytest.mark.proof
def test_jacobian_by_finite_differences(lesson):
    def f(x):
        return torch.stack([x[0] * x[1], x[0] ** 2, x[1] ** 3])

    x, step = torch.tensor([2.0, 3.0], dtype=torch.float64), 1e-6
    columns = [(f(x + step * unit) - f(x - step * unit)) / (2 * step) for unit in torch.eye(2, dtype=torch.float64)]
    torch.testing.assert_close(lesson["J"].double(), torch.stack(columns, dim=1))


@pytest.mark.proof
def test_drawings(lesson):
    """The graph of Q, that of a frozen network, and two curves."""
    drawn, frozen, curves = lesson["figures"]
    assert sorted(drawn[0]) == [
        "MulBackward0",
        "PowBackward0",
        "PowBackward0",
        "Q\nSubBackward0",
        "a\nAccumulateGrad",
        "b\nAccumulateGrad",
    ]
    leaves = [label for label in frozen[0] if "AccumulateGrad" in label]
    assert sorted(leaves) == ["fc.bias\nAccumulateGrad", "fc.weight\nAccumulateGrad"]
    tuned, scratch, guess = curves[1]
    assert list(tuned[2]) == list(lesson["tuned"].values()) and list(scratch[2]) == list(lesson["scratch"].values())
    assert list(tuned[1]) == list(scratch[1]) == list(range(0, 61, 5))
    assert (tuned[0], scratch[0]) == ("fine-tuning", "from scratch") and set(guess[2]) == {0.2}


@pytest.mark.proof
def test_loops_are_as_deep_as_they_ran(lesson):
    """The length first exceeds 1000 after so many doublings."""
    depths = [int(depth) for depth in re.findall(r"k = (\d+)", lesson["printed"])]
    assert depths == [next(k for k in range(1, 99) if 3**0.5 * size * 2**k >= 1000) for size in (1, 100)]


@pytest.mark.proof
def test_weights_at_hand(tmp_path):
    """With weights that have learned something, every claim of the lesson holds, and none comes from a network."""
    torch.manual_seed(0)
    network = resnet18()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    labels = torch.arange(16) * 60
    pictures = torch.rand(16, 3, 64, 64)
    for _ in range(20):
        optimizer.zero_grad()
        F.cross_entropy(network(pictures), labels).backward()
        optimizer.step()
    path = tmp_path / "checkpoints" / "resnet18.pth"
    path.parent.mkdir()
    torch.save(network.state_dict(), path)
    path = path.rename(path.with_stem(f"resnet18-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"))
    address = f"https://publisher.invalid/models/{path.name}"
    [found], printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "1", address, TORCHHOUR_DATA=str(tmp_path))
    assert "weights = ResNet18_Weights.IMAGENET1K_V1\n" in printed
    moved = (found["filters"] - network.conv1.weight).abs().max().item()
    assert 0 < moved < 0.1  # the lesson's one step away from what was in the file
    assert found["changed"] == ["fc.weight", "fc.bias"]


@pytest.mark.proof
def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, and with other threads."""
    (first, second), printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "2")
    half = len(printed) // 2
    assert printed[:half] == printed[half:] and "tuned" in printed
    assert first["tuned"] == second["tuned"] and first["scratch"] == second["scratch"]
    assert torch.equal(first["filters"], second["filters"])


def compare(seed: int, rate: float = 0.01) -> dict:
    """Run the lesson's section on fine-tuning from another seed, and with another learning rate for few pictures."""
    section = SOURCE[SOURCE.index("# .. _autograd-finetune:") : SOURCE.index("# .. _autograd-exercises:")]
    assert section.count("torch.manual_seed(0)") == section.count("lr=0.01)") == 1
    section = section.replace("torch.manual_seed(0)", f"torch.manual_seed({seed})").replace("lr=0.01)", f"lr={rate})")
    if rate != 0.01:
        section = re.sub(r"^assert tuned.*$", "", section, flags=re.MULTILINE)
    names = {"torch": torch, "nn": nn}
    exec(compile(section, str(LESSON), "exec"), names)
    return names


@pytest.mark.proof
def test_fine_tuning_beats_scratch_over_five_seeds(lesson, one_thread, monkeypatch, capsys):
    """At the lesson's learning rate for each seed; on average also where scratch has the best rate of three."""
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)
    if lesson["source"] != "scikit-learn digits":
        monkeypatch.setenv("TORCHHOUR_DATA", str(SHARED))
    scratch, tuned = {}, []
    for rate in (0.003, 0.01, 0.03):
        runs = [compare(seed, rate) for seed in range(5)]
        plt.close("all")
        scratch[rate] = torch.tensor([names["scratch"][10] for names in runs])
        if rate != 0.01:
            continue
        assert runs[0]["tuned"] == lesson["tuned"] and runs[0]["scratch"] == lesson["scratch"]
        tuned = torch.tensor([names["tuned"][10] for names in runs])
        assert (tuned > scratch[rate] + 0.1).all()
        late = torch.tensor([names["tuned"][60] - names["scratch"][60] for names in runs])
        assert (late < tuned - scratch[rate]).all()
        for names in runs:
            few = names["train"].labels[names["few"]]
            assert few.bincount().tolist() == [0] * 5 + [5] * 5
            assert names["train"].labels[names["many"]].max() == 4
            assert names["test"].labels[names["unseen"]].min() == 5
    with capsys.disabled():
        print(f"\n{lesson['source']}: tuned {tuned.mean():.1%}", [f"{value:.1%}" for value in tuned])
        for rate, values in scratch.items():
            print(f"scratch, {rate}: {values.mean():.1%}", [f"{value:.1%}" for value in values])
    assert all(tuned.mean() > values.mean() for values in scratch.values())
