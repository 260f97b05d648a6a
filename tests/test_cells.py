"""Cells show the numbers, shapes and repetitions that PyTorch has, and can be read on a phone and in both themes."""

from itertools import combinations

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_rgb

from torchhour.cells import CELL, draw_brackets, draw_broadcast, draw_tensors

CUBE = torch.tensor([[[7, 2], [1, 4]], [[0, 3], [5, 8]]])
LINE = torch.arange(12)


@pytest.fixture(autouse=True)
def _no_window():
    plt.switch_backend("agg")
    plt.close("all")
    yield
    plt.close("all")


def words() -> list[str]:
    return [text.get_text() for text in plt.gca().texts]


def written() -> dict[tuple[float, float], str]:
    """The numbers in cells, by the middle of their cell."""
    middles = {tuple(patch.get_center()) for patch in plt.gca().patches}
    return {text.get_position(): text.get_text() for text in plt.gca().texts if text.get_position() in middles}


def light(color) -> float:
    """Relative luminance, as WCAG defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other) -> float:
    low, high = sorted([light(one), light(other)])
    return (high + 0.05) / (low + 0.05)


def test_numbers_stand_row_by_row():
    draw_tensors({"x": LINE.view(3, 4)})
    places = written()
    columns, rows = (sorted({place[axis] for place in places}) for axis in (0, 1))
    read = [[int(places[column, row]) for column in columns] for row in rows]
    assert read == LINE.view(3, 4).tolist() and words()[-2:] == ["x", "3×4"]
    assert columns[1] - columns[0] == rows[1] - rows[0] == CELL


def test_larger_numbers_are_darker_across_all_tensors():
    draw_tensors({"low": torch.arange(3), "high": torch.arange(3, 6)})
    shades = [light(patch.get_facecolor()) for patch in plt.gca().patches]
    assert shades == sorted(shades, reverse=True) and len(set(shades)) == 6


def test_equal_numbers_and_a_single_one_can_be_drawn():
    draw_tensors({"zeros": torch.zeros(2), "number": torch.tensor(1.5), "truth": torch.tensor([True])})
    assert words() == ["0", "0", "zeros", "2", "1.5", "number", "()", "1", "truth", "1"]


def test_the_first_matrix_stands_in_front():
    draw_tensors({"cube": CUBE})
    assert words()[:4] == ["7", "2", "1", "4"] and len(plt.gca().patches) == 8
    front = plt.gca().patches[-4:]
    assert min(patch.get_x() for patch in front) == 0 and max(patch.get_y() for patch in front) > CELL


def test_four_dimensions_are_too_many():
    with pytest.raises(ValueError, match=r"shape \(1, 1, 1, 1\) has more than three dimensions"):
        draw_tensors({"x": torch.zeros(1, 1, 1, 1)})


@pytest.mark.parametrize("tensor", [torch.tensor(7), torch.tensor([7]), CUBE[0], CUBE], ids=str)
def test_as_many_colored_brackets_as_dimensions(tensor):
    draw_brackets(tensor)
    *_, brackets, rest, dimensions, _, shape = words()
    assert brackets == "[" * tensor.dim() and brackets + rest == str(tensor.tolist())
    assert dimensions.split()[0] == str(tensor.dim())
    assert shape == ("×".join(map(str, tensor.shape)) or "()")


@pytest.mark.parametrize(
    ("one", "other"),
    [((3, 1), (4,)), ((4,), (3, 1)), ((2, 3), (2, 3)), ((), (2, 2)), ((1, 3), (2, 1)), ((3,), (3,))],
    ids=str,
)
def test_what_broadcasting_repeats_is_pale(one, other):
    a, b = torch.arange(24)[: max(1, torch.Size(one).numel())].view(one), torch.ones(other, dtype=torch.int64)
    draw_broadcast({"a": a, "b": b})
    total = a + b
    pale = [patch.get_alpha() < 1 for patch in plt.gca().patches]
    count = total.numel()
    assert len(pale) == 3 * count and not any(pale[2 * count :])
    for own, start in ((a, 0), (b, count)):
        assert pale[start : start + count].count(False) == own.numel()
    numbers = [word for word in words() if word.isdecimal() or word == "()" or "×" in word]
    flat = [str(number) for number in total.flatten().tolist()]
    assert "".join(flat) in "".join(numbers) and "a + b" in words()


def test_shapes_that_do_not_go_together():
    with pytest.raises(RuntimeError, match="must match"):
        draw_broadcast({"a": torch.zeros(3), "b": torch.zeros(4)})


@pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_brackets(torch.tensor(7), CUBE[0, 0], CUBE[0], CUBE),
        lambda: draw_broadcast({"column": torch.tensor([[0], [10], [20]]), "row": torch.arange(4)}),
        lambda: draw_tensors({"line": LINE, "line.view(3, 4)": LINE.view(3, 4), "line.view(2, -1)": LINE.view(2, -1)}),
        lambda: draw_tensors({"below": torch.zeros(4, 3), "beside": torch.zeros(2, 6), "behind": torch.zeros(2, 2, 3)}),
    ],
    ids=["brackets", "broadcast", "view", "cat"],
)
def test_all_can_be_read_on_a_phone(draw):
    """Within the figure, clear of each other, and no smaller than 8 points."""
    draw()
    figure = plt.gcf()
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in plt.gca().texts if text.get_text()]
    assert figure.get_size_inches()[0] <= 4.3
    frame = figure.bbox
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in boxes)
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.shrunk(0.9, 0.9).overlaps(b.shrunk(0.9, 0.9))]
    assert min(text.get_fontsize() for text in plt.gca().texts) >= 8


def test_every_number_stands_out_from_its_cell():
    draw_tensors({"x": torch.arange(100).view(10, 10)})
    for text, patch in zip(plt.gca().texts, plt.gca().patches, strict=False):
        assert contrast(text.get_color(), patch.get_facecolor()) >= 4.5, text.get_text()
