"""The numbers on a picture are its pixels, and a pixel of the small picture is the mean of its block."""

import matplotlib.pyplot as plt
import pytest
import torch

from torchhour.data.digits import digits
from torchhour.zoom import draw_blocks, draw_zoom


@pytest.fixture(autouse=True)
def _no_window():
    plt.switch_backend("agg")
    plt.close("all")
    yield
    plt.close("all")


def numbers() -> list[float]:
    texts = [text.get_text() for text in plt.gca().texts]
    return [float(text) for text in texts if text[:1].isdecimal()]


def frames() -> list[tuple[float, ...]]:
    """Left, top, width of what is framed."""
    return [(patch.get_x(), patch.get_y(), patch.get_width()) for patch in plt.gca().patches if not patch.get_fill()]


def test_the_square_shows_its_pixels():
    picture = digits()[0][0][0]
    draw_zoom(picture, top=5, left=9, size=6)
    assert numbers() == [round(float(value), 1) for value in picture[5:11, 9:15].flatten()]
    whole, square = (torch.as_tensor(image.get_array().filled()) for image in plt.gca().images)
    assert torch.equal(whole, picture) and torch.equal(square, picture[5:11, 9:15])


def test_the_frame_lies_around_the_square():
    draw_zoom(torch.zeros(10, 10), top=2, left=3, size=4)
    (left, top, width), (_, _, side) = frames()
    left_edge, right_edge, bottom, upper = plt.gca().images[0].get_extent()
    step = (right_edge - left_edge) / 10
    assert (left - left_edge, top - upper, width) == pytest.approx((3 * step, 2 * step, 4 * step))
    assert side == pytest.approx(bottom - upper)


def test_a_pixel_is_the_mean_of_its_block():
    picture = torch.rand(12, 12, generator=torch.Generator().manual_seed(0))
    draw_blocks(picture, 4, i=2, j=1)
    _, block, small = (torch.as_tensor(image.get_array().filled()) for image in plt.gca().images)
    assert torch.equal(block, picture[8:12, 4:8]) and small.shape == (3, 3)
    for i in range(3):
        for j in range(3):
            assert small[i, j] == pytest.approx(picture[4 * i : 4 * i + 4, 4 * j : 4 * j + 4].mean().item())
    first, _, last = frames()
    assert first[1:] == pytest.approx(last[1:])


def test_a_side_that_blocks_do_not_fill():
    with pytest.raises(RuntimeError, match="is invalid for input of size"):
        draw_blocks(torch.zeros(10, 10), 4, 0, 0)


def test_pictures_fill_the_figure():
    """Drawing an image must not change what the axes show."""
    draw_blocks(torch.zeros(8, 8), 2, 0, 0)
    axis = plt.gca()
    width, height = plt.gcf().get_size_inches() * 72
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    assert right - left == pytest.approx(width) and bottom - top == pytest.approx(height)
    assert max(image.get_extent()[1] for image in axis.images) <= right
