"""Lesson 50, run as a reader runs it, and what its text says of PyTorch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
import torch
from torch.utils.data import DistributedSampler

from lessons import GALLERY, REPOSITORY, SHARED, run
from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies
from sphinx_polyglot.source.lesson import read_script

LESSON = GALLERY / "50_data_parallel.py"
DRIVER = """
import runpy, sys
import matplotlib.pyplot as plt
import torch

words = []
plt.show = lambda: (words.append([text.get_text() for text in plt.gca().texts if text.get_text()]), plt.close("all"))
found = runpy.run_path(sys.argv[1])
names = "even odd whole labels parts total weights noted halves whole_batch".split()
torch.save({name: found[name] for name in names} | {"words": words}, sys.argv[2])
"""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed; it reads no data but scikit-learn's, whatever there is."""
    source = "MNIST (TORCHHOUR_DATA)" if list(SHARED.glob("MNIST")) else "scikit-learn digits"
    found, printed = run(DRIVER, LESSON, source, tmp_path_factory.mktemp("lesson"))
    return found | {"printed": printed}


@pytest.mark.proof
def test_the_halves(lesson):
    assert (lesson["labels"][::2] % 2 == 0).all() and (lesson["labels"][1::2] % 2 == 1).all()
    assert lesson["even"].shape == (10, 64) and lesson["even"].numel() == 640
    assert torch.allclose((lesson["even"] + lesson["odd"]) / 2, lesson["whole"], atol=1e-6)
    assert (lesson["halves"] / 2 - lesson["whole_batch"]).abs().max() > 0.02


@pytest.mark.proof
def test_what_it_draws(lesson):
    reduce, machines = lesson["words"]
    own = [f"{number:.3f}" for half in ("even", "odd") for number in lesson[half][1, 18:21].tolist()]
    mean = [f"{number:.3f}" for number in ((lesson["even"] + lesson["odd"]) / 2)[1, 18:21].tolist()]
    numbers = [word for word in reduce if "." in word]
    assert numbers == [*own[:3], *mean, *own[3:], *mean]
    assert [word for word in machines if word.startswith("RANK")] == [f"RANK {rank}" for rank in range(4)]


@pytest.mark.proof
def test_what_it_prints(lesson):
    lines = lesson["printed"].splitlines()
    assert sum(line.startswith("epoch 5: loss") for line in lines) == 2
    dealt = [eval(line.partition(":")[2]) for line in lines if line.startswith(("epoch 0, rank", "epoch 1, rank"))]
    assert sorted(dealt[0] + dealt[1]) == sorted(dealt[2] + dealt[3]) == list(range(10)) and dealt[:2] != dealt[2:]
    assert "rank 0: [0, 2, 4]" in lines and "rank 1: [1, 3, 0]" in lines
    assert lines[-1] == "weights = 2410  gradients = 2410  Adam = 4820"
    [advice] = [line for line in lines if "DistributedDataParallel`" in line]
    assert advice
    assert (lesson["parts"] == torch.tensor([111, 222, 333])).all()


def test_without_set_epoch_the_order_stays():
    sampler = DistributedSampler(range(10), num_replicas=2, rank=0)
    assert list(sampler) == list(sampler)
    sampler.set_epoch(1)
    later = list(sampler)
    other = DistributedSampler(range(10), num_replicas=2, rank=0, seed=1)
    assert list(other) == later


def test_leaving_out_the_odd_one():
    dealt = [list(DistributedSampler(range(5), 2, rank, shuffle=False, drop_last=True)) for rank in range(2)]
    assert dealt == [[0, 2], [1, 3]]


def test_what_is_said_of_errors_and_of_waiting():
    with pytest.raises(ValueError, match="Default process group has not been initialized"):
        torch.distributed.get_rank()
    assert torch.distributed.distributed_c10d.default_pg_timeout == timedelta(minutes=30)


@pytest.mark.proof
def test_functions_of_a_notebook_cannot_be_spawned():
    code = "import torch.multiprocessing as mp\ndef work(rank): pass\nmp.spawn(work, nprocs=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0 and "AttributeError: Can't get attribute 'work'" in done.stderr


@pytest.mark.parametrize("name", ["workers/many.py", "workers/one.py", "workers/by_hand.py", "launched.py"])
def test_an_edit_of_a_script_runs_this_lesson_and_its_solutions_alone(tmp_path, name):
    source = tmp_path / "src"
    shutil.copytree(REPOSITORY / "src/torchhour", source / "torchhour", ignore=shutil.ignore_patterns("__pycache__"))
    lessons = [read_script(path, path.stem, path.read_text("utf-8"), ["zh", "en"]) for path in GALLERY.glob("*.py")]
    before = [dependencies(lesson.code, Surroundings([source])) for lesson in lessons]
    path = source / "torchhour" / name
    path.write_text(path.read_text("utf-8") + "\nmore = 1\n", "utf-8")
    after = [dependencies(lesson.code, Surroundings([source])) for lesson in lessons]
    changed = [lesson.path.stem for lesson, old, new in zip(lessons, before, after, strict=True) if old != new]
    assert sorted(changed) == ["50_data_parallel", "95_solutions"]
