"""Lesson 70, run as a reader runs it: without a recording, and with one that its own module made."""

from __future__ import annotations

import inspect
import re
import runpy
import shutil
from pathlib import Path

import pytest
import torch

from lessons import GALLERY, real, run
from measured import timeless, undrawn
from places import REPOSITORY
from tiny import Tiny
from torchhour.timing import record
from torchhour.timing.clock import clock
from torchhour.timing.recorded import recordings
from torchhour.timing.widths import WIDTHS, training_step

LESSON = GALLERY / "70_accelerators.py"
ASKED = 'device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")\n'
#: Arguments: the script, where to save, the folder of recordings, how many times to run.
DRIVER = """
import random, runpy, sys
from pathlib import Path
import matplotlib.pyplot as plt
import torch
from torchhour.timing import recorded

recorded.FOLDER = Path(sys.argv[3])
kept = []
for turn in range(int(sys.argv[4])):
    if turn:
        random.random(), torch.rand(7)
        torch.manual_seed(99)
        torch.set_num_threads(2)
    figures = []

    def show():
        for number in plt.get_fignums():
            for axis in plt.figure(number).axes:
                lines = [(line.get_label(), line.get_linestyle(), list(line.get_xdata()), list(line.get_ydata()))
                         for line in axis.lines]
                figures.append((axis.get_xscale(), axis.get_yscale(), axis.get_xlabel() + axis.get_ylabel(), lines))
        plt.close("all")

    plt.show = show
    found = runpy.run_path(sys.argv[1])
    names = "lines times queued worked start done lost counts scales skipped slow fast".split()
    keep = {name: found[name] for name in names if name in found}
    keep |= {"source": found["train"].source, "device": found["device"].type, "figures": figures}
    kept.append(keep)
torch.save(kept, sys.argv[2])
"""
EMBEDDED = "scikit-learn digits"


@pytest.fixture(scope="module", params=[EMBEDDED, real("MNIST (TORCHHOUR_DATA)", "MNIST")])
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson without a recording, with what it printed."""
    folder = tmp_path_factory.mktemp("lesson")
    [found], printed = run(DRIVER, LESSON, request.param, folder, str(folder / "none"), "1")
    assert found["source"] == request.param
    return found | {"printed": printed}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a recording of this machine's CPU, in the place of an accelerator's."""
    folder = tmp_path_factory.mktemp("recordings")
    assert record.main(["--device", "cpu", "--repetitions", "3", "--folder", str(folder)]) == 0
    return folder


def test_three_lessons_ask_for_the_device_once_and_in_one_way():
    for name in ("10_tensors", "40_classifier", "70_accelerators"):
        text = (GALLERY / f"{name}.py").read_text("utf-8")
        assert text.count(ASKED) == text.count("torch.accelerator.current_accelerator(") == 1, name


@pytest.mark.proof
def test_the_texts_claims(lesson):
    """More share the right answer than guess it; the CPU is free before the work is done; wide is slow, and so on."""
    accuracy = float(re.search(r"^accuracy = ([\d.]+)%$", lesson["printed"], re.MULTILINE)[1])
    assert accuracy > 85
    assert float(re.search(r"^same answers = ([\d.]+)%$", lesson["printed"], re.MULTILINE)[1]) > 95
    assert lesson["queued"] == sorted(lesson["queued"]) and len(lesson["worked"]) == 6
    assert lesson["start"] < lesson["queued"][-1] < lesson["worked"][-1][1] < lesson["done"]
    pairs = zip(lesson["worked"], lesson["worked"][1:], strict=False)
    assert all(begin < end <= following for (begin, end), (following, _) in pairs)
    assert lesson["lines"]["cpu"][1024] > lesson["lines"]["cpu"][6]
    assert lesson["fast"] < lesson["slow"]
    assert lesson["lost"]["float16"] > max(lesson["lost"]["bfloat16"], lesson["lost"]["float16, scaled"])
    scales = lesson["scales"]
    assert len(scales) == 41 and scales[-1] < scales[0] == 2.0**40
    assert set(after / before for before, after in zip(scales, scales[1:], strict=False)) <= {0.5, 1.0}
    assert scales[1] < scales[0] and scales[-1] == scales[-2]  # it skips at first, and not at the end
    assert lesson["counts"][6] == lesson["counts"][1024] > 100  # "some hundred"
    assert "logits, loss, gradient: torch.bfloat16 torch.float32 torch.float32\n" in lesson["printed"]


@pytest.mark.proof
def test_the_errors_that_it_quotes(lesson):
    printed = lesson["printed"]
    first = printed.partition("RuntimeError: ")[2].replace("\n", " ")
    assert first.startswith(
        "Expected all tensors to be on the same device, but found at least two devices, cpu and cuda"
    )
    assert "\nTypeError: can't convert meta device type tensor to numpy. Use Tensor.cpu() to copy" in printed
    if not torch.cuda.is_available():
        assert re.search(
            r"\n(RuntimeError: Found no NVIDIA driver|AssertionError: Torch not compiled with CUDA)", printed
        )
        assert "\nRuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda" in printed
        assert "\nmoved to" not in printed and "\nloaded to" not in printed
    assert f"\nwith map_location: {lesson['device']}" in printed
    if not torch.accelerator.is_available():
        assert "pinned = False\nwarnings: 'pin_memory' argument is set as true but no accelerator is found" in printed
    assert " at 0x" not in printed and "http" not in printed


@pytest.mark.proof
def test_without_an_accelerator_or_a_recording_there_is_one_line(lesson):
    if torch.accelerator.is_available():
        pytest.skip("this machine has an accelerator")
    assert list(lesson["lines"]) == ["cpu"]
    sweep = lesson["figures"][1]
    assert sweep[:2] == ("log", "log")
    cpu = lesson["lines"]["cpu"]
    assert sweep[3] == [("cpu", "-", list(cpu), list(cpu.values()))] and tuple(cpu) == WIDTHS
    assert "recorded" not in lesson["printed"] and "ahead" not in lesson["printed"]


@pytest.mark.proof
def test_a_recording_is_the_second_line(made, tmp_path):
    [found], printed = run(DRIVER, LESSON, EMBEDDED, tmp_path, str(made), "1")
    [recording] = recordings(made)
    *measured, second, dotted = found["figures"][1][3]
    assert len(measured) == len(found["lines"])
    assert second == (recording.device, "--", list(WIDTHS), [recording.float32[width] for width in WIDTHS])
    assert dotted[1:] == (":", list(WIDTHS), [recording.bfloat16[width] for width in WIDTHS])
    assert f"\nrecorded on {recording.device}, PyTorch {torch.__version__}, {recording.date}\n" in printed
    assert re.search(r"\nahead of the CPU from width (none|\d+)\n", printed)


@pytest.mark.proof
def test_the_figures_of_times_name_their_unit(lesson):
    units = [figure[2] for figure in lesson["figures"]]
    assert units == ["milliseconds", "widthmilliseconds a step", "", "time"]
    assert [undrawn(f"<svg><text>{unit}</text></svg>")[:4] == "<svg" for unit in units] == [False, False, True, True]


@pytest.mark.proof
def test_all_but_times_is_the_same_whatever_came_before(tmp_path):
    """Twice in one process: the second time after other random draws, and with other threads."""
    _, printed = run(DRIVER, LESSON, EMBEDDED, tmp_path, str(tmp_path / "none"), "2")
    first, second, third = printed.partition("device = cpu\n")[2].partition("device = cpu\n")
    assert timeless(first) == timeless(third) and "ms" in first and second


@pytest.mark.proof
def test_the_library_times_what_the_lesson_writes_out(monkeypatch, capsys, tmp_path):
    """The same clock, the same network, the same step."""
    import matplotlib.pyplot as plt

    from torchhour.timing import recorded

    plt.switch_backend("agg")
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    found, threads = runpy.run_path(str(LESSON)), torch.get_num_threads()
    cpu, trained = torch.device("cpu"), []
    for make in (found["training_step"], training_step):
        torch.manual_seed(0)
        step = make(16, cpu)
        for _ in range(3):
            step()
        trained.append(inspect.getclosurevars(step).nonlocals["network"])
    for ours, theirs in zip(*(network.parameters() for network in trained), strict=True):
        assert torch.equal(ours, theirs)
    assert [str(network) for network in trained] == [str(trained[0])] * 2
    for each in (found["clock"], lambda work, repetitions: clock(work, cpu, repetitions)):
        calls: list[int] = []
        assert len(each(lambda calls=calls: calls.append(1), repetitions=4)) == len(calls) == 5
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Tiny:
    """A copy of this project with this lesson alone, not built yet."""
    course = Tiny(tmp_path_factory.mktemp("course"), {"TORCHHOUR_DATA": ""})
    for name in ("conf.py", "pyproject.toml", "docs", "src", "gallery"):
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, course.root / name)
    shutil.rmtree(course.root / "docs/lessons", ignore_errors=True)
    shutil.rmtree(course.root / "src/torchhour/timing/recordings", ignore_errors=True)
    for path in [*course.root.glob("gallery/*.py"), *course.root.glob("docs/*.rst")]:
        if path.name not in (LESSON.name, "glossary.rst"):
            path.unlink()
    start = "%% zh\n首页\n====\n%% en\nHome\n====\n%% end\n\n.. toctree::\n\n   lessons/index\n   glossary\n"
    course.write("docs/index.rst", start)
    text = re.sub(r":doc:`(?:\d\d_\w+|/contributing)`", ":doc:`index`", LESSON.read_text("utf-8"))
    text = re.sub(r":ref:`([^`<]+) <solutions-[^`]+`", r"\1", text)  # in a lesson that is not here
    course.write(f"gallery/{LESSON.name}", text)
    course.new_interpreter = True
    return course


@pytest.mark.proof
def test_the_page_says_whether_it_has_a_line_of_an_accelerator(course, made):
    """Without one it says so; with a recording, which runs the lesson again, it says where that comes from."""
    if torch.accelerator.is_available():
        pytest.skip("this machine has an accelerator")
    pages = {code: f"{code}/lessons/{LESSON.stem}.html" for code in ("zh", "en")}
    lacking = {"zh": "这里还没有加速器的线", "en": "There is no line of an accelerator here yet"}
    having = {"zh": "虚线是在另一台机器上录的", "en": "The dashed line was recorded on the machine"}
    course.built()
    for code, page in pages.items():
        assert lacking[code] in course.page(page) and having[code] not in course.page(page)
    before = (course.root / "build/html/en/lessons/70_accelerators.ipynb").read_bytes()
    shutil.copytree(made, course.root / "src/torchhour/timing/recordings")
    course.built()
    [recording] = recordings(made)
    for code, page in pages.items():
        text = course.page(page)
        assert lacking[code] not in text and having[code] in text
        assert f"recorded on {recording.device}, PyTorch {torch.__version__}, {recording.date}" in text
        assert "stroke-dasharray: 5.55" in text  # Matplotlib's dashes
    assert (course.root / "build/html/en/lessons/70_accelerators.ipynb").read_bytes() != before
