"""Gradient descent to play with: its numbers are PyTorch's, by keyboard, by touch, from the disk, without motion."""

from __future__ import annotations

import math
import re

import pytest
import torch

from exploring import played, written
from torchhour.explore import descend
from torchhour.explore.descend import run


def square(x):
    return x**2


def numbers(thing) -> list[float]:
    told = thing.locator("[data-shows=numbers]").inner_text().replace("−", "-")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", told)]


@pytest.mark.parametrize("rate", [0.01, 0.3, 1.05])
def test_each_step_is_that_of_pytorchs_optimizer(rate):
    x = torch.tensor(-2.0, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=rate)
    found = run(square, -2.0, rate, 10)
    for step in range(11):
        optimizer.zero_grad()
        loss = square(x)
        loss.backward()
        assert math.isclose(found["x"][step], x.item(), rel_tol=1e-5)
        assert math.isclose(found["loss"][step], loss.item(), rel_tol=1e-5)
        assert math.isclose(found["gradient"][step], x.grad.item(), rel_tol=1e-5)
        optimizer.step()


@pytest.mark.parametrize(
    ("rate", "end"), [(0.01, "creeps"), (0.3, "arrives"), (1.0, "swings"), (1.05, "bursts"), (5.0, "bursts")]
)
def test_how_a_run_ends_is_said_in_a_word(rate, end):
    assert run(square, -2.0, rate, 30)["end"] == end


def test_its_numbers_are_those_of_the_run(browser, tmp_path):
    made = descend(square)
    with played(browser, made, tmp_path) as thing:
        for index in (0, 3, 7):
            thing.locator("input").fill(str(index))
            run = made.data["runs"][index]
            for step in range(5):
                shown = [step, run["x"][step], run["loss"][step], run["gradient"][step]]
                assert numbers(thing)[:4] == pytest.approx(shown, rel=1e-3)
                thing.get_by_role("button", name="one step").click()


def test_the_ball_lies_on_the_curve(browser, tmp_path):
    with played(browser, descend(square), tmp_path) as thing:
        thing.get_by_role("button", name="one step").click()
        ball = thing.locator(".ball").evaluate(
            "ball => [Number(ball.getAttribute('cx')), Number(ball.getAttribute('cy'))]"
        )
        curve = thing.locator("polyline").nth(1).evaluate("curve => [...curve.points].map(point => [point.x, point.y])")
        assert min(math.dist(ball, point) for point in curve) < 4


def test_by_keyboard_alone(browser, tmp_path):
    with played(browser, descend(square), tmp_path, from_disk=True) as thing:
        page = thing.page
        page.keyboard.press("Tab")
        before = thing.locator("[data-shows=rate]").inner_text()
        page.keyboard.press("ArrowRight")
        assert thing.locator("[data-shows=rate]").inner_text() != before
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        assert numbers(thing)[0] == 2


def test_by_touch(browser, tmp_path):
    with played(browser, descend(square), tmp_path, has_touch=True, viewport={"width": 390, "height": 700}) as thing:
        thing.get_by_role("button", name="one step").tap()
        assert numbers(thing)[0] == 1
        assert thing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_run_goes_on_by_itself_and_without_motion_is_there_at_once(browser, tmp_path):
    with played(browser, descend(square, steps=4), tmp_path) as thing:
        thing.get_by_role("button", name="run").click()
        thing.get_by_text("step 4").wait_for()
        assert thing.get_by_role("button", name="run").is_visible()
    with played(browser, descend(square), tmp_path, reduced_motion="reduce") as thing:
        thing.get_by_role("button", name="run").click()
        assert numbers(thing)[0] == 30


def test_without_scripts_the_figure_shows_a_run(browser, tmp_path):
    page = written(descend(square), tmp_path)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    assert opened.locator(".dots circle").count() > 1 and opened.locator("svg").is_visible()
    assert not opened.get_by_role("button").count()
    context.close()


def test_a_curve_without_numbers_is_refused():
    with pytest.raises(ValueError, match=r"descend was given a number that cannot be shown, at curve\[0\]; look for"):
        descend(lambda x: x.log(), start=1.0)
    with pytest.raises(RuntimeError, match="does not require grad"):
        descend(lambda x: torch.tensor(x.item() ** 2))
