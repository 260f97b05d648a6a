"""A kernel on a picture to play with: its numbers are conv2d's, by keyboard, touch and dragging, without motion."""

from __future__ import annotations

import re

import pytest
import torch
import torch.nn.functional as F

from exploring import played, written
from torchhour.data.digits import digits
from torchhour.explore.slide import convolved, slide

EDGES = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
PHONE = {"has_touch": True, "viewport": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def picture():
    return digits(train=False)[3][0][0]


def small(height: int = 5, width: int = 6):
    return torch.rand(height, width, generator=torch.Generator().manual_seed(0))


def random_kernel(*shape: int):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def read(text: str) -> list[float]:
    plain = re.sub("[−–]", "-", text)
    return [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", plain)]


def told(thing) -> tuple[int, int, float]:
    """Row, column and sum, as the live region says them."""
    row, column, _, total = read(thing.locator("[data-shows=numbers]").inner_text())
    return int(row), int(column), total


def grid(thing, name: str):
    numbers = [read(text)[0] for text in thing.locator(f".{name} text").all_text_contents()]
    return torch.tensor(numbers)


def box(thing, selector: str) -> dict[str, float]:
    return thing.locator(selector).bounding_box()


def over(thing, shape, row: float, column: float) -> tuple[float, float]:
    """Where on the screen a place of the picture is, counted in pixels of the picture."""
    at = box(thing, "image")
    return at["x"] + at["width"] * column / shape[1], at["y"] + at["height"] * row / shape[0]


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (5, 5), (2, 5), (4, 3)])
def test_the_map_is_that_of_conv2d(shape, picture):
    kernel = random_kernel(*shape)
    layer = torch.nn.Conv2d(1, 1, shape, bias=False)
    layer.weight.data[0, 0] = kernel
    expected = layer(picture[None, None])[0, 0]
    torch.testing.assert_close(convolved(kernel, picture).float(), expected, rtol=1e-4, atol=1e-5)
    data = slide(layer.weight[0, 0], picture).data
    assert list(expected.shape) == [32 - shape[0] + 1, 32 - shape[1] + 1]
    torch.testing.assert_close(torch.tensor(data["kernels"][0]["map"]), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.everyday(2)
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (5, 5), (2, 4), (4, 2)])
def test_products_and_sum_are_pytorchs_at_every_place(browser, tmp_path, shape):
    kernel, picture = random_kernel(*shape), small()
    expected = F.conv2d(picture[None, None], kernel[None, None])[0, 0]
    with played(browser, slide(kernel, picture), tmp_path) as thing:
        thing.get_by_role("button", name="start again").click()
        for row in range(expected.shape[0]):
            for column in range(expected.shape[1]):
                patch = picture[row : row + shape[0], column : column + shape[1]]
                rough = {"rtol": 0.05, "atol": 0.006}  # shown in two decimal places
                torch.testing.assert_close(grid(thing, "patch"), patch.flatten(), **rough)
                torch.testing.assert_close(grid(thing, "weights"), kernel.flatten(), **rough)
                torch.testing.assert_close(grid(thing, "products"), (patch * kernel).flatten(), **rough)
                assert told(thing) == (row, column, pytest.approx(expected[row, column].item(), abs=2e-3))
                total = read(thing.locator(".total").text_content())[0]
                assert total == pytest.approx(told(thing)[2], abs=1e-3)
                thing.get_by_role("button", name="right").click()
            for _ in range(expected.shape[1]):
                thing.get_by_role("button", name="left").click()
            thing.get_by_role("button", name="down").click()


def test_it_begins_at_the_largest_number_and_stays_inside(browser, tmp_path, picture):
    expected = convolved(EDGES, picture)
    with played(browser, slide(EDGES, picture), tmp_path) as thing:
        row, column, total = told(thing)
        assert total == pytest.approx(expected[row, column].item(), abs=1e-3)
        assert abs(total) == pytest.approx(expected.abs().max().item(), abs=1e-3)
        for way, steps in (("up", 31), ("left", 31)):
            for _ in range(steps):
                thing.get_by_role("button", name=way).click()
        assert told(thing)[:2] == (0, 0)
        frame, image = box(thing, ".frame"), box(thing, "image")
        assert frame["x"] == pytest.approx(image["x"], abs=3) and frame["y"] == pytest.approx(image["y"], abs=3)


def test_the_map_grows_and_is_coloured_by_sign_and_size(browser, tmp_path):
    kernel, picture = random_kernel(2, 2), small(4, 5)
    expected = convolved(kernel, picture)
    with played(browser, slide(kernel, picture), tmp_path) as thing:
        places = thing.locator(".map rect")
        thing.get_by_role("button", name="start again").click()
        assert places.count() == 1
        thing.get_by_role("button", name="right").click()
        thing.get_by_role("button", name="left").click()
        assert places.count() == 2
        thing.get_by_role("button", name="fill the map").click()
        assert places.count() == expected.numel()
        assert thing.get_by_role("status").inner_text() == "the map is full: 3×4 numbers"
        seen = set()
        for place in places.element_handles():
            x, y, opacity = (float(place.get_attribute(name)) for name in ("x", "y", "fill-opacity"))
            value = expected[int(y), int(x)].item()
            assert ("warm" in place.get_attribute("fill")) == (value < 0)
            assert opacity == pytest.approx(abs(value) / expected.abs().max().item(), abs=1e-3)
            seen.add((x, y))
        assert len(seen) == expected.numel()


def test_another_kernel_shows_its_own_numbers_and_a_whole_map_stays_whole(browser, tmp_path, picture):
    kernels = {"vertical edges": EDGES, "conv1.weight": random_kernel(5, 5), "two": torch.ones(2, 2)}
    with played(browser, slide(kernels, picture), tmp_path) as thing:
        assert thing.locator("option.code").all_inner_texts() == ["conv1.weight"]
        thing.get_by_role("button", name="fill the map").click()
        for index, kernel in enumerate(kernels.values()):
            thing.get_by_role("combobox", name="kernel").select_option(str(index))
            expected = convolved(kernel, picture)
            row, column, total = told(thing)
            assert total == pytest.approx(expected[row, column].item(), abs=2e-3)
            assert grid(thing, "weights").numel() == kernel.numel()
            assert thing.locator(".map rect").count() == expected.numel()
            assert thing.locator(".shape").text_content() == "×".join(map(str, expected.shape))
        thing.get_by_role("button", name="start again").click()
        thing.get_by_role("combobox", name="kernel").select_option("0")
        assert thing.locator(".map rect").count() == 1


def test_clicking_and_dragging_put_the_kernel_below_the_pointer(browser, tmp_path, picture):
    with played(browser, slide(EDGES, picture), tmp_path) as thing:
        mouse = thing.page.mouse
        mouse.move(*over(thing, (32, 32), 10.5, 20.5))
        assert told(thing)[:2] != (9, 19)
        mouse.down()
        assert told(thing)[:2] == (9, 19)
        mouse.move(*over(thing, (32, 32), 15.5, 5.5))
        assert told(thing)[:2] == (14, 4)
        mouse.move(*over(thing, (32, 32), -10, 50))  # outside, it stays at the border
        assert told(thing)[:2] == (0, 29)
        mouse.up()
        mouse.move(*over(thing, (32, 32), 16, 16))
        assert told(thing)[:2] == (0, 29)


@pytest.mark.proof
def test_by_touch(browser, tmp_path, picture):
    kernels = {"vertical edges": EDGES, "conv1.weight": random_kernel(5, 5)}
    with played(browser, slide(kernels, picture), tmp_path, **PHONE) as thing:
        thing.page.touchscreen.tap(*over(thing, (32, 32), 10.5, 20.5))
        assert told(thing)[:2] == (9, 19)
        thing.get_by_role("button", name="down").tap()
        assert told(thing)[:2] == (10, 19)
        thing.get_by_role("combobox", name="kernel").select_option("1")
        assert thing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for cell, number in zip(
            thing.locator(".weights rect").all(), thing.locator(".weights text").all(), strict=True
        ):
            inner, outer = number.bounding_box(), cell.bounding_box()
            assert inner["width"] <= outer["width"] and inner["height"] > 9
        assert thing.locator(".picture").evaluate("picture => getComputedStyle(picture).touchAction") == "none"


def test_by_keyboard_alone(browser, tmp_path, picture):
    kernels = {"vertical edges": EDGES, "other": EDGES.T}
    with played(browser, slide(kernels, picture), tmp_path, from_disk=True) as thing:
        keyboard = thing.page.keyboard
        begin = told(thing)
        keyboard.press("Tab")
        area = thing.get_by_role("application", name="picture: the arrow keys move the kernel")
        assert area.evaluate("area => area === document.activeElement")
        assert area.locator(".border").evaluate("border => getComputedStyle(border).strokeWidth") == "4px"
        keyboard.press("ArrowDown")
        keyboard.press("ArrowDown")
        keyboard.press("ArrowLeft")
        assert told(thing)[:2] == (begin[0] + 2, begin[1] - 1)
        assert area.get_attribute("aria-description") == thing.get_by_role("status").inner_text()
        keyboard.press("ArrowUp")
        keyboard.press("ArrowRight")
        keyboard.press("Control+ArrowRight")
        assert told(thing)[:2] == (begin[0] + 1, begin[1])
        top = area.bounding_box()["y"]
        keyboard.press("Home")
        assert told(thing)[:2] == (begin[0] + 1, 0)
        keyboard.press("End")
        keyboard.press("ArrowRight")
        assert told(thing)[:2] == (begin[0] + 1, picture.shape[-1] - EDGES.shape[-1])
        keyboard.press(" ")
        assert thing.get_by_role("button", name="pause").is_visible()
        keyboard.press(" ")
        assert area.bounding_box()["y"] == top
        keyboard.press("Home")
        for _ in range(begin[1]):
            keyboard.press("ArrowRight")
        row = told(thing)[0]
        keyboard.press("Tab")
        keyboard.press("ArrowDown")
        assert thing.get_by_role("combobox", name="kernel").input_value() == "1"
        keyboard.press("Tab")
        keyboard.press("Enter")
        assert told(thing)[:2] == (row, begin[1] - 1)


def test_a_run_fills_the_map_and_can_pause(browser, tmp_path):
    with played(browser, slide(random_kernel(2, 2), small(3, 4)), tmp_path) as thing:
        clock, places, live = thing.page.clock, thing.locator(".map rect"), thing.locator("output")
        clock.install(time=0)
        thing.page.reload()
        clock.pause_at(60_000)
        thing.get_by_role("button", name="start again").click()
        thing.get_by_role("button", name="run").click()
        assert places.count() == 2 and live.get_attribute("aria-live") == "off"
        thing.get_by_role("button", name="pause").click()
        clock.run_for(60_000)
        assert places.count() == 2 and live.get_attribute("aria-live") == "polite"
        thing.get_by_role("button", name="run").click()
        clock.run_for(60_000)
        assert places.count() == 6 and told(thing)[:2] == (1, 2)
        thing.get_by_role("button", name="run").click()  # once more, from the first place on
        assert places.count() == 1 and told(thing)[:2] == (0, 0)


def test_without_motion_the_map_is_there_at_once(browser, tmp_path, picture):
    with played(browser, slide(EDGES, picture), tmp_path, reduced_motion="reduce") as thing:
        thing.get_by_role("button", name="run").click()
        assert thing.locator(".map rect").count() == 900
        assert told(thing)[:2] == (29, 29)


def test_without_scripts_the_figure_shows_the_products_and_the_map(browser, tmp_path, picture):
    page = written(slide(EDGES, picture), tmp_path)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    [total] = read(opened.locator(".total").text_content())
    assert abs(total) == pytest.approx(convolved(EDGES, picture).abs().max().item(), abs=1e-3)
    assert grid(opened, "products").sum().item() == pytest.approx(total, abs=0.05)
    paths = opened.locator(".map path")
    drawn = sum(paths.nth(index).get_attribute("d").count("M") for index in range(paths.count()))
    assert 300 < drawn <= 900 and not opened.get_by_role("button").count()
    assert not opened.locator("[tabindex]").count()
    context.close()


def test_equal_pixels_and_zeros_are_shown(browser, tmp_path):
    with played(browser, slide(torch.zeros(2, 2), torch.full((3, 3), 7.0)), tmp_path) as thing:
        assert told(thing) == (0, 0, 0.0)
        assert grid(thing, "patch").tolist() == [7.0] * 4


def test_nothing_of_pytorch_is_touched(picture):
    layer = torch.nn.Conv2d(1, 6, 5)
    state = torch.get_rng_state()
    slide({f"conv1.weight[{index}, 0]": layer.weight[index, 0] for index in range(6)}, picture)
    assert torch.equal(state, torch.get_rng_state()) and torch.is_grad_enabled()
    assert layer.weight.grad is None and layer.weight.requires_grad


@pytest.mark.parametrize(
    ("kernels", "picture", "message"),
    [
        (EDGES, torch.zeros(1, 28, 28), r"needs a picture of H×W, but its shape is \(1, 28, 28\); take one channel"),
        (EDGES, torch.zeros(33, 20), r"up to 32×32 pixels, but its shape is \(33, 20\); cut it or make it smaller"),
        ({}, torch.zeros(5, 5), "was given no kernel; give it a tensor, or a dict"),
        ({"a": torch.ones(6, 1, 5, 5)}, torch.zeros(8, 8), r'shape of "a" is \(6, 1, 5, 5\); take one channel of one'),
        ({"a": EDGES, "b": torch.ones(1, 3)}, torch.zeros(8, 8), r'2×2 to 5×5, but the shape of "b" is \(1, 3\)'),
        (torch.ones(6, 3), torch.zeros(8, 8), r'2×2 to 5×5, but the shape of "kernel" is \(6, 3\)'),
        (EDGES, torch.zeros(5, 2), r'"kernel" of shape \(3, 3\) does not fit into a picture of shape \(5, 2\); take a'),
        (EDGES, torch.full((4, 4), torch.nan), r"slide was given a number that cannot be shown, at picture\[0\]\[0\]"),
        (EDGES / 0, torch.ones(4, 4), r"slide was given a number that cannot be shown, at kernels\[0\]"),
    ],
)
def test_what_cannot_be_shown_is_refused(kernels, picture, message):
    with pytest.raises(ValueError, match=message):
        slide(kernels, picture)
