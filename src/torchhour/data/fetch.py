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
asked for as ``http://host/path/NAME``, after a login where it is ``http://name:password@host/path``.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Fetch every set, say how each went, and return an exit code.

    0 where all are there, 1 where one is not, 2 where the folder can be none, 130 after Ctrl-C.
    """
    try:
        return _fetch_all(arguments)
    except KeyboardInterrupt:
        print("interrupted; run again to resume", file=sys.stderr)
        return 130


def _fetch_all(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m torchhour.data.fetch", description="Fetch the real data.")
    default = os.environ.get("TORCHHOUR_DATA") or "data"
    parser.add_argument("folder", nargs="?", default=default, help="where to put it (default: %(default)s)")
    name = parser.parse_args(arguments).folder
    folder = Path(os.path.abspath(os.path.expanduser(name)))
    if os.path.expanduser(name).startswith("~"):
        print(f"{name}: nobody here has this home; name another folder, or correct TORCHHOUR_DATA", file=sys.stderr)
        return 2
    # Imported here, where Ctrl-C is waited for: this takes seconds.
    from torchhour.data.published import fetch, published
    from torchhour.data.sources import DataError
    from torchhour.download import DownloadError

    sets, failed = published(), 0
    for one in sets:
        try:
            fetch(one, folder)
            print(f"{one.name}: whole in {folder / one.place}", flush=True)
        except (DownloadError, DataError) as error:
            failed += 1
            print(f"{one.name}: failed: {error}", file=sys.stderr)
    if failed:
        advice = "run again, which resumes what broke off, or name another server: TORCHHOUR_MIRROR=http://host/path"
        print(f"{failed} of {len(sets)} sets failed; {advice}", file=sys.stderr)
    if failed < len(sets):
        print(f"To use the data, set TORCHHOUR_DATA={shlex.quote(str(folder))}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
