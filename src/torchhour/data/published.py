"""The real data as their publishers have them, and how a set comes to its place in a folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from torchvision.datasets import CIFAR10, MNIST
from torchvision.datasets.utils import extract_archive
from torchvision.models import ResNet18_Weights

from torchhour.data.sources import DataError
from torchhour.download import DownloadError, alone, checksum_fault, download

#: File names, each with its checksum as ``download`` takes it: ``{"md5": …}`` or ``{"sha256": …}``.
Files = dict[str, dict[str, str]]
#: The bytes of each file, or, for the weights, somewhat more; a server that sends more sends another file.
SIZES = {
    "cifar-10-python.tar.gz": 170_498_071,
    "train-images-idx3-ubyte.gz": 9_912_422,
    "train-labels-idx1-ubyte.gz": 28_881,
    "t10k-images-idx3-ubyte.gz": 1_648_877,
    "t10k-labels-idx1-ubyte.gz": 4_542,
}
LIMIT = 64 << 20


@dataclass(frozen=True)
class Published:
    """A set: its files, the place for them in the folder, the servers, and the archive if it comes in one."""

    name: str
    place: str
    servers: list[str]
    files: Files
    archive: Files = field(default_factory=dict)

    def missing(self, folder: Path) -> list[str]:
        """Which files are not whole in their place in ``folder``."""
        return [name for name, known in self.files.items() if checksum_fault(folder / self.place / name, **known)]


def published() -> list[Published]:
    """The sets, with the addresses and the checksums that torchvision knows.

    >>> [one.name for one in published()]
    ['CIFAR-10', 'MNIST', 'ResNet-18']
    """
    batches = {name: {"md5": md5} for name, md5 in [*CIFAR10.train_list, *CIFAR10.test_list]}
    batches[CIFAR10.meta["filename"]] = {"md5": CIFAR10.meta["md5"]}
    archive = {CIFAR10.filename: {"md5": CIFAR10.tgz_md5}}
    digits = {name: {"md5": md5} for name, md5 in MNIST.resources}
    server, weights = os.path.split(ResNet18_Weights.DEFAULT.url)
    # torch.hub's custom: a file's name ends in the first digits of its sha256.
    sha256 = Path(weights).stem.rpartition("-")[2]
    return [
        Published("CIFAR-10", CIFAR10.base_folder, [os.path.dirname(CIFAR10.url)], batches, archive),
        Published("MNIST", "MNIST/raw", MNIST.mirrors, digits),
        Published("ResNet-18", "checkpoints", [server], {weights: {"sha256": sha256}}),
    ]


def fetch(one: Published, folder: Path) -> None:
    """Bring a set to its place in ``folder``; do nothing where it is whole.

    Raises ``DownloadError`` where a file cannot be fetched, and ``DataError``
    where the set cannot be unpacked or put in place.
    """
    downloads = folder / "downloads"
    try:
        if not one.missing(folder):
            return
        downloads.mkdir(parents=True, exist_ok=True)
        with alone(downloads / one.name):
            # Asked again: another process may have brought the set while this one waited.
            if names := one.missing(folder):
                source = _unpacked(one, downloads) if one.archive else _downloaded(one, downloads, names)
                (folder / one.place).mkdir(parents=True, exist_ok=True)
                for name in names:
                    os.replace(source / name, folder / one.place / name)
                shutil.rmtree(_staging(one, downloads), ignore_errors=True)
    except (DownloadError, DataError):
        raise
    except OSError as error:
        fault = f"{error.filename or downloads}: {error.strerror or error}"
        raise DataError(f"{fault}; make room or choose another folder, then run again") from error
    except Exception as error:  # what unpacks and what locks may raise anything
        fault = f"{downloads}: {type(error).__name__}: {error}"
        raise DataError(f"{fault}; delete it, or choose another folder, then run again") from error


def _unpacked(one: Published, downloads: Path) -> Path:
    """The folder of a set's files, fresh from its archive."""
    (archive,) = one.archive
    _download(one, archive, one.archive[archive], downloads)
    staging = _staging(one, downloads)
    shutil.rmtree(staging, ignore_errors=True)  # half of it, where an earlier run was killed
    extract_archive(downloads / archive, staging)
    if broken := one.missing(staging):
        names = ", ".join(broken)
        raise DataError(f"{downloads / archive}: {names} missing or not as published; delete it and run again")
    return staging / one.place


def _staging(one: Published, downloads: Path) -> Path:
    return downloads / f"{one.name}.unpacked"


def _downloaded(one: Published, downloads: Path, names: list[str]) -> Path:
    for name in names:
        _download(one, name, one.files[name], downloads)
    return downloads


def _download(one: Published, name: str, known: dict[str, str], downloads: Path) -> None:
    """Fetch a file from the mirror, or else from the first of its publishers that has it."""
    mirror = os.environ.get("TORCHHOUR_MIRROR")
    faults = []
    for server in [mirror] if mirror else one.servers:
        try:
            download(f"{server.rstrip('/')}/{name}", downloads / name, limit=SIZES.get(name, LIMIT), **known)
            return
        except DownloadError as error:
            faults.append(str(error))
    raise DownloadError("; ".join(faults))
