"""Training against a loop by hand and the loops of lesson 40; counts against scikit-learn."""

import ast
import copy
from pathlib import Path

import pytest
import sklearn.metrics
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from torchhour.networks import Classifier
from torchhour.training import accuracy, confusion_matrix, predict, train_epoch

LESSON = Path(__file__).parents[1] / "gallery" / "40_classifier.py"


@pytest.fixture
def pictures():
    """Ten random pictures and labels."""
    dice = torch.Generator().manual_seed(0)
    return TensorDataset(torch.randn(10, 3, 32, 32, generator=dice), torch.randint(10, (10,), generator=dice))


def shuffled(pictures):
    """Batches of 4, 4 and 2, always in the same random order."""
    return DataLoader(pictures, batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(1))


def sgd(network):
    return torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)


def same(network, other):
    return all(torch.equal(ours, theirs) for ours, theirs in zip(network.parameters(), other.parameters(), strict=True))


def test_an_epoch_is_the_loop_by_hand(pictures):
    """The update rule of SGD with momentum, on gradients from ``torch.autograd.grad``."""
    network = Classifier()
    other = copy.deepcopy(network)
    velocities = [torch.zeros_like(parameter) for parameter in other.parameters()]
    expected = []
    for images, labels in shuffled(pictures):
        loss = nn.functional.cross_entropy(other(images), labels)
        expected.append(loss.item())
        gradients = torch.autograd.grad(loss, list(other.parameters()))
        with torch.no_grad():
            for parameter, velocity, gradient in zip(other.parameters(), velocities, gradients, strict=True):
                velocity.mul_(0.9).add_(gradient)
                parameter -= 0.01 * velocity

    losses = train_epoch(network, shuffled(pictures), nn.CrossEntropyLoss(), sgd(network))
    assert losses == pytest.approx(expected, rel=1e-5)
    for ours, theirs in zip(network.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def from_lesson(kind: type, test):
    """What lesson 40 writes at its top level and ``test`` says yes to, compiled."""
    tree = ast.parse(LESSON.read_text(encoding="utf-8"), str(LESSON))
    found = [node for node in tree.body if isinstance(node, kind) and test(node)]
    return compile(ast.Module(found, []), str(LESSON), "exec")


def lesson_functions() -> dict:
    """The functions of lesson 40 that this library has, too."""
    names = {"torch": torch}
    exec(from_lesson(ast.FunctionDef, lambda node: node.name in ("train_epoch", "predict", "accuracy")), names)
    return names


def test_two_epochs_are_those_of_the_lesson(pictures):
    network = Classifier()
    other = copy.deepcopy(network)
    lesson, criterion = lesson_functions(), nn.CrossEntropyLoss()
    optimizer, loader = sgd(network), shuffled(pictures)
    losses = [loss for _ in range(2) for loss in train_epoch(network, loader, criterion, optimizer)]
    optimizer, loader = sgd(other), shuffled(pictures)
    theirs = [loss for _ in range(2) for loss in lesson["train_epoch"](other, loader, criterion, optimizer)]
    assert losses == theirs and len(losses) == 6
    assert same(network, other) and network.training and other.training


def test_an_exam_is_that_of_the_lesson(pictures):
    network, lesson = Classifier(), lesson_functions()
    loader = DataLoader(pictures, batch_size=4)
    for ours, theirs in zip(predict(network, loader), lesson["predict"](network, loader), strict=True):
        assert torch.equal(ours, theirs) and not theirs.requires_grad
    assert accuracy(network, loader) == lesson["accuracy"](network, loader)


def test_an_epoch_is_the_loop_of_the_lesson_on_a_device(pictures):
    network = Classifier()
    other = copy.deepcopy(network)
    names = {"moved": other, "optimizer": sgd(other), "train_loader": shuffled(pictures)}
    names |= {"criterion": nn.CrossEntropyLoss(), "device": torch.device("cpu"), "moved_losses": []}
    loop = from_lesson(ast.For, lambda node: "backward()" in ast.unparse(node))
    exec(loop, names | {"islice": lambda loader, _: loader})
    losses = train_epoch(network, shuffled(pictures), nn.CrossEntropyLoss(), sgd(network))
    assert losses == names["moved_losses"]
    assert same(network, other)


def test_counts_are_scikit_learns(pictures):
    network = Classifier()
    logits, labels = predict(network, shuffled(pictures))
    predictions = logits.argmax(dim=1)
    assert accuracy(network, shuffled(pictures)) == sklearn.metrics.accuracy_score(labels, predictions)

    dice = torch.Generator().manual_seed(0)
    for count in (0, 1, 500):
        labels, predictions = torch.randint(10, (2, count), generator=dice)
        theirs = sklearn.metrics.confusion_matrix(labels, predictions, labels=range(10)) if count else [[0] * 10] * 10
        assert torch.equal(confusion_matrix(labels, predictions, 10), torch.as_tensor(theirs))


def test_predict_keeps_the_order_and_needs_no_gradient(pictures):
    network = Classifier()
    logits, labels = predict(network, DataLoader(pictures, batch_size=4))
    images, expected = pictures.tensors
    assert torch.equal(labels, expected)
    torch.testing.assert_close(logits, network(images).detach())
    assert not logits.requires_grad and torch.is_grad_enabled()


@pytest.mark.parametrize("training", [True, False])
def test_modes(pictures, training):
    """Dropout is off while predicting, on while training; a frozen layer stays in its mode."""
    network = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(3072, 10)).train(training)
    network[2].eval()
    loader = DataLoader(pictures, batch_size=4)
    assert torch.equal(predict(network, loader)[0], predict(network, loader)[0])
    assert [layer.training for layer in network.modules()] == [training, training, training, False]
    with pytest.raises(RuntimeError):
        predict(network, [(torch.zeros(1, 1), torch.zeros(1))])
    assert network.training == training

    train_epoch(network, loader, nn.CrossEntropyLoss(), sgd(network))
    assert all(layer.training for layer in network.modules())


def test_no_pictures():
    for function in (predict, accuracy):
        with pytest.raises(ValueError, match="the loader yields no batch; give it a dataset that is not empty"):
            function(Classifier(), [])


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([0, 1], [0], r"shapes \(2,\) and \(1,\); give two tensors of one length"),
        ([[0]], [[0]], r"shapes \(1, 1\) and \(1, 1\); give two tensors of one length"),
        ([0, 3], [0, 0], "labels go from 0 to 3; give integers from 0 to 2"),
        ([0, 0], [-1, 2], "predictions go from -1 to 2; give integers from 0 to 2"),
    ],
)
def test_labels_that_cannot_be_counted(labels, predictions, message):
    with pytest.raises(ValueError, match=message):
        confusion_matrix(torch.tensor(labels), torch.tensor(predictions), classes=3)
