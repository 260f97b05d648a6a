"""Measure a row: in each round new projects, built in turn after each kind of edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.building import build
from bench.projects import Project
from bench.rows import KINDS, Row


@dataclass(frozen=True)
class Times:
    """Seconds of ours, and of plain Sphinx-Gallery's copies, one in each language; and how many lessons each ran."""

    ours: float
    copies: tuple[float, ...]
    ran: tuple[int, int]

    @property
    def plain(self) -> float:
        """Plain Sphinx-Gallery with one language: the first of its copies."""
        return self.copies[0]

    @property
    def all_copies(self) -> float:
        """The copies of all languages, built one after the other."""
        return sum(self.copies)

    def __str__(self) -> str:
        return f"ours {self.ours:.2f} s, plain {self.plain:.2f} s, copies {self.all_copies:.2f} s"


def measured(row: Row, tell: Callable[[str], None]) -> dict[str, list[Times]]:
    """The times of a row, by the kind of build, one for each round."""
    found: dict[str, list[Times]] = {kind: [] for kind in KINDS}
    for number in range(row.rounds):
        with TemporaryDirectory(prefix="bench-") as name, _cluster(row, Path(name)) as address:
            for kind, times in _round(row, Path(name), address, number):
                found[kind].append(times)
                tell(f"{row.name}, round {number + 1} of {row.rounds}, {kind}: {times}")
    return found


def _round(row: Row, folder: Path, address: str, number: int) -> Iterator[tuple[str, Times]]:
    """Each kind of build; who comes first changes from round to round."""
    ours = [Project(folder / "ours", row.shape, row.shape.languages, is_ours=True)]
    copies = [Project(folder / code, row.shape, (code,), is_ours=False) for code in row.shape.languages]
    for project in (*ours, *copies):
        project.write()
    for kind in KINDS:
        seconds = {}
        for projects in in_turn([ours, copies], number):
            for project in projects:
                project.edit(kind)
                seconds[project.root] = build(project, kind, address)
        ran = [sum(len(project.expected(kind)) for project in projects) for projects in (ours, copies)]
        yield kind, Times(seconds[ours[0].root], tuple(seconds[copy.root] for copy in copies), (ran[0], ran[1]))


def in_turn(contestants: list, number: int) -> list:
    """The contestants of a round of this number.

    >>> in_turn(["a", "b"], 0), in_turn(["a", "b"], 1)
    (['a', 'b'], ['b', 'a'])
    """
    first = number % len(contestants)
    return contestants[first:] + contestants[:first]


@contextmanager
def _cluster(row: Row, folder: Path) -> Iterator[str]:
    """The address of a Dask cluster of two processes on this machine; empty if the row has none."""
    if not row.is_on_cluster:
        yield ""
        return
    from distributed import LocalCluster

    ways = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": str(folder / "dask")}
    with LocalCluster(n_workers=2, threads_per_worker=1, **ways) as cluster:
        yield cluster.scheduler_address
