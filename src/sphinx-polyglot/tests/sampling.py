"""``@pytest.mark.everyday(n)``: so many of a test's cases run every day, all of them in the proof."""

from __future__ import annotations

from collections import defaultdict

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the other cases as proof, before those are left out; the cases that stay lie evenly among all."""
    cases: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("everyday"):
            cases[item.path, item.originalname].append(item)
    for found in cases.values():
        (count,) = found[0].get_closest_marker("everyday").args
        found.sort(key=_place)  # whatever has put them into another order by now, or will do so before the next call
        kept = {index * len(found) // count for index in range(count)} if count else set()
        for index, item in enumerate(found):
            if index not in kept:
                item.add_marker("proof")


def _place(item: pytest.Item) -> list[int]:
    """Where a case stands among all of its test."""
    return list(item.callspec.indices.values()) if hasattr(item, "callspec") else []
