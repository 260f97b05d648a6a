"""What is measured: rows, each of which varies one thing of a base, and the kinds of build in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.projects import Shape

#: The kinds of build, in their order, and what each is.
KINDS = {
    "cold": "cold, in a new folder",
    "nothing": "without changes",
    "prose": "prose of one lesson edited",
    "code": "code of one lesson edited",
    "library": "module of five lessons edited",
}
LANGUAGES = ("en", "zh", "fr")
#: How many lessons are so many that they are measured in fewer rounds, and in how many.
MANY, FEW_ROUNDS = 200, 2
NUMBERS = {1: "one language", 2: "two languages", 3: "three languages"}


@dataclass(frozen=True)
class Row:
    """One table: what is chosen by ``name``, where its lessons run, and how often all is built."""

    name: str
    shape: Shape
    rounds: int
    is_on_cluster: bool = False

    @property
    def title(self) -> str:
        """Its heading."""
        lessons = "1 lesson" if self.shape.lessons == 1 else f"{self.shape.lessons} lessons"
        return f"{lessons}, {NUMBERS[len(self.shape.languages)]}, {self._where}"

    @property
    def sentence(self) -> str:
        """What it is, and how often it was built."""
        rounds = "one round" if self.rounds == 1 else f"{self.rounds} rounds"
        return f"{REASONS[self.name.partition('-')[0]]} The times are of {rounds}."

    @property
    def _where(self) -> str:
        if self.is_on_cluster:
            return "a Dask cluster of two workers"
        return "two processes" if self.shape.jobs > 1 else "one lesson after another"


#: What a row is, by the first word of its name.
REASONS = {
    "base": "This is the base: each table below varies one thing of it.",
    "languages": "Another number of languages.",
    "lessons": "Another number of lessons.",
    "processes": "Two lessons run at once: ours with `--jobs 2`, plain Sphinx-Gallery with its setting `parallel` 2.",
    "cluster": "Ours runs its lessons on two workers of a Dask cluster on this machine, with one thread each; it "
    "is started before each round. Plain Sphinx-Gallery has no cluster and runs them one after another.",
}


def all_rows(base: Shape, numbers: tuple[int, ...], rounds: int) -> Iterator[Row]:
    """The base, then each thing varied; ``numbers`` are those of lessons.

    >>> [row.name for row in all_rows(Shape(), (10, 50), 3)]
    ['base', 'languages-1', 'languages-3', 'lessons-10', 'processes', 'cluster']
    """
    yield Row("base", base, rounds)
    for count in (1, 3):
        yield Row(f"languages-{count}", replace(base, languages=LANGUAGES[:count]), rounds)
    for lessons in numbers:
        if lessons != base.lessons:
            fewer = min(rounds, FEW_ROUNDS) if lessons >= MANY else rounds
            yield Row(f"lessons-{lessons}", replace(base, lessons=lessons), fewer)
    yield Row("processes", replace(base, jobs=2), rounds)
    yield Row("cluster", base, rounds, is_on_cluster=True)
