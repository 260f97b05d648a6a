"""Handwritten digits: MNIST where it is at hand, scikit-learn's scans otherwise."""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from torchhour.data.sources import DataError, Pictures, broken, data_folder, entries, opened

#: MNIST's four files: name, shape, and md5 as torchvision knows it.
TRAIN = (
    ("train-images-idx3-ubyte.gz", (60000, 28, 28), "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
    ("train-labels-idx1-ubyte.gz", (60000,), "d53e105ee54ea40749a09fcbcd1e9432"),
)
TEST = (
    ("t10k-images-idx3-ubyte.gz", (10000, 28, 28), "9fb629c4189551a2d022fa330f9573f3"),
    ("t10k-labels-idx1-ubyte.gz", (10000,), "ec29112dd5afa0611ce80d1b7f02629c"),
)


def digits(train: bool = True) -> Pictures:
    """Handwritten digits, 1×32×32 float32 in [0, 1], with labels 0 to 9.

    The source is MNIST (60,000 + 10,000 pictures, Yann LeCun, Corinna Cortes and
    Christopher Burges) in ``$TORCHHOUR_DATA/MNIST/raw``, 28×28 with a border of 2.
    Where ``TORCHHOUR_DATA`` is unset or has no folder ``MNIST``, it is scikit-learn's
    ``load_digits``: 1,797 scans from the UCI repository, four fifths of each digit
    for training and one fifth for testing. ``digits().source`` tells which.

    Raises ``DataError`` where a source is present but broken.

    >>> test = digits(train=False)
    >>> image, label = test[0]
    >>> image.shape, image.dtype, test.classes[label] == str(label)
    (torch.Size([1, 32, 32]), torch.float32, True)
    """
    folder = data_folder()
    if folder and "MNIST" in entries(folder):
        images, labels = _mnist(folder / "MNIST" / "raw", train)
        source = "MNIST (TORCHHOUR_DATA)"
    else:
        images, labels = _scans(train)
        source = "scikit-learn digits"
    return Pictures(images, labels, list("0123456789"), source)


def read_idx(path: Path, shape: tuple[int, ...], md5: str) -> Tensor:
    """Read a gzipped idx file of bytes into a uint8 tensor of this shape.

    The format: the bytes 0, 0, 8 and the number of dimensions, then each size as
    a big-endian 32-bit integer, then the values. Raises ``DataError`` where the
    file cannot be read, or its format, its sizes, its labels or its md5 are wrong.

    >>> import tempfile
    >>> packed = gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4]), mtime=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels.gz")
    ...     _ = path.write_bytes(packed)
    ...     read_idx(path, (3,), hashlib.md5(packed).hexdigest())
    tensor([5, 0, 4], dtype=torch.uint8)
    """
    with opened(path) as file:
        try:
            # One byte more than there should be, and no further: a few bytes may unpack to gigabytes.
            data = gzip.GzipFile(fileobj=file).read(4 + 4 * len(shape) + math.prod(shape) + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise broken(path, f"not a readable gzip file ({getattr(error, 'strerror', None) or error})") from error
        file.seek(0)
        found = hashlib.file_digest(file, partial(hashlib.md5, usedforsecurity=False)).hexdigest()
    if fault := _fault(data, shape) or _wrong("md5", found, md5):
        raise broken(path, fault)
    return torch.tensor(np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape))


def _fault(data: bytes, shape: tuple[int, ...]) -> str:
    """What is wrong with an idx file's content, the most telling first; empty where nothing is."""
    start = 4 + 4 * len(shape)
    size = start + math.prod(shape)
    sizes = tuple(int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4))
    return (
        _wrong("magic number", data[:4].hex(), bytes([0, 0, 8, len(shape)]).hex())
        or _wrong("shape", sizes, shape)
        or (f"more than the {size:,} bytes expected" if len(data) > size else "")
        or _wrong("number of bytes", len(data), size)
        or (f"label {max(data[start:])} is above 9" if len(shape) == 1 and max(data[start:]) > 9 else "")
    )


def _wrong(what: str, found: object, wanted: object) -> str:
    return "" if found == wanted else f"{what} {found}, expected {wanted}"


def _mnist(folder: Path, train: bool) -> tuple[Tensor, Tensor]:
    present = entries(folder) if folder.name in entries(folder.parent) else []
    for name, _, _ in TRAIN + TEST:
        if name not in present:
            raise DataError(f"{folder / name}: this file of MNIST is missing; run `make data` to fetch it")
    pixels, labels = (read_idx(folder / name, shape, md5) for name, shape, md5 in (TRAIN if train else TEST))
    images = torch.zeros(len(pixels), 1, 32, 32)
    images[:, 0, 2:30, 2:30] = pixels
    return images.div_(255), labels.long()


def _scans(train: bool) -> tuple[Tensor, Tensor]:
    # Imported here: with MNIST at hand, nobody need wait for scikit-learn.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, labels = load_digits(return_X_y=True)
    parts = train_test_split(pixels, labels, test_size=0.2, stratify=labels, random_state=0)
    pixels, labels = parts[0 if train else 1 :: 2]
    scans = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16
    # Bilinear: strokes look like handwriting, where 4×4 blocks look like stairs.
    return F.interpolate(scans, scale_factor=4, mode="bilinear"), torch.tensor(labels, dtype=torch.int64)
