"""Which kind of device a lesson runs on, without the seconds that importing torch takes."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path


def kind() -> str:
    """Name the kind of accelerator that this machine has a driver for, or ``cpu``.

    A guess from the driver's files, for deciding whether recorded outputs are
    still current; lessons themselves ask :mod:`torch.accelerator`.

    Returns:
        ``"cuda"``, ``"mps"`` or ``"cpu"``.

    >>> kind() in {"cuda", "mps", "cpu"}
    True
    """
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else "cpu"
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return "cpu"
    windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
    driver = windows if sys.platform == "win32" else Path("/proc/driver/nvidia/version")
    return "cuda" if driver.exists() else "cpu"
