"""Times of a training step: what is timed, what is recorded, and what is read back."""

from __future__ import annotations

import datetime
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from places import REPOSITORY
from torchhour.networks import Classifier
from torchhour.timing import record, recorded
from torchhour.timing.clock import clock, median_seconds
from torchhour.timing.widths import WIDTHS, crossing, sweep, training_step, wide

CPU = torch.device("cpu")


def test_the_clock_covers_all_of_each_call():
    inside = []

    def work() -> None:
        begin = time.perf_counter()
        torch.rand(200, 200) @ torch.rand(200, 200)
        inside.append(time.perf_counter() - begin)

    times = clock(work, CPU, repetitions=4)
    assert len(times) == len(inside) == 1 + 4
    assert all(outer >= inner for outer, inner in zip(times, inside, strict=True))


def test_the_call_that_warms_up_does_not_count():
    calls = []

    def work() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            time.sleep(0.5)

    assert median_seconds(work, CPU, repetitions=3) < clock(lambda: time.sleep(0.5), CPU, repetitions=0)[0]
    assert len(calls) == 4


def test_the_narrowest_network_is_that_of_lesson_40():
    network, classifier = wide(6), Classifier()
    for ours, theirs in zip(network.parameters(), classifier.parameters(), strict=True):
        assert ours.shape == theirs.shape
        ours.data = theirs.data
    pictures = torch.rand(4, 3, 32, 32)
    assert torch.equal(network(pictures), classifier(pictures))


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("mixed", "expected"), [(False, torch.float32), (True, torch.bfloat16)])
def test_a_step_learns_and_computes_in_the_type_that_was_asked_for(mixed, expected):
    class Seen(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            result = operation(*args, **(kwargs or {}))
            if operation is torch.ops.aten.convolution.default:
                convolved.append(result.dtype)
            return result

    convolved: list[torch.dtype] = []
    torch.manual_seed(0)
    step = training_step(6, CPU, mixed)
    with Seen():
        first = step()
    assert convolved == [expected] * 2
    losses = [step().item() for _ in range(200)]
    assert losses[-1] < first.item() and not first.requires_grad


def test_the_sweep_goes_through_the_widths():
    seconds = sweep(CPU, repetitions=3)
    assert tuple(seconds) == WIDTHS and WIDTHS[0] == 6
    assert all(value > 0 for value in seconds.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2, 8, 30], [5, 5, 5, 6]),
        ([1, 2, 8, 30], [0.9, 3, 7, 6]),  # below, above, below for good
        ([3, 4, 5, 6], [7, 6, 5.1, 5.9]),
    ],
)
def test_where_lines_cross_is_where_they_meet_on_logarithmic_axes(one, other):
    widths = [6, 16, 64, 256]
    place = crossing(dict(zip(widths, one, strict=True)), dict(zip(widths, other, strict=True)))
    at = [np.interp(np.log(place), np.log(widths), np.log(line)) for line in (one, other)]
    assert at[0] == pytest.approx(at[1], abs=1e-6)
    beyond = np.linspace(np.log(place) + 1e-3, np.log(256))
    assert (np.interp(beyond, np.log(widths), np.log(np.array(other) / one)) < 0).all()


def test_lines_that_do_not_cross():
    assert crossing({6: 1, 16: 2}, {6: 2, 16: 3}) is None
    assert crossing({6: 1}, {16: 1}) is None
    assert crossing({6: 1, 16: 2}, {6: 0.5, 16: 1, 64: 9}) == pytest.approx(6)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A recording of this machine's CPU, made as that of an accelerator is."""
    folder = tmp_path_factory.mktemp("recordings") / "new"
    assert record.main(["--device", "cpu", "--repetitions", "1", "--folder", str(folder)]) == 0
    [path] = folder.iterdir()
    return path


def test_a_recording_tells_where_it_comes_from(made):
    found = tomllib.loads(made.read_text("utf-8"))
    today = datetime.datetime.now(datetime.UTC).date()
    assert (found["kind"], found["torch"], found["batch"]) == ("cpu", torch.__version__, 4)
    assert today - datetime.timedelta(days=1) <= found["date"] <= today
    assert found["device"] == record.device_name(CPU)
    for kind in ("float32", "bfloat16"):
        assert list(map(int, found[kind])) == list(WIDTHS) and all(value > 0 for value in found[kind].values())


def test_what_is_read_is_what_was_written(made):
    [recording] = recorded.recordings(made.parent)
    assert recording.toml() == made.read_text("utf-8")
    assert recording.float32 == {
        int(width): value for width, value in tomllib.loads(made.read_text("utf-8"))["float32"].items()
    }


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[float32]", "[float64]", "float32"),
        ("kind = ", "king = ", "king"),
        ("\n6 = ", "\nsix = ", "six"),
        ("\n6 = ", "\n6 = -", "seconds are positive"),
        ("kind = ", "kind ", "line 3"),
    ],
)
def test_what_is_no_recording_is_named(made, tmp_path, old, new, fault):
    path = tmp_path / "broken.toml"
    path.write_text(made.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(recorded.RecordingError, match=fault) as caught:
        recorded.recordings(tmp_path)
    assert str(caught.value).startswith(f"{path}: not a recording")
    assert str(caught.value).endswith("record anew with `python -m torchhour.timing.record`, or delete it")


def test_names_with_quotes_and_backslashes_stay_readable(tmp_path):
    day = datetime.date(2026, 1, 31)
    recording = recorded.Recording('a "b" \\c', "cpu", "2", "Linux", day, 4, {6: 1.0}, {6: 1.0})
    (tmp_path / "a.toml").write_text(recording.toml(), "utf-8")
    assert recorded.recordings(tmp_path)[0].device == "a  b   c"


def test_without_an_accelerator_nothing_is_recorded(tmp_path):
    if torch.accelerator.is_available():
        pytest.skip("this machine has an accelerator")
    command = [sys.executable, "-m", "torchhour.timing.record", "--folder", str(tmp_path / "new")]
    done = subprocess.run(command, cwd=REPOSITORY / "src", capture_output=True, text=True, check=False)
    assert done.returncode == 2 and not (tmp_path / "new").exists()
    assert done.stderr == "no accelerator is available here; run this on a machine that has one\n"


def test_reading_takes_no_torch():
    """The site's settings read recordings at each build."""
    code = "import sys, torchhour.timing.recorded as r; r.recordings(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY / "src", capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_the_recordings_of_this_project_are_of_accelerators():
    """A file that someone made to try it out on a CPU is not handed in."""
    for recording in recorded.recordings():
        assert recording.kind != "cpu" and set(WIDTHS) <= recording.float32.keys() & recording.bfloat16.keys()
