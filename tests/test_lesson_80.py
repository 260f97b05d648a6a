"""Lesson 80, run as a reader runs it: what each mistake comes to, that its cure cures, what messages stand there."""

from __future__ import annotations

import math
import re

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from lessons import GALLERY, SHARED, real, run
from torchhour.outcomes import outcome
from torchhour.pitfalls.running import names
from torchhour.pitfalls.table import PITFALLS

LESSON = GALLERY / "80_pitfalls.py"
SOURCE = LESSON.read_text(encoding="utf-8")
# Runs the lesson as often as the third argument says, as in test_lesson_20.py.
DRIVER = """
import runpy, sys
import matplotlib.pyplot as plt
import torch

kept = []
for turn in range(int(sys.argv[3])):
    if turn:
        torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
    figures = []

    def show():
        for number in plt.get_fignums():
            axes = plt.figure(number).axes
            titles = [axis.get_title() for axis in axes]
            figures.append((titles, [list(line.get_ydata()) for axis in axes for line in axis.lines]))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    lines = [line.state_dict() for line in (found["flat"], found["straight"])]
    keep = {"trained": {name: losses for name, (_, losses) in found["trained"].items()}, "lines": lines}
    keep |= {name: found[name] for name in "in_train in_eval photo".split()}
    kept.append(keep | {"source": found["train"].source, "figures": figures})
torch.save(kept, sys.argv[2])
"""

MNIST = "MNIST (TORCHHOUR_DATA)"
SOURCES = [
    pytest.param("scikit-learn digits", marks=pytest.mark.proof),
    pytest.param(MNIST, marks=[pytest.mark.proof, *real(MNIST, "MNIST").marks]),
]


@pytest.fixture(scope="module", params=SOURCES)
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    [found], printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"), "1")
    assert found["source"] == request.param
    return found | {"printed": printed}


def table(printed: str) -> dict[str, list[float]]:
    """The examinations: first loss, loss after ten pictures, accuracy in percent."""
    rows = re.findall(r"^([A-F]) +([\d.]+) +([\d.]+) +([\d.]+)%$", printed, re.MULTILINE)
    return {name: [float(number) for number in numbers] for name, *numbers in rows}


def test_the_examinations_set_the_six_apart_as_the_text_says(lesson):
    found = table(lesson["printed"])
    assert list(found) == list("ABCDEF")
    for name, (first, ten, test) in found.items():
        assert abs(first - math.log(10)) < 0.05
        assert (ten < 0.01) == (name in "CE")
        assert (test > 50) == (name in "CD")
    assert abs(found["A"][1] - found["A"][0]) < 0.02
    assert math.log(math.e + 9) - 1 < found["D"][1] + 0.005 < 1.8 and 75 < found["D"][2] < found["C"][2]


def test_the_curves_look_as_the_caption_says(lesson):
    guessing = math.log(10)
    last = {name: sum(losses[-20:]) / 20 for name, losses in lesson["trained"].items()}
    for name in "AE":
        assert max(abs(loss - guessing) for loss in lesson["trained"][name]) < 0.1
    assert max(lesson["trained"]["B"]) > 5 < last["B"]
    assert last["C"] < 0.5 < 1.5 < last["D"] < 2.2
    assert max(lesson["trained"]["F"][:20]) > 5 and abs(last["F"] - guessing) < 0.2
    titles, curves = lesson["figures"][0]
    assert titles == list("ABCDEF") and len(curves) == 12


def test_gradients_pile_up_where_nobody_clears_them(lesson):
    rows = re.findall(r"^[✗✓]((?: \d\.\d\d){5})$", lesson["printed"], re.MULTILINE)
    piled, cleared = ([float(number) for number in row.split()] for row in rows)
    assert piled == sorted(piled) and piled[4] > 3 * piled[0]
    assert piled[0] == cleared[0] and max(cleared) < 1.5 * min(cleared)


def test_the_flat_line_is_the_mean_and_the_other_one_is_least_squares(lesson):
    flat, straight = lesson["lines"]
    points = torch.tensor(lesson["figures"][4][1][0], dtype=torch.float64)  # 20
    x, y = torch.linspace(0, 1, 20, dtype=torch.float64)[:, None], points.reshape(20, 1)
    assert abs(flat["weight"]).max() < 1e-3 and torch.allclose(flat["bias"].double(), y.mean(), atol=1e-3)
    slope, intercept = torch.linalg.lstsq(torch.cat([x, torch.ones_like(x)], 1), y).solution.flatten()
    assert abs(straight["weight"].item() - slope) < 0.02 and abs(straight["bias"].item() - intercept) < 0.02
    [(loss, steep)] = re.findall(r"^✗ loss = (-\d+)\.\d+, ✗ slope = (-[\d.]+)$", lesson["printed"], re.MULTILINE)
    assert float(loss) < -1000 and float(steep) < -100


def test_exams_in_training_mode_are_lower_and_differ(lesson):
    assert len(set(lesson["in_eval"])) == 1 < len(set(lesson["in_train"]))
    assert max(lesson["in_train"]) < min(lesson["in_eval"]) - 0.02


def test_what_the_table_has_stands_on_the_page(lesson):
    printed = " ".join(lesson["printed"].split())
    shown = {"zero-grad", "optimizer", "softmax", "sum", "eval"}  # by numbers of the lesson's own
    for pitfall in PITFALLS:
        assert SOURCE.count(f"# .. _{pitfall.section}:\n") == 2
        if pitfall.name not in shown:
            said = pitfall.message if outcome(pitfall.wrong, names()).kind != "value" else "✗ gradient = tensor([3.7183"
            assert said in printed, pitfall


def test_each_line_that_is_shown_is_in_the_table():
    shown = [name for names in re.findall(r"^show\((.*)\)$", SOURCE, re.MULTILINE) for name in names.split(", ")]
    assert len(shown) == len(set(shown)) > 15
    assert {name.strip('"') for name in shown} <= {pitfall.name for pitfall in PITFALLS}


def test_the_message_of_another_device_is_that_of_pytorch():
    """A fake tensor claims to be on a GPU, and PyTorch checks its device as it would."""
    with FakeTensorMode(), pytest.raises(RuntimeError) as error:
        torch.ones(3, device="cuda") + torch.ones(3)
    assert SOURCE.count(f"``{error.value}") == 2


def test_workers_without_a_gate_fail_and_with_one_work(lesson):
    printed = lesson["printed"]
    assert "RuntimeError: An attempt has been made to start a new process before the" in printed
    assert "RuntimeError: DataLoader worker (pid …) exited unexpectedly" in printed
    assert "✓ [0, 1, 2, 3] [4, 5, 6, 7]\n" in printed


def test_view_mixes_the_colors(lesson):
    photo = lesson["photo"]
    assert photo.shape == (32, 32, 3)
    assert not torch.equal(photo.view(3, 32, 32), photo.permute(2, 0, 1))
    assert photo.float().std() > 10


@pytest.mark.proof
def test_the_same_numbers_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, and with other threads."""
    (first, second), printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "2")
    half = len(printed) // 2
    assert printed[:half] == printed[half:] and "ten pictures" in printed
    assert first["trained"] == second["trained"] and first["in_train"] == second["in_train"]


@pytest.mark.proof
def test_no_path_and_no_address_is_printed(lesson):
    printed = lesson["printed"]
    assert not re.search(r"0x[0-9a-f]{6}|/tmp/|/home/", printed)
    assert str(GALLERY.parent) not in printed and str(SHARED) not in printed
