"""Time builds of synthetic projects in one to three languages, beside plain Sphinx-Gallery."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.building import Fault
from bench.measuring import measured
from bench.projects import Shape
from bench.report import page
from bench.rows import Row, all_rows

PAGE = Path(__file__).parent.parent / "docs/bench.md"
#: The numbers of lessons that are measured; the base is the middle one.
LESSONS, FEW = (10, 50, 200), (2,)
#: Has the disk read once what all builds import; reported nowhere.
WARM_UP = Row("warm-up", Shape(1, ("en",), seconds=0), 1)
NEEDED = ("distributed", "furo", "joblib", "matplotlib")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the page, write it if all was measured; return 0, 1 for a build that went wrong, else 2."""
    parser, options = _options(arguments)
    if missing := [name for name in NEEDED if not find_spec(name)]:
        parser.error(f"the bench needs {', '.join(missing)}; install it: pip install {' '.join(missing)}")
    rows = _rows(options)
    names = options.only.split(",") if options.only else list(rows)
    if unknown := [name for name in names if name not in rows]:
        parser.error(f"no row is called {', '.join(unknown)}; name some of these: {', '.join(rows)}")
    load = os.getloadavg()[0]
    try:
        if not options.quick:
            measured(WARM_UP, _tell)
        results = [(rows[name], measured(rows[name], _tell)) for name in names]
    except Fault as fault:
        _tell(str(fault))
        return 1
    text = page(results, load)
    print(text)
    is_whole = not (options.quick or options.only or options.lessons)
    if target := options.write or (PAGE if is_whole else None):
        target.write_text(text, "utf-8")
        _tell(f"written: {target.name}")
    return 0


def _options(arguments: Sequence[str] | None) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=_count, default=3, help="how often all is built (default: 3)")
    parser.add_argument("--only", default="", metavar="ROW,…", help="measure only these rows: base,cluster")
    parser.add_argument("--lessons", type=_count, metavar="N", help="so many in every row, instead of 10, 50 and 200")
    parser.add_argument("--seconds", type=float, help="how long each lesson computes (default: 0.1)")
    parser.add_argument("--quick", action="store_true", help="two lessons and one round: does it work?")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page here (default: only when whole)")
    return parser, parser.parse_args(arguments)


def _rows(options: argparse.Namespace) -> dict[str, Row]:
    """By their names."""
    numbers, rounds, seconds = LESSONS, options.rounds, Shape.seconds
    if options.quick:
        numbers, rounds, seconds = FEW, 1, 0.0
    if options.lessons:
        numbers = (options.lessons,)
    base = Shape(numbers[len(numbers) // 2], seconds=seconds if options.seconds is None else options.seconds)
    return {row.name: row for row in all_rows(base, numbers, rounds)}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of them; write 1 or more")
    return int(text)


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
