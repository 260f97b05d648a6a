"""Lesson 40, run as a reader runs it: its counts against scikit-learn, and the same numbers whatever came before."""

from __future__ import annotations

import pytest
import sklearn.metrics
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from lessons import GALLERY, dataset, real, run
from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier
from torchhour.training import accuracy, train_epoch

LESSON = GALLERY / "40_classifier.py"

# One run takes half a minute on the embedded pictures, and minutes on the real ones.
pytestmark = pytest.mark.proof
# Runs the lesson as often as the third argument says, under another global state each time; keeps
# what the tests look at, and each figure as a list of titles and pictures.
DRIVER = """
import random, runpy, sys
import matplotlib.pyplot as plt
import numpy, torch

NAMES = "logits predictions accuracy per_class confusion worst confidence losses reports state moved_losses"
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
    labels, predictions = pairs(lesson)
    assert torch.equal(lesson["predictions"], predictions)
    assert lesson["accuracy"] == sklearn.metrics.accuracy_score(labels, predictions) > 0.5
    assert f"accuracy = {lesson['accuracy']:.1%}\n" in lesson["printed"]


def test_accuracy_of_each_class(lesson):
    """Recall, in scikit-learn's words."""
    labels, predictions = pairs(lesson)
    recall = sklearn.metrics.recall_score(labels, predictions, average=None)
    assert list(lesson["per_class"]) == lesson["classes"]
    assert list(lesson["per_class"].values()) == pytest.approx(recall)


def test_confusion_matrix_and_its_drawing(lesson):
    expected = torch.as_tensor(sklearn.metrics.confusion_matrix(*pairs(lesson)))
    assert torch.equal(lesson["confusion"], expected)
    [drawn] = [pictures[0] for _, pictures in lesson["figures"] if len(pictures) == 1 and pictures[0] is not None]
    assert torch.equal(torch.as_tensor(drawn), expected)
    wrong, i, j = max((expected[i, j].item(), -i, -j) for i in range(10) for j in range(10) if i != j)
    assert f"\n{lesson['classes'][-i]} -> {lesson['classes'][-j]} = {wrong}\n" in lesson["printed"]


def test_most_confident_mistakes(lesson):
    """By hand: sort all wrong pictures by their probability, in float64."""
    labels, predictions = pairs(lesson)
    sure = lesson["logits"].double().softmax(dim=1).max(dim=1).values
    wrong = [index for index in range(len(labels)) if labels[index] != predictions[index]]
    expected = sorted(wrong, key=lambda index: -sure[index])[:8]
    assert sure[lesson["worst"]].tolist() == pytest.approx(sure[expected].tolist(), abs=1e-6)

    titles, pictures = lesson["figures"][-1]
    images = torch.as_tensor(dataset(cifar10, lesson["source"], train=False).images)
    for index, title, picture in zip(lesson["worst"].tolist(), titles, pictures, strict=True):
        names = (lesson["classes"][part[index]] for part in (labels, predictions))
        assert title == "{}\n≠ {}\n{:.1%}".format(*names, sure[index])
        assert torch.equal(torch.as_tensor(picture), images[index].permute(1, 2, 0))


def test_pictures_stand_under_their_labels(lesson):
    """The three of each class, and the first eight of the test set with their predictions."""
    train, test = (dataset(cifar10, lesson["source"], train=part) for part in (True, False))
    titles, pictures = lesson["figures"][0]
    assert titles == lesson["classes"] * 3
    for title, picture in zip(titles, pictures, strict=True):
        same = (train.images == torch.as_tensor(picture).permute(2, 0, 1)).flatten(1).all(dim=1)
        assert lesson["classes"].index(title) in train.labels[same].tolist()

    [(titles, pictures)] = [figure for figure in lesson["figures"] if len(figure[0]) == 8 and "%" not in figure[0][0]]
    labels, predictions = pairs(lesson)
    for index, (title, picture) in enumerate(zip(titles, pictures, strict=True)):
        label, prediction = (lesson["classes"][part[index]] for part in (labels, predictions))
        assert title == f"{label}\n{'=' if label == prediction else '≠'} {prediction}"
        torch.testing.assert_close(torch.as_tensor(picture) * 255, test.images[index].permute(1, 2, 0).float())


def test_every_stretch_is_reported(lesson):
    """Of 2000 steps, and the rest of an epoch: no step is left out, none counted twice."""
    losses, batches = lesson["losses"], len(dataset(cifar10, lesson["source"], train=True)) // 4
    assert len(losses) == 2 * batches
    ends = [*range(2000, batches, 2000), batches]
    starts = [0, *ends[:-1]]
    means = [
        sum(losses[epoch + start : epoch + end]) / (end - start)
        for epoch in (0, batches)
        for start, end in zip(starts, ends, strict=True)
    ]
    assert lesson["reports"] == pytest.approx(means)
    lines = [f"epoch {epoch}  step {end:5}  loss " for epoch in (1, 2) for end in ends]
    assert [line[:26] for line in lesson["printed"].splitlines() if line.startswith("epoch ")] == lines


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
    ours |= {"accuracy": lesson["accuracy"]} | lesson["per_class"]
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
    for name in ("logits", "predictions", "confusion", "worst", "confidence"):
        assert torch.equal(first[name], second[name]), name
    for name in ("accuracy", "per_class", "losses", "reports", "moved_losses", "source", "classes"):
        assert first[name] == second[name], name
    for name, values in first["state"].items():
        assert torch.equal(values, second["state"][name]), name
    assert [titles for titles, _ in first["figures"]] == [titles for titles, _ in second["figures"]]


def test_five_seeds(lesson, one_thread, capsys):
    """The lesson's training from the library, pictures held as one tensor; seed 0 is the lesson's own."""
    train, test = (
        TensorDataset(pictures.images.float().div(255).sub(0.5).div(0.5), pictures.labels)
        for pictures in (dataset(cifar10, lesson["source"], train=part) for part in (True, False))
    )
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
            assert losses == lesson["losses"] and reached[0] == lesson["accuracy"]
    spread = torch.tensor(reached)
    with capsys.disabled():
        print(f"\n{lesson['source']}: {spread.mean():.1%} ± {spread.std():.1%}", [f"{value:.1%}" for value in reached])
    assert spread.min() > 0.5
