"""The page of the documentation: what was measured, on what, and how to do it again."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bench.machine import machine, versions
from bench.measuring import Times
from bench.rows import KINDS, Row

HEAD = """\
# What builds cost, beside plain Sphinx-Gallery

`make bench` in the project around this one measures it and writes this page; `ROUNDS=5` repeats it more often. \
`make bench ONLY=processes,cluster` or `LESSONS=10` measures less, and prints it only.

- Date: {date}
- Machine: {machine}; load before: {load:.1f}
- Versions: {versions}

Who is compared:

- **Ours**: one project; each of its scripts has the prose of all languages.
- **Plain**: an ordinary project of Sphinx-Gallery's in one language, with the same lessons. It is the first of the \
copies.
- **Copies**: such a project for each language, built one after the other.

All are synthetic. A lesson has four sections with formulas, four cells that print, a figure, and computes for \
{seconds} s. Five lessons import the same module. Ours starts a process for each lesson that runs, and builds the \
languages side by side. It draws formulas and writes notebooks; the plain projects leave formulas to MathJax and write \
none.

Each build is a process of its own. In each round the projects are written anew into an empty folder, so that the \
cold build has no caches; then each edit is made and built. Ours and the copies take turns, and who comes first \
changes from round to round. Which lessons ran, and what the pages show, is checked after each build. An edit of prose \
is made in every language. Plain Sphinx-Gallery does not see that a module changed: there it is told to run every \
lesson, with `run_stale_examples`.

Times are medians in seconds, with the shortest and the longest; ratios are medians of the ratios of each round.
"""
COLUMNS = ["Build", "Ours", "Plain", "Copies", "Ours / plain", "Ours / copies", "Lessons run: ours, copies"]


def page(results: Sequence[tuple[Row, Mapping[str, Sequence[Times]]]], load: float) -> str:
    """The whole page as Markdown."""
    seconds = results[0][0].shape.seconds
    head = HEAD.format(date=date.today(), machine=machine(), load=load, versions=versions(), seconds=seconds)
    return "\n".join([head, *(section(row, found) for row, found in results)])


def section(row: Row, found: Mapping[str, Sequence[Times]]) -> str:
    """The table of a row, below its heading and a sentence."""
    lines = [COLUMNS, ["---"] + ["---:"] * (len(COLUMNS) - 1)]
    lines += [[KINDS[kind], *_cells(times)] for kind, times in found.items()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"## {row.title}\n\n{row.sentence}\n\n{table}\n"


def spread(seconds: Sequence[float]) -> str:
    """The median, with the shortest and the longest.

    >>> spread([3.0, 1.0, 2.04])
    '2.0 (1.0–3.0)'
    """
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})"


def _cells(times: Sequence[Times]) -> list[str]:
    """All but the first cell of a line; with one language, the copies are the plain project."""
    has_copies = len(times[0].copies) > 1

    def ratio(other: Callable[[Times], float]) -> str:
        return f"{statistics.median(each.ours / other(each) for each in times):.2f}"

    return [
        spread([each.ours for each in times]),
        spread([each.plain for each in times]),
        spread([each.all_copies for each in times]) if has_copies else "–",
        ratio(lambda each: each.plain),
        ratio(lambda each: each.all_copies) if has_copies else "–",
        ", ".join(map(str, times[0].ran)),
    ]
