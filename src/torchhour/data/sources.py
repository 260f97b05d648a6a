"""What every set of pictures shares: the dataset, the folder, the error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from torch import Tensor
from torch.utils.data import Dataset


class DataError(RuntimeError):
    """Data is present but cannot be used; the message has the place, the fault and the remedy."""


@dataclass(frozen=True, eq=False, repr=False)
class Pictures(Dataset):
    """Pictures held in memory; item ``i`` is the pair of ``images[i]`` and its label, an ``int``.

    ``images`` is N×C×H×W, float32 in [0, 1]; ``labels`` is N, int64, each an
    index into ``classes``. ``source`` says where the pictures come from.

    >>> import torch
    >>> pictures = Pictures(torch.zeros(2, 1, 4, 4), torch.tensor([0, 1]), ["cat", "dog"], "zeros")
    >>> image, label = pictures[1]
    >>> image.shape, pictures.classes[label], len(pictures)
    (torch.Size([1, 4, 4]), 'dog', 2)
    """

    images: Tensor
    labels: Tensor
    classes: list[str]
    source: str

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.images[index], int(self.labels[index])


def data_folder() -> Path | None:
    """The folder that the environment variable ``TORCHHOUR_DATA`` names; none where it is unset or empty.

    Raises ``DataError`` where it names no folder.

    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", TORCHHOUR_DATA=""):
    ...     print(data_folder())
    None
    """
    name = os.environ.get("TORCHHOUR_DATA")
    if not name:
        return None
    folder = Path(os.path.expanduser(name))  # Path.expanduser raises where "~name" is nobody's home
    if not os.path.isdir(folder):  # Path.is_dir raises where a parent is closed to us
        raise DataError(
            f"TORCHHOUR_DATA={name}: {folder.absolute()} is not a folder; "
            "point TORCHHOUR_DATA at the folder that holds the data, or unset it"
        )
    return folder


def entries(folder: Path) -> list[str]:
    """The names of what is in a folder.

    Raises ``DataError`` where it is not a folder, or cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Path(folder, "MNIST").mkdir()
    ...     entries(Path(folder))
    ['MNIST']
    """
    with _faults(folder):
        return os.listdir(folder)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file of data for the ``with`` block.

    Raises ``DataError`` where it cannot be read, or is no ordinary file: a pipe
    would keep its reader waiting for ever.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels")
    ...     _ = path.write_bytes(bytes([5, 0, 4]))
    ...     with opened(path) as file:
    ...         list(file.read())
    [5, 0, 4]
    """
    with _faults(path):
        path.stat()  # a link that leads nowhere has its own reason
        if not path.is_file():
            raise broken(path, "not a file")
        with open(path, "rb") as file:
            yield file


def broken(path: Path, fault: str) -> DataError:
    """The error for a file or a folder that is not as published."""
    return DataError(f"{path}: {fault}; delete it and run `make data`")


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Tell what the system has against reading."""
    try:
        yield
    except PermissionError as error:
        raise DataError(f"{path}: {error.strerror}; make it readable, or unset TORCHHOUR_DATA") from error
    except OSError as error:
        raise broken(path, error.strerror or str(error)) from error
