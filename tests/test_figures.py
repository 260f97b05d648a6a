"""The library's drawings are those that lesson 40 writes out, pixel for pixel, and show what they were given."""

import ast
import inspect
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from torchhour import figures
from torchhour.figures import show_confusion, show_pictures

LESSON = Path(__file__).parents[1] / "gallery" / "40_classifier.py"
CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


@pytest.fixture(autouse=True)
def _no_window():
    plt.switch_backend("agg")
    plt.close("all")
    yield
    plt.close("all")


def function(source: str, name: str) -> tuple[list[str], list[str], list[str]]:
    """Names of a function's arguments, their defaults, and its statements without the docstring."""
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name]
    lines = found.body[ast.get_docstring(found) is not None :]
    defaults = [ast.dump(default) for default in found.args.defaults]
    return [argument.arg for argument in found.args.args], defaults, [ast.dump(line) for line in lines]


def drawn() -> np.ndarray:
    """The pixels of the only open figure."""
    [number] = plt.get_fignums()
    canvas = plt.figure(number).canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def test_lesson_and_library_show_pictures_alike():
    lesson = LESSON.read_text(encoding="utf-8")
    assert function(inspect.getsource(figures), "show_pictures") == function(lesson, "show_pictures")


def test_lesson_and_library_draw_the_same_confusion_matrix():
    lines = LESSON.read_text(encoding="utf-8").splitlines()
    start = lines.index('figure, axis = plt.subplots(figsize=(4.5, 4.5), layout="constrained")')
    stop = lines.index("plt.show()", start)
    confusion = torch.randint(1000, (10, 10), generator=torch.Generator().manual_seed(0))
    exec("\n".join(lines[start:stop]), {"plt": plt, "confusion": confusion, "classes": CLASSES})
    theirs = drawn()
    plt.close("all")
    show_confusion(confusion, CLASSES)
    assert np.array_equal(drawn(), theirs)


@pytest.mark.parametrize("kind", [torch.uint8, torch.float32])
def test_each_picture_stands_under_its_title(kind):
    images = torch.randint(256, (5, 3, 32, 32), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    shown = images if kind == torch.uint8 else images / 255
    show_pictures(shown, [f"{name}\n= {name}" for name in CLASSES[:5]], columns=3)
    axes = plt.gcf().axes
    assert len(axes) == 6 and not axes[5].images and not any(axis.axison for axis in axes)
    for axis, image, name in zip(axes, shown, CLASSES, strict=False):
        assert axis.get_title() == f"{name}\n= {name}"
        assert np.array_equal(axis.images[0].get_array(), image.permute(1, 2, 0).numpy())


def test_rows_are_labels_and_columns_are_predictions():
    confusion = torch.tensor([[5, 1, 0], [0, 6, 2], [3, 0, 4]])
    show_confusion(confusion, ["cat", "dog", "frog"])
    axis = plt.gca()
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("prediction", "label")
    for ticks in (axis.get_xticklabels(), axis.get_yticklabels()):
        assert [tick.get_text() for tick in ticks] == ["cat", "dog", "frog"]
    for text in axis.texts:
        column, row = text.get_position()
        assert text.get_text() == str(confusion[row, column].item())


def test_every_count_can_be_read():
    """Text on its cell: a contrast of at least 4.5, as WCAG asks, from the pixels' own colors."""
    show_confusion(torch.arange(100).view(10, 10) * 7, CLASSES)
    axis = plt.gca()
    shades = axis.images[0].to_rgba(axis.images[0].get_array())[..., :3]
    for text in axis.texts:
        column, row = text.get_position()
        ink = 0.0 if text.get_color() == "black" else 1.0
        shade = shades[row, column]
        linear = np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)
        lights = sorted([ink, float(linear @ [0.2126, 0.7152, 0.0722])])
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5
