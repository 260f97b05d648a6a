"""The weights are used where their file is whole, and only there; no network is asked."""

import hashlib
import io
import os
import socket

import pytest
import torch
from torchvision.models import ResNet18_Weights, resnet18

from torchhour.data.sources import DataError
from torchhour.data.weights import resnet18_weights


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of data; torch.hub as it was afterwards; and no way out."""

    def refuse(*arguments):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def published(folder, monkeypatch):
    """A resnet18 of ours, saved where ``make data`` puts it; torchvision takes its checksum for the true one."""
    network = resnet18()
    saved = io.BytesIO()
    torch.save(network.state_dict(), saved)
    name = f"resnet18-{hashlib.sha256(saved.getvalue()).hexdigest()[:8]}.pth"
    monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", f"https://publisher.invalid/models/{name}")
    path = folder / "checkpoints" / name
    path.parent.mkdir()
    path.write_bytes(saved.getvalue())
    return network, path


def test_weights_at_hand(published):
    network, _ = published
    weights = resnet18_weights()
    assert weights is ResNet18_Weights.DEFAULT
    loaded = resnet18(weights=weights).state_dict()
    assert all(torch.equal(loaded[name], value) for name, value in network.state_dict().items())


def test_a_relative_folder(published, folder, monkeypatch, tmp_path_factory):
    """Lessons may run in a folder of their own after they have asked for the weights."""
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("TORCHHOUR_DATA", folder.name)
    weights = resnet18_weights()
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert torch.equal(resnet18(weights=weights).fc.bias, published[0].fc.bias)


@pytest.mark.parametrize("value", [None, "", "folder"], ids=["unset", "empty", "without the file"])
def test_no_weights(folder, monkeypatch, value):
    if value is None:
        monkeypatch.delenv("TORCHHOUR_DATA")
    else:
        monkeypatch.setenv("TORCHHOUR_DATA", value and str(folder))
    assert resnet18_weights() is None


DAMAGES = {
    "cut": (lambda path, content: path.write_bytes(content[:1000]), "sha256 [0-9a-f]{64}, expected"),
    "changed": (lambda path, content: path.write_bytes(content[:-1] + b"?"), "sha256 [0-9a-f]{64}, expected"),
    "folder": (lambda path, content: path.mkdir(), "not a file"),
    "pipe": (lambda path, content: os.mkfifo(path), "not a file"),
    "link to nowhere": (lambda path, content: path.symlink_to("nowhere"), "No such file or directory"),
}


@pytest.mark.parametrize("damage, fault", DAMAGES.values(), ids=DAMAGES)
def test_broken_weights_are_not_replaced_by_others(published, damage, fault):
    _, path = published
    content = path.read_bytes()
    path.unlink()
    damage(path, content)
    with pytest.raises(DataError, match=rf"{path.name}: {fault}.*; delete it and run `make data`"):
        resnet18_weights()
    assert torch.hub._hub_dir is None


def test_the_folder_is_missing(folder, monkeypatch):
    monkeypatch.setenv("TORCHHOUR_DATA", str(folder / "nowhere"))
    with pytest.raises(DataError, match=r"nowhere is not a folder; point TORCHHOUR_DATA at"):
        resnet18_weights()
