"""The machine and the versions that times hold for."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

#: What is told by its version, and what it is called there.
DISTRIBUTIONS = {
    "sphinx-polyglot": "sphinx-polyglot",
    "Sphinx": "sphinx",
    "Sphinx-Gallery": "sphinx-gallery",
    "Matplotlib": "matplotlib",
    "Furo": "furo",
    "distributed": "distributed",
    "joblib": "joblib",
}


def machine() -> str:
    """What it computes with; neither its name nor anything else that tells whose it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB of memory, {platform.system()}"


def versions() -> str:
    """Python, and what the builds are made with."""
    found = [f"{name} {version(distribution)}" for name, distribution in DISTRIBUTIONS.items()]
    return ", ".join([f"Python {platform.python_version()}", *found])


def _processor() -> str:
    """The model, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8", "replace").splitlines() if told.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
