"""Change the source a little, at places that chance chooses, and see whether the tests notice.

    python tests/mutants.py --seed 1 --count 60 --log mutants.jsonl

Each change is made in a copy of the project, whose tests then run: first those that name the module,
then all of every day, then the proof, until one fails. A change that none notices is a survivor: it
wants a test, or a reason why it makes no difference. A run that was cut off goes on where it ended.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from places import REPOSITORY

PACKAGES = ["src/sphinx-polyglot/sphinx_polyglot", "src/torchhour"]
#: An operator, and what takes its place.
SWAPPED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*",
    ast.And: "or", ast.Or: "and",
}  # fmt: skip


#: Which tests run, the likeliest first.
STAGES = ("near", "everyday", "proof")


class Mutant(NamedTuple):
    """One change: from ``start`` to ``end``, in bytes, stands ``new`` instead."""

    path: str
    line: int
    start: int
    end: int
    new: str


def mutants(path: Path) -> Iterator[Mutant]:
    """All changes of one module: operators, numbers and truth values, calls whose result nobody takes."""
    text = path.read_bytes()
    begins = [0]
    for line in text.split(b"\n"):
        begins.append(begins[-1] + len(line) + 1)

    def at(node: ast.AST) -> tuple[int, int]:
        return begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset

    def change(node: ast.AST, start: int, end: int, new: str) -> Mutant:
        return Mutant(path.relative_to(REPOSITORY).as_posix(), node.lineno, start, end, new)

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPPED:
            yield change(node, at(node.left)[1], at(node.comparators[0])[0], f" {SWAPPED[type(node.ops[0])]} ")
        elif isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
            yield change(node, at(node.left)[1], at(node.right)[0], f" {SWAPPED[type(node.op)]} ")
        elif isinstance(node, ast.BoolOp):
            yield change(node, at(node.values[0])[1], at(node.values[1])[0], f" {SWAPPED[type(node.op)]} ")
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield change(node, *at(node), str(not node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield change(node, *at(node), repr(node.value + 1))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield change(node, *at(node), "pass")


def applied(text: bytes, mutant: Mutant) -> bytes | None:
    """The module with the change; none where that is no Python, as where parentheses stand around a term."""
    changed = text[: mutant.start] + mutant.new.encode() + text[mutant.end :]
    try:
        compile(changed, mutant.path, "exec")
    except SyntaxError:
        return None
    return changed


def chosen(seed: int, count: int) -> list[Mutant]:
    """So many changes, the same ones for the same seed."""
    paths = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
    all_of_them = [mutant for path in paths for mutant in mutants(path) if applied(path.read_bytes(), mutant)]
    return random.Random(seed).sample(all_of_them, count)


def stages(copy: Path, mutant: Mutant) -> Iterator[list[str]]:
    """The arguments of pytest, the likeliest tests first."""
    module = Path(mutant.path).with_suffix("")
    dotted = ".".join(module.parts[2 if "sphinx-polyglot" in module.parts else 1 :])
    files = [*copy.glob("tests/test_*.py"), *copy.glob("src/sphinx-polyglot/tests/test_*.py")]
    near = [str(path) for path in files if module.name in path.stem or f"{dotted} import" in path.read_text("utf-8")]
    yield [mutant.path, *near]
    yield []
    yield ["-m", "proof"]


def noticed(copy: Path, mutant: Mutant, until: str = STAGES[-1]) -> str:
    """Which tests notice a change: near, everyday, proof; or none of those that are tried."""
    paths = os.pathsep.join(str(copy / folder) for folder in ("src", "src/sphinx-polyglot"))
    environment = {**os.environ, "PYTHONPATH": paths}
    target = copy / mutant.path
    before = target.read_bytes()
    target.write_bytes(applied(before, mutant))
    try:
        for name, arguments in zip(STAGES[: STAGES.index(until) + 1], stages(copy, mutant), strict=False):
            command = [sys.executable, "-m", "pytest", "-x", "-n", "2", "--dist", "loadfile", *arguments]
            try:
                run = {"cwd": copy, "env": environment, "capture_output": True, "timeout": 3600}
                done = subprocess.run(command, **run, check=False)
            except subprocess.TimeoutExpired:
                return f"{name}, by taking too long"
            if done.returncode not in (0, 5):  # 5: no test was found
                return name
        return "none"
    finally:
        target.write_bytes(before)


def main() -> None:
    """Try each change that the log does not have yet; tell how many were noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--log", type=Path, default=Path("mutants.jsonl"))
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1], help="leave out the tests after these")
    options = parser.parse_args()
    tried = [json.loads(line) for line in options.log.read_text().splitlines()] if options.log.exists() else []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        ignored = shutil.ignore_patterns(".venv", ".git", ".sphinx-polyglot.json", "__pycache__")
        shutil.copytree(REPOSITORY, copy, ignore=ignored, symlinks=True)
        for mutant in chosen(options.seed, options.count)[len(tried) :]:
            row = {**mutant._asdict(), "noticed": noticed(copy, mutant, options.until)}
            tried.append(row)
            with options.log.open("a") as log:
                log.write(json.dumps(row) + "\n")
            print(f"{row['noticed']:10} {row['path']}:{row['line']}: {row['new']}", flush=True)
    survivors = sum(row["noticed"] == "none" for row in tried)
    print(f"{len(tried) - survivors} of {len(tried)} were noticed")


if __name__ == "__main__":
    main()
