"""The pretrained weights of ResNet-18, where ``make data`` has brought them; never from the network."""

from __future__ import annotations

from pathlib import Path

import torch
from torchvision.models import ResNet18_Weights

from torchhour.data.sources import broken, data_folder, entries, opened
from torchhour.download import checksum_fault


def resnet18_weights() -> ResNet18_Weights | None:
    """Weights learned on ImageNet, as ``resnet18(weights=…)`` takes them; none where their file is not at hand.

    The file is looked for in ``$TORCHHOUR_DATA/checkpoints``. Where it is there,
    torch.hub is pointed at ``$TORCHHOUR_DATA``, so that torchvision finds it and
    asks no network.

    Raises ``DataError`` where the file is present but broken.

    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", TORCHHOUR_DATA=""):
    ...     print(resnet18_weights())
    None
    """
    folder = data_folder()
    if folder is None:
        return None
    weights = ResNet18_Weights.DEFAULT
    path = folder.absolute() / "checkpoints" / Path(weights.url).name
    if "checkpoints" not in entries(folder) or path.name not in entries(path.parent):
        return None
    with opened(path):  # or it tells why not
        # torch.hub's custom: a file's name ends in the first digits of its sha256.
        if fault := checksum_fault(path, sha256=path.stem.rpartition("-")[2]):
            raise broken(path, fault)
    torch.hub.set_dir(folder.absolute())
    return weights
