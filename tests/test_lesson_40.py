"""Lesson 40, run as a reader runs it: its counts against scikit-learn, and the same numbers whatever came before."""

from __future__ import annotations

import pytest
import sklearn.metrics
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

from lessons import GALLERY, dataset, real, run
from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier
from torchhour.training import accuracy, predict, train_epoch

LESSON = GALLERY / "40_classifier.py"

# One run takes half a minute on the embedded pictures, and minutes on the real ones.
pytestmark = pytest.mark.proof
# Runs the lesson as often as the third argument says, under another global state each time; keeps
# what the tests look at, and each figure as a list of titles and pictures.
DRIVER = """
import random, runpy, sys
import matplotlib.pyplot as plt
import numpy, torch

NAMES = "logits predictions per_class confusion worst confidence losses reports history curves turn here moved_losses"
runs = []
for turn in range(int(sys.argv[3])):
    if turn:
        random.random(), numpy.random.rand(5), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
        torch.set_default_dtype(torch.float64)
        plt.rcParams["figure.dpi"] = 50
    figures = []

    def show():
        for number in plt.get_fignums():
            axes = plt.figure(number).axes
            pictures = [axis.images[0].get_array().copy() if axis.images else None for axis in axes]
            figures.append(([axis.get_title() for axis in axes], pictures))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    kept = {name: found[name] for name in NAMES.split()}
    kept |= {"state": found["restored"].state_dict(), "trained": found["network"].state_dict()}
    kept |= {"answer": found["classes"][found["best"]]}
    runs.append(kept | {"source": found["test_set"].source, "classes": found["classes"], "figures": figures})
torch.save(runs, sys.argv[2])
"""


@pytest.fixture(scope="module", params=["Silhouettes", real("CIFAR-10", "cifar-10-batches-*")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"), "1")
    assert found["source"] == request.param
    return found | {"printed": printed}


def pairs(lesson: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Labels from the data set itself, and predictions from the lesson's logits."""
    return torch.as_tensor(dataset(cifar10, lesson["source"], train=False).labels), lesson["logits"].argmax(dim=1)


def test_it_learns(lesson):
    """Two epochs, then four: the numbers of the table, and the last of them by scikit-learn."""
    labels, predictions = pairs(lesson)
    assert torch.equal(lesson["predictions"], predictions)
    history = lesson["history"]
    assert len(history) == 6 and 0.5 < history[1][1] < history[5][1]
    assert history[5][1] == sklearn.metrics.accuracy_score(labels, predictions)
    rows = [line.split() for line in lesson["printed"].splitlines()]
    for epoch, shares in enumerate(history, start=1):
        assert [str(epoch), *(f"{share:.1%}" for share in shares)] in rows
    assert f"accuracy = {history[5][1]:.1%}\n" in lesson["printed"]


def test_what_is_loaded_is_what_was_saved(lesson):
    assert lesson["state"].keys() == lesson["trained"].keys()
    assert all(torch.equal(values, lesson["trained"][name]) for name, values in lesson["state"].items())


def test_it_learns_by_heart(lesson):
    """The loss on 300 pictures falls; that on the validation set turns where the page says."""
    seen, others = lesson["curves"].values()
    assert len(seen) == len(others) == 30 and seen[-1] < 0.3 < others[-1]
    assert others[lesson["turn"] - 1] == min(others) < 0.9 * others[-1] and lesson["turn"] < 25
    assert f"turn = {lesson['turn']}\n" in lesson["printed"]
    shares = {
        name: float(line.split()[-1].rstrip("%"))
        for name in ("training set", "validation set")
        for line in lesson["printed"].splitlines()
        if line.startswith(name)
    }
    assert shares["training set"] > shares["validation set"] + 20


def test_it_knows_the_airplane(lesson):
    assert lesson["answer"] == "airplane"
    assert "answer = airplane, confidence = " in lesson["printed"]


def test_accuracy_of_each_class(lesson):
    """Recall, in scikit-learn's words."""
    labels, predictions = pairs(lesson)
    recall = sklearn.metrics.recall_score(labels, predictions, average=None)
    assert lesson["per_class"].tolist() == pytest.approx(recall)
    for word, index in {"easiest": recall.argmax(), "hardest": recall.argmin()}.items():
        assert f"{word} = {lesson['classes'][index]} ({recall[index]:.1%})\n" in lesson["printed"]


def test_confusion_matrix_and_its_drawing(lesson):
    expected = torch.as_tensor(sklearn.metrics.confusion_matrix(*pairs(lesson)))
    assert torch.equal(lesson["confusion"], expected)
    [drawn] = [pictures[0] for _, pictures in lesson["figures"] if len(pictures) == 1 and pictures[0] is not None]
    assert torch.equal(torch.as_tensor(drawn), expected)
    wrong, i, j = max((expected[i, j].item(), -i, -j) for i in range(10) for j in range(10) if i != j)
    told = f"most often mixed up = {lesson['classes'][-i]} → {lesson['classes'][-j]}, times = {wrong}\n"
    assert told in lesson["printed"]


@pytest.mark.parametrize("lesson", [real("CIFAR-10", "cifar-10-batches-*")], indirect=True)
def test_animals_are_mostly_taken_for_animals(lesson):
    """And vehicles for vehicles, on the photographs, where the page says so."""
    labels, predictions = pairs(lesson)
    vehicles = torch.tensor([name in ("airplane", "automobile", "ship", "truck") for name in lesson["classes"]])
    wrong = labels != predictions
    for kind in (True, False):
        theirs = wrong & (vehicles[labels] == kind)
        assert (vehicles[predictions[theirs]] == kind).float().mean() > 0.5


def test_most_confident_mistakes(lesson):
    """By hand: sort all wrong pictures by their probability, in float64."""
    labels, predictions = pairs(lesson)
    sure = lesson["logits"].double().softmax(dim=1).max(dim=1).values
    wrong = [index for index in range(len(labels)) if labels[index] != predictions[index]]
    expected = sorted(wrong, key=lambda index: -sure[index])[:8]
    assert sure[lesson["worst"]].tolist() == pytest.approx(sure[expected].tolist(), abs=1e-6)

    [(titles, pictures)] = [figure for figure in lesson["figures"] if "%" in figure[0][0]]
    images = torch.as_tensor(dataset(cifar10, lesson["source"], train=False).images)
    for index, title, picture in zip(lesson["worst"].tolist(), titles, pictures, strict=True):
        names = (lesson["classes"][part[index]] for part in (labels, predictions))
        assert title == "{}\n→ {}\n{:.1%}".format(*names, sure[index])
        assert torch.equal(torch.as_tensor(picture), images[index].permute(1, 2, 0))


def test_pictures_stand_under_their_labels(lesson):
    """The two of each class."""
    train = dataset(cifar10, lesson["source"], train=True)
    titles, pictures = lesson["figures"][0]
    assert titles == lesson["classes"] * 2
    for title, picture in zip(titles, pictures, strict=True):
        same = (train.images == torch.as_tensor(picture).permute(2, 0, 1)).flatten(1).all(dim=1)
        assert lesson["classes"].index(title) in train.labels[same].tolist()


def test_every_full_stretch_is_reported(lesson):
    """Of 2000 steps, as the tutorial reports them: never the rest of an epoch."""
    losses, batches = lesson["losses"], len(dataset(cifar10, lesson["source"], train=True)) // 4
    assert len(losses) == 2 * batches
    means = [
        sum(losses[epoch + start : epoch + start + 2000]) / 2000
        for epoch in (0, batches)
        for start in range(0, batches - 1999, 2000)
    ]
    assert lesson["reports"].tolist() == pytest.approx(means, rel=1e-5)


def test_the_table_of_the_original(lesson):
    """This page's own numbers stand beside them on the real pictures only."""
    real_ones = lesson["source"] == "CIFAR-10"
    assert f"source = {lesson['source']}\n" in lesson["printed"]
    rows = [line.split() for line in lesson["printed"].splitlines()]
    below = iter(rows[rows.index(["original", "here"] if real_ones else ["original"]) + 1 :])
    published = {"first loss": 2.212, "last loss": 1.264, "accuracy": 0.54}
    published |= {"airplane": 0.73, "automobile": 0.70, "bird": 0.52, "cat": 0.27, "deer": 0.34}
    published |= {"dog": 0.37, "frog": 0.62, "horse": 0.72, "ship": 0.64, "truck": 0.53}
    ours = {"first loss": lesson["reports"][0], "last loss": sum(lesson["losses"][22500:24500]) / 2000}
    shares = {name: float(lesson["here"][name]) for name in lesson["classes"]}
    assert sum(shares.values()) / 10 == pytest.approx(lesson["history"][1][1])
    ours |= {"accuracy": lesson["history"][1][1]} | shares
    for name, number in published.items():
        numbers = [number, ours[name]] if real_ones else [number]
        assert next(below) == [*name.split(), *(f"{number:.3f}" for number in numbers)]


def test_on_a_device_the_losses_agree(lesson):
    assert len(lesson["moved_losses"]) == 200
    if "device = cpu" in lesson["printed"]:
        assert lesson["moved_losses"] == lesson["losses"][:200]
    else:
        assert lesson["moved_losses"] == pytest.approx(lesson["losses"][:200], abs=0.02)


def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, with other threads and another dtype."""
    (first, second), _ = run(DRIVER, LESSON, "Silhouettes", tmp_path, "2")
    for name in ("logits", "predictions", "confusion", "per_class", "worst", "confidence", "reports"):
        assert torch.equal(first[name], second[name]), name
    for name in ("history", "curves", "turn", "losses", "moved_losses", "source", "classes", "answer"):
        assert first[name] == second[name], name
    for name, values in first["state"].items():
        assert torch.equal(values, second["state"][name]), name
    assert [titles for titles, _ in first["figures"]] == [titles for titles, _ in second["figures"]]


@pytest.fixture(scope="module")
def sets(lesson) -> list[TensorDataset]:
    """The training set and the test set of the lesson, pictures held as one tensor."""
    return [
        TensorDataset(pictures.images.float().div(255).sub(0.5).div(0.5), pictures.labels)
        for pictures in (dataset(cifar10, lesson["source"], train=part) for part in (True, False))
    ]


def test_five_seeds(lesson, sets, one_thread, capsys):
    """The lesson's training from the library; seed 0 is the lesson's own."""
    train, test = sets
    reached = []
    for seed in range(5):
        torch.manual_seed(seed)
        network = Classifier()
        optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
        order = torch.Generator().manual_seed(seed)
        loader = DataLoader(train, batch_size=4, shuffle=True, generator=order)
        losses = [loss for _ in range(2) for loss in train_epoch(network, loader, nn.CrossEntropyLoss(), optimizer)]
        reached.append(accuracy(network, DataLoader(test, batch_size=100)))
        if seed == 0:
            assert losses == lesson["losses"] and reached[0] == lesson["history"][1][1]
    spread = torch.tensor(reached)
    with capsys.disabled():
        print(f"\n{lesson['source']}: {spread.mean():.1%} ± {spread.std():.1%}", [f"{value:.1%}" for value in reached])
    assert spread.min() > 0.5


def test_three_seeds_learn_by_heart(sets, one_thread):
    """300 pictures, as in the lesson: the loss on others turns, and rises by a tenth at least."""
    few, others = (Subset(sets[0], part) for part in (range(300), range(len(sets[0]) - 500, len(sets[0]))))
    criterion = nn.CrossEntropyLoss()
    for seed in range(3):
        torch.manual_seed(seed)
        network = Classifier()
        optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
        order = torch.Generator().manual_seed(seed)
        loader = DataLoader(few, batch_size=25, shuffle=True, generator=order)
        losses = []
        for _ in range(30):
            train_epoch(network, loader, criterion, optimizer)
            losses.append(criterion(*predict(network, DataLoader(others, batch_size=500))).item())
        seen = criterion(*predict(network, DataLoader(few, batch_size=300))).item()
        assert seen < min(losses) < 0.9 * losses[-1]
