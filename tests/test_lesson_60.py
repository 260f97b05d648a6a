"""Lesson 60, run as a reader runs it, and what its text says of PyTorch."""

from __future__ import annotations

import math
import re

import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Subset

from lessons import GALLERY, dataset, run
from measure_training import measured, together
from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier

LESSON = GALLERY / "60_training_faster.py"
DRIVER = """
import runpy, sys
import matplotlib.pyplot as plt
import torch

axes = []
plt.show = lambda: (axes.append([axis.get_xlabel() for axis in plt.gcf().axes]), plt.close("all"))
found = runpy.run_path(sys.argv[1])
names = "learn validation parts arithmetic rows exams stretches steps seconds_as_written learn_images spread".split()
keep = {name: found[name] for name in names} | {"source": found["pictures"].source, "axes": axes}
torch.save(keep | {"kernels": found["layer"].weight.detach()}, sys.argv[2])
"""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> dict:
    """One run of the lesson on the embedded pictures, with what it printed."""
    found, printed = run(DRIVER, LESSON, "Silhouettes", tmp_path_factory.mktemp("lesson"))
    assert found["source"] == "Silhouettes"
    return found | {"printed": printed}


@pytest.mark.proof
def test_the_texts_claims(lesson):
    rows, exams = lesson["rows"], lesson["exams"]
    assert lesson["arithmetic"] < sum(lesson["parts"].values()) / 4
    assert rows["batches of 64"][1] < 0.2 < rows["larger steps"][1]
    assert rows["one tensor"][0] < lesson["seconds_as_written"]
    assert exams["two threads"] > exams["one tensor"] and rows["small network"][1] < rows["Muon"][1]
    assert rows["Muon"][1] > rows["Nesterov"][1] > rows["one cycle"][1] > rows["larger steps"][1]
    assert lesson["stretches"]["SGD"][9] < 0.1 < 0.5 < lesson["stretches"]["Muon"][9]
    assert max(values[42] for values in lesson["stretches"].values()) < 0.05
    assert (lesson["spread"] - 1).abs().max() < 0.05
    assert lesson["axes"] == [["milliseconds"], ["direction"], ["seconds", "accuracy (%)"], [""] * 12]


@pytest.mark.proof
def test_no_picture_is_in_both_parts(lesson):
    learn, validation = set(lesson["learn"].tolist()), set(lesson["validation"].tolist())
    assert not learn & validation and (len(learn), len(validation)) == (6000, 1000)
    assert max(learn | validation) < len(dataset(cifar10, "Silhouettes", train=True))
    assert lesson["steps"] == 2 * math.ceil(len(learn) / 4)


@pytest.mark.proof
def test_each_kernel_of_the_first_layer_comes_with_its_opposite(lesson):
    kernels = lesson["kernels"]
    assert kernels.shape == (24, 3, 2, 2) and torch.equal(kernels[:12], -kernels[12:])


def test_one_tensor_trains_as_the_loader_does():
    """The same pictures in the same order make the same network, from Pillow or from one tensor."""
    from torchvision import transforms

    half = (0.5, 0.5, 0.5)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(half, half)])
    order = torch.randperm(40, generator=torch.Generator().manual_seed(1)).tolist()
    pictures = cifar10(transform=transform)
    tensors = ((pictures.images.float() / 255 - 0.5) / 0.5, pictures.labels)
    networks = []
    for batches in (
        DataLoader(Subset(pictures, order), batch_size=4),
        [tuple(each[indices] for each in tensors) for indices in torch.tensor(order).split(4)],
    ):
        torch.manual_seed(0)
        network = Classifier()
        optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
        for images, labels in batches:
            loss = cross_entropy(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        networks.append(network)
    for one, other in zip(*(network.parameters() for network in networks), strict=True):
        assert torch.equal(one, other)


def test_runs_are_put_together_by_way_to_train():
    runs = [({"a": (2.001, 0.5), "b": (1.0, 0.25)}, {"a": 0.25}), ({"a": (4.0, 0.5), "b": (1.0, 0.75)}, {"a": 0.75})]
    found = together(runs)
    assert list(found) == ["a", "b"]
    assert found["a"].seconds == [2.0, 4.0] and found["a"].test == [0.25, 0.75]
    assert found["b"].validation == [0.25, 0.75] and found["b"].test == []


@pytest.mark.proof
def test_the_record_is_made_by_the_lesson_itself(monkeypatch):
    """Another seed trains another network; the loop as written learned, too, and was tested."""
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)
    rows, exams = measured(seed=1, steps="40")
    names = re.findall(r'measure\("([^"]+)"', LESSON.read_text("utf-8"))
    assert list(rows) == ["as written", *names, "small network"]
    assert set(exams) == {"as written", "one tensor", "two threads", "small network"}
    assert rows["Muon"][1] > rows["as written"][1]
