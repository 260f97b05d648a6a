"""What the course's tests share: the built site, a tiny course, a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from browsing import browser, served  # noqa: F401 (a fixture)
from places import REPOSITORY
from reader import alone, reader  # noqa: F401 (fixtures)
from sampling import pytest_collection_modifyitems as sample
from tiny import Tiny, tiny_course

# On a shared machine a slow example is no fault; and CI asks the same examples every time.
settings.register_profile(
    "shared", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """While one of several processes builds the site for its first file, the others test what needs none.

    Of the others, the files with the most tests come first, so that all processes end at about the same time.
    """
    sample(items)
    yield
    needing = dict.fromkeys(item.path for item in items if "site" in item.fixturenames)
    first, tests = next(iter(needing), None), Counter(item.path for item in items)
    items.sort(key=lambda item: (0 if item.path == first else 2 if item.path in needing else 1, -tests[item.path]))


@pytest.fixture
def one_thread() -> Iterator[None]:
    """One thread for PyTorch, as in the lessons, and as many as before afterwards."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A tiny course, not built yet."""
    return tiny_course(tmp_path)


@pytest.fixture(scope="session")
def site() -> Path:
    """The real site, one lesson after another, for the other cores test; of two test processes, the second waits."""
    command = [sys.executable, "-m", "sphinx_polyglot", "build", "docs", "build/html", "--wait"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return REPOSITORY / "build/html"


@pytest.fixture(scope="session", params=["http", "file"])
def address(request, site: Path) -> Iterator[str]:
    """Where the site is read: from a server, and from the disk."""
    if request.param == "file":
        yield site.as_uri()
    else:
        with served(site) as url:
            yield url
