"""Fetch the real data from its publishers: ``python -m torchhour.data.fetch [FOLDER]``, or ``make data``.

FOLDER is ``$TORCHHOUR_DATA``, or ``data`` where that is unset. It receives

- ``cifar-10-batches-py/``: CIFAR-10 as its authors pickled it;
- ``MNIST/raw/``: the four files, still packed;
- ``checkpoints/``: the weights of ResNet-18. After ``torch.hub.set_dir(FOLDER)``,
  ``resnet18(weights=ResNet18_Weights.DEFAULT)`` finds them and needs no network;
- ``downloads/``: what is under way, and CIFAR-10's archive; it may be deleted. A
  file that you put there yourself, under its publisher's name, is not fetched.

A set comes to its place only when all of it is whole: no lesson finds half of one.
``TORCHHOUR_MIRROR=http://host/path`` replaces the publishers: each file is then
asked for as ``http://host/path/NAME``.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from torchvision.datasets import CIFAR10, MNIST
from torchvision.datasets.utils import extract_archive
from torchvision.models import ResNet18_Weights

from torchhour.data.sources import DataError
from torchhour.download import DownloadError, alone, checksum_fault, download

#: File names, each with its checksum as ``download`` takes it: ``{"md5": …}`` or ``{"sha256": …}``.
Files = dict[str, dict[str, str]]


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
    if not one.missing(folder):
        return
    downloads = folder / "downloads"
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        with alone(downloads / one.name):
            # Asked again: another process may have brought the set while this one waited.
            if names := one.missing(folder):
                source = _unpacked(one, downloads) if one.archive else _downloaded(one, downloads, names)
                (folder / one.place).mkdir(parents=True, exist_ok=True)
                for name in names:
                    os.replace(source / name, folder / one.place / name)
                shutil.rmtree(_staging(one, downloads), ignore_errors=True)
    except (OSError, tarfile.TarError) as error:
        fault = f"{getattr(error, 'filename', None) or downloads}: {getattr(error, 'strerror', None) or error}"
        raise DataError(f"{fault}; make room or choose another folder, then run again") from error


def main(arguments: list[str] | None = None) -> int:
    """Fetch every set, say how each went, and return the exit code: 1 where one is not there."""
    parser = argparse.ArgumentParser(prog="python -m torchhour.data.fetch", description="Fetch the real data.")
    default = os.environ.get("TORCHHOUR_DATA") or "data"
    parser.add_argument("folder", nargs="?", default=default, help="where to put it (default: %(default)s)")
    folder = Path(parser.parse_args(arguments).folder).expanduser().absolute()
    sets, failed = published(), 0
    for one in sets:
        try:
            fetch(one, folder)
            print(f"{one.name}: whole in {folder / one.place}", flush=True)
        except (DownloadError, DataError) as error:
            failed += 1
            print(f"{one.name}: failed: {error}", file=sys.stderr)
        except KeyboardInterrupt:
            print(f"{one.name}: interrupted; run again to resume", file=sys.stderr)
            return 1
    if failed:
        advice = "run again to resume, or name another server: TORCHHOUR_MIRROR=http://host/path"
        print(f"{failed} of {len(sets)} sets failed; {advice}", file=sys.stderr)
    if failed < len(sets):
        print(f"To use the data, set TORCHHOUR_DATA={shlex.quote(str(folder))}")
    return int(failed > 0)


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
            download(f"{server.rstrip('/')}/{name}", downloads / name, **known)
            return
        except DownloadError as error:
            faults.append(str(error))
    raise DownloadError("; ".join(faults))


if __name__ == "__main__":
    sys.exit(main())
