"""Digits against torchvision's own reader and scikit-learn's own scans, and every broken file by its message."""

import gzip
import hashlib
import os
import re
import struct
import threading
import tracemalloc
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torchvision.datasets import MNIST
from torchvision.transforms.functional import to_tensor

from torchhour.data import names
from torchhour.data.digits import TEST, TRAIN, digits, read_idx
from torchhour.data.sources import DataError

REPOSITORY = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared" / "data").absolute()
NAMES = [name for name, _, _ in TRAIN + TEST]

needs_mnist = pytest.mark.skipif(
    not (SHARED / "MNIST" / "raw").is_dir(),
    reason="no MNIST/raw in TORCHHOUR_DATA, nor in shared/data beside the repository; run `make data`",
)


@pytest.fixture
def scans(monkeypatch):
    """scikit-learn's digits, whatever the environment says."""
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """An empty ``MNIST/raw`` in the folder that ``TORCHHOUR_DATA`` names."""
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def mnist(raw):
    """The four real files."""
    for name in NAMES:
        (raw / name).symlink_to(SHARED / "MNIST" / "raw" / name)
    return raw


def idx(*sizes, values=b"", magic=None):
    """An idx file of bytes, gzipped, always the same."""
    head = magic or bytes([0, 0, 8, len(sizes)])
    return gzip.compress(head + struct.pack(f">{len(sizes)}I", *sizes) + values, mtime=0)


@pytest.mark.proof
@needs_mnist
@pytest.mark.parametrize("train", [True, False])
def test_mnist_is_what_torchvision_reads(mnist, train):
    # With all files at hand, torchvision's download only unpacks them.
    ours, theirs = digits(train), MNIST(mnist.parents[1], train=train, download=True)
    assert ours.source == "MNIST (TORCHHOUR_DATA)"
    assert ours.images.shape == (len(theirs), 1, 32, 32)
    assert torch.equal(ours.images[:, 0], F.pad(theirs.data, [2] * 4) / 255)
    assert torch.equal(ours.labels, theirs.targets)
    for index in (0, 1, -1):
        picture, label = theirs[index]
        assert torch.equal(ours[index][0], F.pad(to_tensor(picture), [2] * 4))
        assert ours[index][1] == label


def test_scans_are_scikit_learns(scans):
    """Every scan with its label, once, in one of the two parts."""
    ours = [digits(train=True), digits(train=False)]
    assert [len(part) for part in ours] == [1437, 360]
    theirs = load_digits()
    enlarged = F.interpolate(torch.tensor(theirs.images)[:, None] / 16, size=(32, 32), mode="bilinear")
    pairs = {
        (image.float().numpy().tobytes(), int(label)) for image, label in zip(enlarged, theirs.target, strict=True)
    }
    assert len(pairs) == len(theirs.images)
    assert {(image.numpy().tobytes(), label) for part in ours for image, label in part} == pairs


def test_scans_are_split_by_label_and_always_alike(scans):
    train, test = digits(), digits(train=False)
    share = test.labels.bincount() / (train.labels.bincount() + test.labels.bincount())
    assert torch.allclose(share, torch.full((10,), 0.2), atol=0.01)
    assert torch.equal(train.images, digits().images) and torch.equal(train.labels, digits().labels)


def test_it_is_an_ordinary_dataset(scans):
    test = digits(train=False)
    assert isinstance(test, torch.utils.data.Dataset)
    assert test.classes == list("0123456789")
    assert test.source == "scikit-learn digits"
    assert test.images.dtype == torch.float32 and test.labels.dtype == torch.int64
    assert test.images.min() == 0 and test.images.max() == 1
    assert type(test[0][1]) is int
    images, labels = next(iter(torch.utils.data.DataLoader(test, batch_size=8)))
    assert torch.equal(images, test.images[:8]) and torch.equal(labels, test.labels[:8])
    with pytest.raises(IndexError):
        test[len(test)]


def test_without_mnist_the_scans_are_used(monkeypatch, tmp_path):
    for folder in ("", str(tmp_path)):
        monkeypatch.setenv("TORCHHOUR_DATA", folder)
        assert digits(train=False).source == "scikit-learn digits"


def test_a_folder_that_does_not_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path / "gone"))
    with pytest.raises(DataError, match=r"gone is not a folder; point TORCHHOUR_DATA at .*, or unset it"):
        digits()


@pytest.mark.parametrize("missing", NAMES)
def test_a_missing_file(raw, missing):
    for name in set(NAMES) - {missing}:
        (raw / name).write_bytes(b"")
    with pytest.raises(DataError, match=rf"{re.escape(str(raw / missing))}: .*missing; run `make data` to fetch it"):
        digits(train=False)


def test_a_link_to_nowhere_is_not_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    (tmp_path / "MNIST").symlink_to(tmp_path / "gone")
    with pytest.raises(DataError, match="MNIST: No such file or directory; delete it and run `make data`"):
        digits()


@needs_mnist
@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_real_file(mnist, name):
    whole = (mnist / name).read_bytes()
    (mnist / name).unlink()
    (mnist / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=rf"{name}: not a readable gzip file \(Compressed .*; delete it and run"):
        digits(train=name.startswith("train"))


BROKEN = {
    "no gzip": (b"<html>404</html>", r"not a readable gzip file \(Not a gzipped file"),
    "truncated": (idx(3, values=b"\5\0\4")[:-9], r"not a readable gzip file \(Compressed file ended"),
    "damaged": (idx(3, values=b"\5\0\4")[:-8] + bytes(8), r"not a readable gzip file \(CRC check failed"),
    "empty": (gzip.compress(b""), "magic number , expected 00000801"),
    "magic": (idx(3, values=b"\5\0\4", magic=bytes([0, 0, 9, 1])), "magic number 00000901, expected 00000801"),
    "dimensions": (idx(1, 1, 3, values=b"\5\0\4"), "magic number 00000803, expected 00000801"),
    "shape": (idx(2, values=b"\5\0"), r"shape \(2,\), expected \(3,\)"),
    "too short": (idx(3, values=b"\5\0"), "number of bytes 10, expected 11"),
    "too long": (idx(3, values=b"\5\0\4\4"), "more than the 11 bytes expected"),
    "label": (idx(3, values=b"\5\0\12"), "label 10 is above 9"),
    "md5": (idx(3, values=b"\5\0\5"), r"md5 [0-9a-f]{32}, expected [0-9a-f]{32}"),
}


@pytest.mark.parametrize("content, fault", BROKEN.values(), ids=BROKEN)
def test_a_broken_file(tmp_path, content, fault):
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    good = hashlib.md5(idx(3, values=b"\5\0\4")).hexdigest()
    with pytest.raises(DataError, match=rf"{re.escape(str(path))}: {fault}.*; delete it and run `make data`"):
        read_idx(path, (3,), good)


def test_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(DataError, match=rf"{tmp_path}: not a file; delete it and run `make data`"):
        read_idx(tmp_path, (3,), "")


def test_a_pipe_in_place_of_a_file(tmp_path):
    path = tmp_path / "labels.gz"
    os.mkfifo(path)
    # Who opens it would wait for ever, but for this.
    threading.Thread(target=path.write_bytes, args=(b"",), daemon=True).start()
    with pytest.raises(DataError, match=rf"{path}: not a file; delete it and run `make data`"):
        read_idx(path, (3,), "")


def test_a_bomb_is_not_unpacked(tmp_path):
    """30 MB in 30 KB: no more than was expected comes into memory."""
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 3]) + bytes(30_000_000)))
    tracemalloc.start()
    with pytest.raises(DataError, match=rf"{path}: more than the 11 bytes expected; delete it and run `make data`"):
        read_idx(path, (3,), "")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("name", ["MNIST", "MNIST/raw"])
def test_a_file_in_place_of_a_folder(tmp_path, monkeypatch, name):
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(DataError, match=rf"{tmp_path / name}: Not a directory; delete it and run `make data`"):
        digits()


def test_nobodys_home(monkeypatch):
    monkeypatch.setenv("TORCHHOUR_DATA", "~nosuchuser")
    with pytest.raises(DataError, match=r"TORCHHOUR_DATA=~nosuchuser: .* is not a folder; point TORCHHOUR_DATA at"):
        digits()
    assert names.digits() == "scikit-learn digits" and names.cifar10() == "Silhouettes"
