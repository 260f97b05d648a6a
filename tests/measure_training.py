"""Record what lesson 60 reaches on real CIFAR-10: run it several times, each with its own random seed.

    TORCHHOUR_DATA=… python tests/measure_training.py --runs 5

The lesson's own code runs, in a process for each run; two full epochs of the loop as written take the place of
its first steps. Let the machine do nothing else meanwhile. The lesson shows the file that this writes.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import torch

from places import REPOSITORY
from torchhour.data import names
from torchhour.timing.trainings import FOLDER, Row, Trainings

LESSON = REPOSITORY / "gallery/60_training_faster.py"
#: What a run of its own changes in the lesson: each line comes once.
SEED, FEW, CALL = "seed = 0\n", "few = 300\n", "per_step = as_written(original, few) / few\n"
#: What PyTorch does by itself: as many threads as there are cores.
THREADS = f"torch.set_num_threads({os.cpu_count()})\n"
#: Added to the lesson: what the loop as written has learned, and all of it into a file.
ENDING = """
rows = {"as written": (seconds_as_written, right(original, images[validation], pictures.labels[validation]))} | rows
exams["as written"] = right(original, test_images, test.labels)
torch.save((rows, exams), "run.pt")
"""


def measured(seed: int, steps: str, lesson: Path = LESSON) -> tuple[dict, dict]:
    """One run of the lesson: seconds and validation accuracy of each way to train, and test accuracy of some.

    ``steps`` stands where the lesson has the number of steps of the loop as written.
    """
    script = lesson.read_text("utf-8")
    changes = {SEED: f"seed = {seed}\n", FEW: f"few = {steps}\n", CALL: f"{THREADS}{CALL}torch.set_num_threads(1)\n"}
    for line, other in changes.items():
        if script.count(line) != 1:
            sys.exit(f"{lesson}: {line!r} has to stand there once; say in {__file__} what it is now")
        script = script.replace(line, other)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "lesson.py").write_text(script + ENDING, "utf-8")
        environment = os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "lesson.py"], cwd=folder, env=environment, check=True)
        return torch.load(Path(folder, "run.pt"), weights_only=True)


def together(runs: list[tuple[dict, dict]]) -> dict[str, Row]:
    """What several runs measured, by way to train.

    >>> together([({"one": (2.0, 0.5)}, {"one": 0.25}), ({"one": (4.0, 0.5)}, {"one": 0.75})])
    {'one': Row(seconds=[2.0, 4.0], validation=[0.5, 0.5], test=[0.25, 0.75])}
    """
    return {
        name: Row(
            [round(rows[name][0], 2) for rows, _ in runs],
            [round(rows[name][1], 4) for rows, _ in runs],
            [round(exams[name], 4) for _, exams in runs if name in exams],
        )
        for name in runs[0][0]
    }


def processor() -> str:
    """What the processor calls itself, without marks of trade.

    >>> processor() != ""
    True
    """
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8") if told.is_file() else ""
    name = re.search(r"^model name\s*: (.+)$", lines, re.MULTILINE)
    return re.sub(r"\((R|TM)\)", "", name[1]) if name else platform.processor() or platform.machine()


def main() -> int:
    """Measure, write a file, and return an exit code: 0, or 2 where CIFAR-10 is not at hand."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, help="where to write (default: into the library, named after the CPU)")
    options = parser.parse_args()
    if not names.cifar10().startswith("CIFAR-10"):
        print("this needs real CIFAR-10: set TORCHHOUR_DATA, or run `make data`", file=sys.stderr)
        return 2
    os.environ["TORCHHOUR_DATA"] = os.path.abspath(os.environ["TORCHHOUR_DATA"])
    runs = [measured(seed, "steps") for seed in range(options.runs)]
    cpu, system = processor(), f"{platform.system()} {platform.machine()}"
    today = datetime.datetime.now(datetime.UTC).date()
    made = Trainings(cpu, os.cpu_count(), version("torch"), version("torchvision"), system, today, together(runs))
    path = options.output or FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', cpu.lower()).strip('-')}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made.toml(), "utf-8")
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
