"""Lesson 10, run as a reader runs it, and the errors that its text names."""

from __future__ import annotations

import inspect

import pytest
import torch

from lessons import GALLERY, real, run

LESSON = GALLERY / "10_tensors.py"
SOURCE = LESSON.read_text(encoding="utf-8")
DRIVER = """
import runpy, sys
import matplotlib.pyplot as plt
import torch

figures = []

def show():
    for number in plt.get_fignums():
        axes = plt.figure(number).axes
        figures.append([text.get_text() for axis in axes for text in axis.texts])
    plt.close("all")

plt.show = show
found = runpy.run_path(sys.argv[1])
kept = {name: found[name] for name in "image label small batch strip edits".split()}
torch.save(kept | {"source": found["pictures"].source, "figures": figures}, sys.argv[2])
"""


MNIST = real("MNIST (TORCHHOUR_DATA)", "MNIST")


@pytest.fixture(
    scope="module",
    params=["scikit-learn digits", pytest.param(*MNIST.values, marks=[pytest.mark.proof, *MNIST.marks])],
)
def lesson(request, tmp_path_factory) -> dict:
    """One run of the lesson, with what it printed."""
    found, printed = run(DRIVER, LESSON, request.param, tmp_path_factory.mktemp("lesson"))
    assert found["source"] == request.param
    return found | {"printed": printed}


def test_the_picture_is_what_the_text_says(lesson):
    assert lesson["image"].shape == (1, 32, 32) and lesson["image"].min() == 0
    assert f"label = {lesson['label']}\n" in lesson["printed"]
    assert f"max = {lesson['image'].max()!r}  item = {lesson['image'].max().item()}\n" in lesson["printed"]


def test_the_small_picture_is_that_of_average_pooling(lesson):
    pooled = torch.nn.functional.avg_pool2d(lesson["image"], 4)[0]
    torch.testing.assert_close(lesson["small"], pooled)
    assert f"mean = {pooled[2, 3].item():.2f}\n" in lesson["printed"]


def test_the_digit_is_cropped_flipped_and_joined(lesson):
    x = lesson["image"][0]
    negative, cropped, mirrored, turned = lesson["edits"]
    assert torch.equal(negative + x, torch.ones(32, 32)) and torch.equal(cropped, x[4:-4, 4:-4])
    assert torch.equal(mirrored, torch.stack(x.unbind(1)[::-1], dim=1)) and torch.equal(turned, torch.stack(list(x), 1))
    assert lesson["batch"].shape == (8, 1, 32, 32) and lesson["strip"].shape == (32, 256)
    assert torch.equal(lesson["strip"][:, 32:64], lesson["batch"][1, 0])


def test_its_eight_figures_and_that_of_memory(lesson):
    assert len(lesson["figures"]) == 9
    assert "column + row" in lesson["figures"][2] and "rows.T" in lesson["figures"][4]


def test_the_errors_that_it_names():
    """The text quotes them without running them."""
    line = torch.arange(12)
    with pytest.raises(RuntimeError) as caught:
        line.view(5, -1)
    assert SOURCE.count(f"``{caught.value}``") == 2
    with pytest.raises(RuntimeError, match="must match"):
        torch.ones(3) + torch.ones(4)
    assert SOURCE.count("``must match``") == 2
    assert "Torch not compiled with CUDA enabled" in inspect.getsource(torch.cuda._lazy_init)
    if torch.version.cuda and not torch.cuda.is_available():
        with pytest.raises(RuntimeError, match="Found no NVIDIA driver"):
            torch.ones(1).to("cuda")
