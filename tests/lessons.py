"""Run a lesson as a reader runs it: in a process of its own, on the embedded data or on the real ones."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torchvision.models import ResNet, resnet18

REPOSITORY = Path(__file__).parents[1]
GALLERY = REPOSITORY / "gallery"
SHARED = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared" / "data").absolute()
#: What the embedded data call themselves.
EMBEDDED = ("scikit-learn digits", "Silhouettes")


def real(source: str, files: str):
    """A case on real data, which ``files`` in the folder of the data tell from their absence."""
    reason = f"no {files} in TORCHHOUR_DATA, nor in shared/data beside the repository; run `make data`"
    return pytest.param(source, marks=pytest.mark.skipif(not list(SHARED.glob(files)), reason=reason))


def run(driver: str, script: Path, source: str, folder: Path, *arguments: str, **environment: str):
    """What ``driver`` saved of the lesson ``script`` on data of this source, and what was printed.

    The driver finds in ``sys.argv`` the script, where to save, and the arguments.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "TORCHHOUR_DATA"}
    inherited |= {"MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"}
    if source not in EMBEDDED:
        inherited["TORCHHOUR_DATA"] = str(SHARED)
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", driver, script, folder / "runs.pt", *arguments],
        cwd=folder,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    # Our own file, with more than tensors in it.
    return torch.load(folder / "runs.pt", weights_only=False), done.stdout


def dataset(make: Callable, source: str, *, train: bool):
    """The data set that ``make`` returns where the lesson runs on this source."""
    with pytest.MonkeyPatch.context() as patch:
        if source in EMBEDDED:
            patch.delenv("TORCHHOUR_DATA", raising=False)
        else:
            patch.setenv("TORCHHOUR_DATA", str(SHARED))
        return make(train=train)


def trained_resnet(folder: Path) -> tuple[ResNet, str]:
    """Weights that have learned something, where the lessons look for pretrained ones, and their pretended address."""
    torch.manual_seed(0)
    network = resnet18()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    labels = torch.arange(16) * 60
    pictures = torch.rand(16, 3, 64, 64)
    for _ in range(20):
        optimizer.zero_grad()
        F.cross_entropy(network(pictures), labels).backward()
        optimizer.step()
    path = folder / "checkpoints" / "resnet18.pth"
    path.parent.mkdir()
    torch.save(network.state_dict(), path)
    path = path.rename(path.with_stem(f"resnet18-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"))
    return network, f"https://publisher.invalid/models/{path.name}"
