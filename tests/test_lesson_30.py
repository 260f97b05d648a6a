"""Lesson 30: its network is lesson 40's but for the first layer, its steps are PyTorch's, and it reads digits."""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import matplotlib.pyplot as plt
import networkx as nx
import pytest
import sklearn.metrics
import torch
import torch.nn.functional as F
from scipy.signal import correlate2d

from lessons import GALLERY, dataset, real, run
from torchhour.data.digits import digits
from torchhour.graphs import edges
from torchhour.shapes import layer_shapes

TEXT = (GALLERY / "30_networks.py").read_text(encoding="utf-8")
# Runs the lesson as often as the third argument says, under another global state each time, and
# keeps what the tests look at.
DRIVER = """
import random, runpy, sys
import matplotlib.pyplot as plt
import numpy, torch

runs = []
for turn in range(int(sys.argv[3])):
    if turn:
        random.random(), numpy.random.rand(5), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
        plt.rcParams["figure.dpi"] = 50
    titles = []

    def show():
        titles.append([axis.get_title() for axis in plt.gcf().axes])
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    names = "predictions accuracy wrong curves before after seen brightest".split()
    state = found["network"].state_dict()
    kept = {"losses": found["record"].losses, "titles": titles, "source": found["test_set"].source}
    runs.append({name: found[name] for name in names} | kept | state)
torch.save(runs, sys.argv[2])
"""


@pytest.fixture(autouse=True)
def _as_before():
    """Figures without a window; afterwards, as many threads as before."""
    plt.switch_backend("agg")
    threads = torch.get_num_threads()
    yield
    plt.close("all")
    torch.set_num_threads(threads)


#: What a test of a later part runs instead of the whole training.
SHORT = {"range(500)": "range(2)", "assert accuracy > 0.95": ""}


def until(text: str, replaced: dict[str, str] | None = None) -> dict:
    """The names that the lesson has made when it comes to this line."""
    assert TEXT.count(f"\n{text}") == 1
    lines = TEXT.split(f"\n{text}")[0]
    for old, new in (replaced or {}).items():
        assert old in lines
        lines = lines.replace(old, new)
    found = {"__name__": "lesson"}
    exec(lines, found)
    return found


def methods(path: Path, name: str) -> dict[str, str]:
    """The methods of a class as code, without comments."""
    [found] = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == name
    ]
    return {function.name: ast.unparse(function) for function in found.body}


def test_the_network_is_the_next_lessons_but_for_the_first_layer():
    ours, theirs = methods(GALLERY / "30_networks.py", "LeNet"), methods(GALLERY / "40_classifier.py", "Classifier")
    assert list(ours) == ["__init__", "forward"]
    assert ours["__init__"].count("nn.Conv2d(1, 6, 5)") == 1
    assert {name: code.replace("nn.Conv2d(1, 6, 5)", "nn.Conv2d(3, 6, 5)") for name, code in ours.items()} == theirs


def test_the_exercise_on_smaller_kernels():
    """With kernels of 3×3, each picture brings 16·6·6 numbers to ``fc1``."""
    found = until("from torchhour.shapes import draw_shapes", {"(1, 6, 5)": "(1, 6, 3)", "(6, 16, 5)": "(6, 16, 3)"})
    with pytest.raises(RuntimeError, match="4x576 and 400x120"):
        found["LeNet"]()(torch.zeros(4, 1, 32, 32))


def test_the_comments_give_the_shapes():
    network = until("from torchhour.shapes import draw_shapes")["LeNet"]()
    shapes = ["×".join(map(str, ("N", *shape))) for _, shape in layer_shapes(network, torch.zeros(2, 1, 32, 32))]
    lines = TEXT[TEXT.index("    def forward(self, x):") : TEXT.index("\n\n\n# %% zh\n# 注释里")].split("\n")
    assert [line.partition("# ")[2] for line in lines] == [shapes[0], *(shapes[i] for i in (3, 6, 7, 9, 11, 12))]


def test_the_walk_is_the_longest_path():
    """By networkx; and the library that draws the graph finds the same nodes."""
    found = until("from torchhour.graphs import draw_graph", SHORT)
    graph = nx.DiGraph(edges(found["loss"]))
    assert len(found["chain"]) == len(nx.dag_longest_path(graph)) == 14
    assert all(graph.has_edge(*step) for step in zip(found["chain"], found["chain"][1:], strict=False))
    leaves = [node.variable for node in graph if hasattr(node, "variable")]
    assert {id(leaf) for leaf in leaves} == {id(parameter) for parameter in found["fresh"].parameters()}


def test_each_step_by_hand_is_what_pytorch_does():
    """After the update by hand: the same as ``SGD``, from PyTorch's gradients of the mean of squares."""
    found = until("optimizer = torch.optim.SGD(twin.parameters(), lr=learning_rate)", SHORT)
    reference = copy.deepcopy(found["twin"])
    scores = reference(found["images"])
    gradients = torch.autograd.grad(F.mse_loss(scores, F.one_hot(found["labels"], 10).float()), reference.parameters())
    updated = found["fresh"].parameters()
    for before, gradient, after in zip(reference.parameters(), gradients, updated, strict=True):
        torch.testing.assert_close(after, before - 0.1 * gradient)
        assert after.requires_grad


def run_from(seed: int, source: str, folder: Path, times: int = 1) -> tuple[list[dict], str]:
    """What each of these runs left behind, and what was printed; all with this seed."""
    script = folder / f"{seed}.py"
    script.write_text(TEXT.replace("manual_seed(0)", f"manual_seed({seed})"), "utf-8")
    return run(DRIVER, script, source, folder, str(times))


@pytest.fixture(scope="module", params=["scikit-learn digits", real("MNIST (TORCHHOUR_DATA)", "MNIST/raw")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run_from(0, request.param, tmp_path_factory.mktemp("lesson"))
    assert found["source"] == request.param
    return found | {"printed": printed}


def least(source: str) -> float:
    """What the lesson promises of the accuracy."""
    return 0.96 if source.startswith("MNIST") else 0.95


@pytest.mark.proof
def test_it_reads_digits(lesson):
    labels = dataset(digits, lesson["source"], train=False).labels
    reached = sklearn.metrics.accuracy_score(labels, lesson["predictions"])
    assert lesson["accuracy"] == pytest.approx(reached, abs=1e-6) and reached >= least(lesson["source"])
    assert f"accuracy = {reached:.1%}\n" in lesson["printed"]


@pytest.mark.proof
def test_its_mistakes(lesson):
    labels, guesses = dataset(digits, lesson["source"], train=False).labels.tolist(), lesson["predictions"].tolist()
    expected = [index for index, (label, guess) in enumerate(zip(labels, guesses, strict=True)) if label != guess]
    assert lesson["wrong"].tolist() == expected
    assert f"\nwrong = {len(expected)}\n" in lesson["printed"]
    titles = [f"{labels[index]} → {guesses[index]}" for index in expected[:8]]
    assert [*titles, *[""] * (8 - len(titles))] in lesson["titles"]


@pytest.mark.proof
def test_what_it_says_of_kernels(lesson):
    """Training adds a smooth pattern to the random one, and dead ones hardly move; by SciPy's own sums."""
    before, after = lesson["before"], lesson["conv1.weight"]
    assert torch.equal(after, lesson["after"])
    moved = (after - before).flatten(1).norm(dim=1)
    dead = lesson["brightest"] == 0
    assert f"dead channels = {dead.sum().item()}\n" in lesson["printed"]
    assert all(moved[k] < moved[~dead].median() / 2 for k in dead.nonzero().flatten())
    alive = (~dead).nonzero().flatten().tolist()
    assert roughness((after - before)[alive]) < roughness(before[alive]) / 2
    picture = dataset(digits, lesson["source"], train=False).images[0, 0].numpy()
    for k in range(6):
        found = correlate2d(picture, after[k, 0].numpy(), mode="valid") + lesson["conv1.bias"][k].item()
        assert lesson["seen"][0, k].numpy() == pytest.approx(found.clip(min=0), abs=1e-4)


def roughness(kernels: torch.Tensor) -> torch.Tensor:
    """How much numbers side by side differ, measured by how large they are."""
    steps = torch.cat([kernels.diff(dim=2).flatten(), kernels.diff(dim=3).flatten()])
    return steps.norm() / kernels.norm()


@pytest.mark.proof
def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, with other threads."""
    (first, second), _ = run_from(0, "scikit-learn digits", tmp_path, times=2)
    assert first.keys() == second.keys()
    for name, value in first.items():
        if isinstance(value, torch.Tensor):
            assert torch.equal(value, second[name]), name
        elif name == "curves":
            assert all(torch.equal(curve, second[name][kind]) for kind, curve in value.items())
        else:
            assert value == second[name], name


@pytest.mark.proof
def test_five_seeds(lesson, tmp_path, capsys):
    """The whole lesson, with what it asserts, under four seeds more; each gives other numbers."""
    reached = [lesson["accuracy"]]
    losses = {tuple(lesson["losses"])}
    for seed in range(1, 5):
        [found], _ = run_from(seed, lesson["source"], tmp_path)
        reached.append(found["accuracy"])
        losses.add(tuple(found["losses"]))
    with capsys.disabled():
        print(f"\n{lesson['source']}:", [f"{accuracy:.2%}" for accuracy in reached])
    assert len(losses) == 5
    assert min(reached) >= least(lesson["source"])
