"""The clock of lesson 70: it waits until the work is done, warms up, and takes the median."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch


def clock(work: Callable[[], object], device: torch.device, repetitions: int = 5) -> list[float]:
    """The seconds of each call of ``work``, which computes on ``device``: first the one that warms up, then the rest.

    Each waits until the device has done all that is queued; the first also for what was queued before.

    >>> len(clock(lambda: torch.ones(8).sum(), torch.device("cpu"), repetitions=3))
    4
    """
    times = []
    for _ in range(1 + repetitions):
        begin = perf_counter()
        work()
        if device.type != "cpu":  # where there is no accelerator, synchronize raises
            torch.accelerator.synchronize()
        times.append(perf_counter() - begin)
    return times


def median_seconds(work: Callable[[], object], device: torch.device, repetitions: int = 5) -> float:
    """The median of the seconds of ``repetitions`` calls, after one that warms up and is not counted.

    >>> median_seconds(lambda: torch.ones(8).sum(), torch.device("cpu")) > 0
    True
    """
    return median(clock(work, device, repetitions)[1:])
