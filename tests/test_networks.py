"""The library's network is the one that lesson 40 writes out, and torch's own layers agree on its shapes."""

import ast
import inspect
from pathlib import Path

import pytest
import torch
from torch import nn

from torchhour import networks
from torchhour.networks import Classifier

LESSON = Path(__file__).parents[1] / "gallery" / "40_classifier.py"


def methods(source: str) -> dict[str, tuple[list[str], list[str]]]:
    """The methods of the class ``Classifier``: names of arguments, and statements; no annotations, no docstring."""
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Classifier"]
    assert [ast.unparse(base) for base in found.bases] == ["nn.Module"]
    functions = [node for node in found.body if isinstance(node, ast.FunctionDef)]
    return {
        function.name: ([argument.arg for argument in function.args.args], [ast.dump(line) for line in function.body])
        for function in functions
    }


def test_lesson_and_library_hold_the_same_network():
    ours = methods(inspect.getsource(networks))
    assert list(ours) == ["__init__", "forward"]
    assert ours == methods(LESSON.read_text(encoding="utf-8"))


def test_the_same_layers_in_a_row_give_the_same_logits():
    network = Classifier()
    row = nn.Sequential(
        *(network.conv1, nn.ReLU(), nn.MaxPool2d(2, 2), network.conv2, nn.ReLU(), nn.MaxPool2d(2, 2)),
        *(nn.Flatten(), network.fc1, nn.ReLU(), network.fc2, nn.ReLU(), network.fc3),
    )
    images = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert torch.equal(network(images), row(images))


@pytest.mark.parametrize("shape", [(4, 1, 32, 32), (4, 3, 28, 28), (4, 32, 32, 3)])
def test_pictures_of_another_shape(shape):
    with pytest.raises(RuntimeError):
        Classifier()(torch.zeros(shape))


def test_saved_safely_and_loaded_again(tmp_path):
    network, other = Classifier(), Classifier()
    torch.save(network.state_dict(), tmp_path / "classifier.pt")
    other.load_state_dict(torch.load(tmp_path / "classifier.pt", weights_only=True))
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(network.parameters(), other.parameters(), strict=True))
