"""CIFAR-10 where it is at hand, drawn silhouettes of the same ten classes otherwise."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from torchhour.data.checksums import (
    BINARY,
    LABELS,
    MD5,
    PYTHON,
    RECORD,
    RECORDS,
    SHA256,
    TEST,
    TRAIN,
    UNVERIFIED,
    VERIFIED,
)
from torchhour.data.silhouettes import CLASSES, silhouettes
from torchhour.data.sources import DataError, Pictures, broken, data_folder, entries, opened

Batch = tuple[NDArray[np.uint8], NDArray[np.uint8]]


@dataclass(frozen=True, eq=False, repr=False)
class PILPictures(Pictures):
    """Pictures that are handed out as torchvision does: through Pillow, then through ``transform``.

    Here ``images`` is N×3×32×32, uint8. Item ``i`` is the pair of an RGB
    ``PIL.Image``, or of what ``transform`` makes of it, and its label, an ``int``.

    >>> pixels, labels = torch.zeros(2, 3, 32, 32, dtype=torch.uint8), torch.tensor([0, 1])
    >>> PILPictures(pixels, labels, ["cat", "dog"], "zeros", lambda image: image.size)[1]
    ((32, 32), 1)
    """

    transform: Callable[[Image.Image], object] | None = None

    def __getitem__(self, index: int) -> tuple[object, int]:
        image = Image.fromarray(self.images[index].permute(1, 2, 0).numpy())
        return image if self.transform is None else self.transform(image), int(self.labels[index])


def cifar10(train: bool = True, transform: Callable[[Image.Image], object] | None = None) -> PILPictures:
    """Small colour pictures of ten classes: ``.images`` uint8 of N×3×32×32, ``.labels`` int64 of N.

    The source is CIFAR-10 (50,000 + 10,000 photographs, Alex Krizhevsky, 2009, see
    https://www.cs.toronto.edu/~kriz/cifar.html) in ``$TORCHHOUR_DATA``, in one of its
    own layouts: the pickled ``cifar-10-batches-py``, or else ``cifar-10-batches-bin``.
    Where neither is there, it is Silhouettes: 10,000 + 2,000 pictures that
    ``torchhour.data.silhouettes`` draws. ``cifar10().source`` tells which; it adds
    "(unverified)" where the labels are CIFAR-10's, but the sums of its files unknown.

    ``transform`` is given each ``PIL.Image`` as it is asked for. Raises
    ``DataError`` where a source is present but broken.

    >>> test = cifar10(train=False)
    >>> image, label = test[0]
    >>> image.size, test.images.shape[1:], test.images.dtype, test.classes[3]
    ((32, 32), torch.Size([3, 32, 32]), torch.uint8, 'cat')
    """
    folder = data_folder()
    present = entries(folder) if folder else []
    if PYTHON in present:
        (images, labels), source = _pickled(folder / PYTHON, train), VERIFIED
    elif BINARY in present:
        (images, labels), source = _binary(folder / BINARY, train)
    else:
        (images, labels), source = silhouettes(train), "Silhouettes"
    return PILPictures(images, labels, list(CLASSES), source, transform)


def _pickled(folder: Path, train: bool) -> tuple[Tensor, Tensor]:
    """The pickled layout. Nothing is unpickled before the md5 of every file has been checked."""
    _require(folder, MD5)
    checked = {}
    for name, md5 in MD5.items():
        content = _content(folder / name)
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if found != md5:
            raise broken(folder / name, f"md5 {found}, expected {md5}")
        if name in (TRAIN if train else TEST):
            # The very bytes that were checked: a file could change before it is read again.
            checked[folder / name] = content
    return _joined([_unpickle(path, content) for path, content in checked.items()])


class _ArraysOnly(pickle.Unpickler):
    """Rebuilds NumPy arrays, and calls nothing else that a pickle may name."""

    allowed = {
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self.allowed:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return self.allowed[module, name]


def _unpickle(path: Path, content: bytes) -> Batch:
    """The pixels and labels of a batch that Python 2 pickled, whose strings are bytes."""
    try:
        batch = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
        pixels, labels = batch["data"], np.array(batch["labels"])
        if pixels.dtype != np.uint8 or pixels.shape != (len(labels), RECORD - 1) or labels.dtype.kind != "i":
            raise ValueError(f"data is {pixels.dtype} of {pixels.shape}, labels are {labels.dtype} of {labels.shape}")
    except Exception as error:  # a broken pickle may raise anything
        raise broken(path, f"not a pickled batch of CIFAR-10 ({error})") from error
    return _labelled(path, pixels, labels)


def _binary(folder: Path, train: bool) -> tuple[tuple[Tensor, Tensor], str]:
    """The binary layout, and what it calls itself."""
    _require(folder, [f"{name}.bin" for name in TRAIN + TEST])
    contents = {name: _content(folder / f"{name}.bin", RECORDS * RECORD) for name in TRAIN + TEST}
    batches = {}
    for name, content in contents.items():
        records = np.frombuffer(content, np.uint8).reshape(RECORDS, RECORD)
        batches[name] = _labelled(folder / f"{name}.bin", records[:, 1:], records[:, 0])
    known = all(hashlib.sha256(content).hexdigest() == SHA256[name] for name, content in contents.items())
    if not known:
        _check(folder, batches)
    return _joined([batches[name] for name in (TRAIN if train else TEST)]), VERIFIED if known else UNVERIFIED


def _check(folder: Path, batches: dict[str, Batch]) -> None:
    """Raise where batches whose sums are unknown cannot be CIFAR-10's, by their labels or by their pictures."""
    owners = {sha256: f"those of {name}" for name, sha256 in LABELS.items()}
    seen: set[int] = set()
    for name, (pixels, labels) in batches.items():
        path, found = folder / f"{name}.bin", hashlib.sha256(labels.tobytes()).hexdigest()
        if found != LABELS[name]:
            raise broken(path, f"its labels are {owners.get(found, 'not those of CIFAR-10')}")
        for index in np.flatnonzero(np.ptp(pixels, axis=1) == 0):
            raise broken(path, f"picture {index} is empty, all its bytes are {pixels[index, 0]}")
        # In our copy no picture comes twice. The published one has 93 others, so a few might.
        pictures = {hash(picture.tobytes()) for picture in pixels} - seen
        if (again := RECORDS - len(pictures)) > RECORDS // 100:
            raise broken(path, f"{again:,} of its pictures stand there or in another batch already")
        seen |= pictures


def _labelled(path: Path, pixels: NDArray[np.uint8], labels: NDArray[np.integer]) -> Batch:
    for wrong in labels[(labels < 0) | (labels >= len(CLASSES))]:
        raise broken(path, f"label {wrong} is not one of 0 to {len(CLASSES) - 1}")
    return pixels, labels.astype(np.uint8)


def _joined(batches: list[Batch]) -> tuple[Tensor, Tensor]:
    pixels, labels = (torch.from_numpy(np.concatenate(parts)) for parts in zip(*batches, strict=True))
    return pixels.reshape(-1, 3, 32, 32), labels.long()


def _require(folder: Path, names: Collection[str]) -> None:
    present = entries(folder)
    for name in names:
        if name not in present:
            raise DataError(f"{folder / name}: this file of CIFAR-10 is missing; run `make data` to fetch it")


def _content(path: Path, size: int | None = None) -> bytes:
    """What is in a file, which has this size."""
    with opened(path) as file:
        found = os.fstat(file.fileno()).st_size
        if size is not None and found != size:
            raise broken(path, f"number of bytes {found}, expected {size}")
        return file.read()
