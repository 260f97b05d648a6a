"""Lesson 45, run as a reader runs it: what freezing leaves alone, and that fine-tuning wins over five seeds."""

from __future__ import annotations

import pytest
import torch
from torchvision.models import resnet18

from lessons import GALLERY, SHARED, real, run, trained_resnet

LESSON = GALLERY / "45_fine_tuning.py"
SOURCE = LESSON.read_text(encoding="utf-8")
# Runs the lesson as often as the third argument says, as in test_lesson_20.py.
DRIVER = """
import random, runpy, sys
import matplotlib.pyplot as plt
import numpy, torch
from torchvision.models import ResNet18_Weights

if sys.argv[4:]:
    ResNet18_Weights.DEFAULT.value.url = sys.argv[4]
NAMES = "runs blinds tuned scratch changed cuts unseen many seen"
kept = []
for turn in range(int(sys.argv[3])):
    if turn:
        random.random(), numpy.random.rand(5), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
        plt.rcParams["figure.dpi"] = 50
    figures = []

    def show():
        for number in plt.get_fignums():
            axes = plt.figure(number).axes
            lines = [(line.get_label(), list(line.get_ydata())) for line in axes[0].lines]
            figures.append((len(axes), [text.get_text() for text in axes[0].texts if text.get_text()], lines))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    keep = {name: found[name] for name in NAMES.split()}
    keep |= {"source": found["train"].source, "of": found["train"].labels, "test": found["test"].labels}
    kept.append(keep | {"figures": figures})
torch.save(kept, sys.argv[2])
"""


@pytest.fixture(scope="module", params=["scikit-learn digits", real("MNIST (TORCHHOUR_DATA)", "MNIST")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"), "1")
    assert found["source"] == request.param
    return found | {"printed": printed}


@pytest.mark.proof
def test_what_it_says_of_the_network(lesson):
    names = [name for name, _ in resnet18().named_parameters()]
    assert lesson["changed"] == ["fc.weight", "fc.bias"] == names[-2:]
    assert f"tensors = {len(names)} " in lesson["printed"] and 60 < len(names) < 70
    buffers = sum("running" in name or "num_batches" in name for name in resnet18().state_dict())
    assert f"moved in eval = 0  moved in train = {buffers}\n" in lesson["printed"]
    assert "layer1 = False  fc = True\n" in lesson["printed"]


@pytest.mark.proof
def test_whom_it_learns_from_and_whom_it_is_tested_on(lesson):
    assert lesson["of"][lesson["many"]].unique().tolist() == [0, 1, 2, 3, 4]
    assert lesson["test"][lesson["unseen"]].unique().tolist() == [5, 6, 7, 8, 9]
    assert lesson["test"][lesson["seen"]].unique().tolist() == [0, 1, 2, 3, 4]
    frozen = 6 * 25 + 6 + 16 * 6 * 25 + 16
    assert f"learning = {400 * 5 + 5}  frozen = {frozen}\n" in lesson["printed"]


@pytest.mark.proof
def test_drawings(lesson):
    """25 pictures, the maps of a 7, both curves, those of all draws, and the graph of a frozen network."""
    pictures, maps, curves, draws, graph = lesson["figures"]
    assert pictures[0] == 25 and maps[0] == 7
    assert dict(curves[2][:2]) == {"only the head": lesson["tuned"], "from scratch": lesson["scratch"]}
    assert set(curves[2][2][1]) == set(draws[2][-1][1]) == {0.2}
    means = {name: ys for name, ys in draws[2] if not name.startswith("_")}
    for name, five in lesson["runs"].items():
        assert means[name] == pytest.approx(torch.tensor(five).mean(dim=0).tolist())
        assert sum(ys in five for _, ys in draws[2]) >= len(five) == 5
    leaves = [label for label in graph[1] if "AccumulateGrad" in label]
    assert sorted(leaves) == ["fc.bias\nAccumulateGrad", "fc.weight\nAccumulateGrad"]


@pytest.mark.proof
def test_the_text_on_draws_and_cuts(lesson):
    """Freezing or not makes little difference, scratch draws near later, and an early cut is better by far."""
    fives = (*lesson["runs"].values(), lesson["blinds"])
    head, everything, scratch, blind = (torch.tensor(five).mean(dim=0) for five in fives)
    assert (head - everything).abs()[2:].max() < 0.05
    assert head[12] - scratch[12] < (head[2] - scratch[2]) / 2
    assert head[1] > blind[1] + 0.05 and blind[2] - scratch[2] > (head[2] - scratch[2]) / 2
    early, late = (torch.tensor(three).mean() for three in lesson["cuts"].values())
    assert early > late + 0.1


@pytest.mark.proof
def test_weights_at_hand(tmp_path):
    """With weights that have learned something, every claim of the lesson holds, and none comes from a network."""
    _, address = trained_resnet(tmp_path)
    [found], printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "1", address, TORCHHOUR_DATA=str(tmp_path))
    assert "weights = ResNet18_Weights.IMAGENET1K_V1\n" in printed
    assert found["changed"] == ["fc.weight", "fc.bias"]


@pytest.mark.proof
def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, and with other threads."""
    (first, second), printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "2")
    half = len(printed) // 2
    assert printed[:half] == printed[half:] and "only the head" in printed
    assert first["runs"] == second["runs"]


def compare(seed: int) -> dict:
    """Run the lesson up to its five draws from another seed; what it asserts must hold."""
    section = SOURCE[: SOURCE.index("# .. _fine-tuning-resnet:")]
    assert section.count("torch.manual_seed(0)") == 1
    section = section[: section.rindex("# %% zh")].replace("torch.manual_seed(0)", f"torch.manual_seed({seed})")
    names: dict = {}
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
    tuned, scratch = [], {0.003: [], 0.01: [], 0.03: []}
    for seed in range(5):
        names = compare(seed)
        plt.close("all")
        if seed == 0:
            assert names["runs"] == lesson["runs"]
        assert names["few"].shape == (25,)
        assert names["train"].labels[names["few"]].bincount().tolist() == [0] * 5 + [5] * 5
        tuned.append(names["means"]["only the head"][2])
        scratch[0.01].append(names["means"]["from scratch"][2])
        for rate in (0.003, 0.03):
            network = names["with_head"](names["make_features"]())
            scratch[rate].append(torch.tensor(names["learn"](network, names["few"], lr=rate)[2]))
    with capsys.disabled():
        for name, values in {"tuned": tuned, **scratch}.items():
            print(f"\n{lesson['source']}, {name}:", [f"{value:.1%}" for value in values], end="")
    assert all(one > other + 0.1 for one, other in zip(tuned, scratch[0.01], strict=True))
    assert all(sum(tuned) > sum(values) for values in scratch.values())
