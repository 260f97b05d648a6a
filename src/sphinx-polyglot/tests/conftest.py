"""What the extension's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from browsing import browser  # noqa: F401 (a fixture)
from sampling import pytest_collection_modifyitems  # noqa: F401 (a hook)
from tiny import Tiny, tiny_course

# On a shared machine a slow example is no fault; and CI asks the same examples every time.
settings.register_profile(
    "shared", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared")


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A tiny course, not built yet."""
    return tiny_course(tmp_path)
