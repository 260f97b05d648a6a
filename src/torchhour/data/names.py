"""Where the pictures come from, told from the folder alone: importing torch takes seconds.

For pages that name the source; lessons print ``digits().source`` and ``cifar10().source``.
"""

from __future__ import annotations

import os
from pathlib import Path


def digits() -> str:
    """The source of ``torchhour.data.digits.digits``.

    >>> digits() in {"MNIST (TORCHHOUR_DATA)", "scikit-learn digits"}
    True
    """
    return "MNIST (TORCHHOUR_DATA)" if "MNIST" in _present() else "scikit-learn digits"


def cifar10() -> str:
    """The source of ``torchhour.data.cifar10.cifar10``.

    >>> cifar10() in {"CIFAR-10", "Silhouettes"}
    True
    """
    return "CIFAR-10" if {"cifar-10-batches-py", "cifar-10-batches-bin"} & _present() else "Silhouettes"


def _present() -> set[str]:
    """What is in the folder that ``TORCHHOUR_DATA`` names; if it cannot be read, the lessons say why."""
    folder = os.environ.get("TORCHHOUR_DATA")
    try:
        return set(os.listdir(Path(folder).expanduser())) if folder else set()
    except OSError:
        return set()
