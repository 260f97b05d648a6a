"""Record the width sweep of lesson 70 on this machine's accelerator: ``python -m torchhour.timing.record``.

It measures for some seconds and writes one small file into the library, named after the device, from which
lesson 70 draws the accelerator's line wherever it is built. Hand the file in as it is.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import re
import sys
from pathlib import Path

import torch

from torchhour.timing.recorded import FOLDER, Recording
from torchhour.timing.widths import BATCH, sweep


def record(device: torch.device, repetitions: int = 30) -> Recording:
    """Measure the sweep on ``device``, in float32 and under autocast with bfloat16.

    Each number is the median of so many ``repetitions``.

    >>> recording = record(torch.device("cpu"), repetitions=1)
    >>> recording.kind, list(recording.float32) == list(recording.bfloat16)
    ('cpu', True)
    """
    return Recording(
        device=device_name(device),
        kind=device.type,
        torch=torch.__version__,
        system=f"{platform.system()} {platform.machine()}",
        date=datetime.datetime.now(datetime.UTC).date(),
        batch=BATCH,
        float32=sweep(device, repetitions=repetitions),
        bfloat16=sweep(device, mixed=True, repetitions=repetitions),
    )


def device_name(device: torch.device) -> str:
    """What the device calls itself; its type where it tells nothing.

    >>> device_name(torch.device("cpu")) != ""
    True
    """
    name = getattr(torch.get_device_module(device), "get_device_name", None)
    return (name(device) if name else platform.processor()) or device.type


def main(arguments: list[str] | None = None) -> int:
    """Record, say where, and return an exit code: 0, or 2 where there is no accelerator."""
    parser = argparse.ArgumentParser(prog="python -m torchhour.timing.record", description=__doc__.partition("\n")[0])
    parser.add_argument("--device", help="another device than the accelerator, such as cpu, to try this out")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to put the file (default: the library)")
    parser.add_argument("--repetitions", type=int, default=30, help="each number is the median of so many")
    options = parser.parse_args(arguments)
    found = options.device or torch.accelerator.current_accelerator(check_available=True)
    if found is None:
        print("no accelerator is available here; run this on a machine that has one", file=sys.stderr)
        return 2
    recording = record(torch.device(found), options.repetitions)
    name = re.sub(r"[^a-z0-9]+", "-", recording.device.lower()).strip("-")
    options.folder.mkdir(parents=True, exist_ok=True)
    path = options.folder / f"{name or recording.kind}.toml"
    path.write_text(recording.toml(), "utf-8")
    print(f"{path}:\n{recording.toml()}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
