"""Forward and backward through a graph: its numbers are those of loss.backward(), and its drawing is clear."""

from __future__ import annotations

import itertools
import json
import re

import pytest
import torch
import torch.nn.functional as F

from exploring import played, written
from torchhour.explore.forward_backward import forward_backward

PHONE = {"has_touch": True, "viewport": {"width": 390, "height": 800}}


def number(value: float, **options) -> torch.Tensor:
    return torch.tensor(value, **options)


def line():
    x, y = number(3.0), number(10.0)
    w, b = number(2.0, requires_grad=True), number(1.0, requires_grad=True)
    product = w * x
    prediction = product + b
    error = prediction - y
    return error**2, {"w": w, "b": b, "product": product, "prediction": prediction, "error": error, "x": x, "y": y}


def vectors():
    a = torch.tensor([2.0, -3.5], requires_grad=True)
    b = torch.tensor([6.0, 4.0], requires_grad=True)
    power, square = a**3, b**2
    product = 3 * power
    Q = product - square
    return Q.sum(), {"a": a, "b": b, "power": power, "square": square, "product": product, "Q": Q}


def shared():
    """The weight is used twice, and so is what was computed from it."""
    w, b = number(0.7, requires_grad=True), number(-0.2, requires_grad=True)
    product = w * number(1.3)
    h = product.tanh()
    again = h * w
    both = again + h
    out = both + b
    return out.sigmoid(), {"w": w, "b": b, "product": product, "h": h, "again": again, "both": both, "out": out}


def network():
    data = torch.Generator().manual_seed(0)
    X, target = torch.randn(8, 3, generator=data), torch.randn(8, 1, generator=data)
    W1, W2 = (torch.randn(*shape, generator=data, requires_grad=True) for shape in ((3, 10), (10, 1)))
    b1, b2 = torch.zeros(10, requires_grad=True), torch.zeros(1, requires_grad=True)
    hidden = (X @ W1 + b1).relu()
    predicted = hidden @ W2 + b2
    return F.mse_loss(predicted, target), {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "hidden": hidden, "X": X}


def chain():
    """As many functions as are shown, in a row."""
    a = number(0.5, requires_grad=True)
    tensors = {"a": a}
    for index in range(12):
        tensors[f"s{index}"] = a = a.sin()
    return a.sin(), tensors


def fan():
    """Each of four values meets every other one."""
    values = [torch.tensor([0.1234 * one, -1.5], requires_grad=True) for one in range(1, 5)]
    return (values[0] * values[1] + values[2] * values[3] * values[0]).sum(), dict(zip("abcd", values, strict=True))


CASES = {case.__name__: case for case in (line, vectors, shared, network, chain, fan)}


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def expected(case) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """The value and the gradient of each tensor, by loss.backward() on a graph of its own."""
    loss, names = case()
    tensors = {"loss": loss} | {name: tensor for name, tensor in names.items() if tensor.requires_grad}
    for tensor in tensors.values():
        tensor.retain_grad()
    loss.backward()
    return {name: (tensor.detach(), tensor.grad) for name, tensor in tensors.items()}


def check(said: str, tensor: torch.Tensor) -> None:
    """What is said is the tensor, as a number, a list, or a shape."""
    if "×" in said:
        assert said == "×".join(map(str, tensor.shape))
    elif said.startswith("("):
        assert said == f"({tensor.numel()},)"
    else:
        found = json.loads(re.sub("−", "-", said))
        torch.testing.assert_close(torch.tensor(found, dtype=tensor.dtype), tensor, rtol=5e-3, atol=1e-12)


def told(thing) -> str:
    return thing.locator("[data-shows=numbers]").inner_text()


def step(thing, times: int = 1) -> None:
    for _ in range(times):
        thing.get_by_role("button", name="one step", exact=True).click()


@pytest.mark.everyday(2)
def test_each_step_says_the_values_and_gradients_of_backward(browser, tmp_path, case):
    truth = expected(case)
    loss, names = case()
    with played(browser, forward_backward(loss, **names), tmp_path) as thing:
        count = thing.locator(".node").count()
        said = []
        for _ in range(2 * count):
            step(thing)
            said.append(told(thing))
        assert thing.get_by_role("button", name="one step", exact=True).is_disabled()
    pairs = [text.split(": ", 1)[1].removeprefix("gradient of ").split(" = ") for text in said]
    assert all(text.startswith("forward: ") for text in said[:count])
    assert all(text.startswith("backward: gradient of ") for text in said[count:])
    assert pairs[count - 1][0] == pairs[count][0] == "loss" and pairs[count][1].strip("[]") == "1"
    assert [pair[0] for pair in pairs[count:]] == [pair[0] for pair in reversed(pairs[:count])]
    values, gradients = (
        {pair[0]: pair[1] for pair in part if pair[0] in truth} for part in (pairs[:count], pairs[count:])
    )
    assert values.keys() == gradients.keys() == truth.keys()
    for name, value in values.items():
        check(value, truth[name][0])
        check(gradients[name], truth[name][1])


@pytest.mark.everyday(2)
def test_the_boxes_show_the_same_at_the_end(browser, tmp_path, case):
    loss, names = case()
    made = forward_backward(loss, **names)
    with played(browser, made, tmp_path) as thing:
        step(thing, 2 * len(made.data["nodes"]))
        for node, box in zip(made.data["nodes"], thing.locator(".node").all(), strict=True):
            assert box.locator(".name").text_content() == node["name"]
            for part in ("value", "gradient"):
                shown = [text.text_content() for text in box.locator(f".{part}").all() if text.is_visible()]
                assert shown == [node[part]] * bool(node[part])


def test_unnamed_results_show_what_a_function_has_kept(case):
    """Every value that is shown is right, wherever it was found, and every gradient is there."""
    loss, names = case()
    truth = expected(case)
    leaves = {name: tensor for name, tensor in names.items() if tensor.is_leaf}
    without = forward_backward(loss, **leaves).data["nodes"]
    for node, same in zip(without, forward_backward(loss, **names).data["nodes"], strict=True):
        assert node["gradient"] == same["gradient"] != ""
        assert node["value"] in ("", same["value"])
    assert {node["name"] for node in without} & set(truth) == {"loss"} | set(leaves) & set(truth)
    if case is line:
        assert [node["value"] for node in without] == ["2", "", "1", "", "−3", "9"]
        assert [node["name"] for node in without] == ["w", "Mul", "b", "Add", "Sub", "loss"]


def test_values_appear_forward_and_gradients_backward(browser, tmp_path):
    loss, names = shared()
    made = forward_backward(loss, **names)
    count = len(made.data["nodes"])
    with played(browser, made, tmp_path) as thing:
        assert told(thing).startswith("forward up to the loss")
        for at in range(2 * count + 1):
            seen = [[part.is_visible() for part in thing.locator(f".{name}").all()] for name in ("value", "gradient")]
            assert seen[0] == [index < at for index in range(count)]
            assert seen[1] == [index >= 2 * count - at for index in range(count)]
            for edge in thing.locator(".edge").all():
                begin, end = (int(edge.get_attribute(f"data-{name}")) for name in ("from", "to"))
                assert begin < end
                assert (edge.locator(".forth").get_attribute("opacity") == "1") == (end < at)
                back = edge.locator(".back")
                assert (back.get_attribute("visibility") == "visible") == (begin >= 2 * count - at)
            if at < 2 * count:
                step(thing)
        thing.get_by_role("button", name="one step back").click()
        assert told(thing).startswith("backward: gradient of product = ")


def test_a_tensor_used_twice_gets_the_sum_of_its_gradients(browser, tmp_path):
    x = number(3.0, requires_grad=True)
    one, other = 2 * x, x.exp()
    made = forward_backward(one + other, x=x)
    assert made.data["nodes"][0] == {"name": "x", "value": "3", "gradient": f"{2 + number(3.0).exp():.4g}"}
    with played(browser, made, tmp_path) as thing:
        assert thing.locator(".edge[data-from='0']").count() == 2
    twice = forward_backward(x * x, x=x)
    assert [node["gradient"] for node in twice.data["nodes"]] == ["6", "1"]


def test_inputs_without_a_gradient_stand_beside_what_kept_them():
    loss, names = line()
    w, x, v = number(2.0, requires_grad=True), number(3.0), number(3.0)
    figure = forward_backward(loss, **names).figure
    assert re.findall(r">([^<>]*x = 3)<", figure) == ["Mul, x = 3"]
    assert "y =" not in figure
    assert "v =" not in forward_backward(w * x, w=w, v=v).figure  # equal, but another tensor
    assert ">Mul<" in forward_backward((w * x).exp(), w=w).figure


def test_results_of_which_several_are_used_are_left_out():
    a = torch.tensor([2.0, 5.0], requires_grad=True)
    one, other = a.unbind()
    made = forward_backward(one * other, a=a, one=one)
    shown = {node["name"]: (node["value"], node["gradient"]) for node in made.data["nodes"]}
    assert shown == {"a": ("[2, 5]", "[5, 2]"), "Unbind": ("", ""), "loss": ("10", "1")}
    second = forward_backward(other**2, a=a).data["nodes"]
    assert [node["gradient"] for node in second] == ["[0, 10]", "10", "1"]


def test_of_two_results_that_a_function_has_kept_the_one_that_is_used_is_shown():
    m = torch.tensor([[2.0, 1.0], [0.0, 3.0]], requires_grad=True)
    for result in torch.linalg.qr(m):
        node = forward_backward(result.sum(), m=m).data["nodes"][1]
        assert node["name"] == "LinalgQr" and "−0" not in node["value"]
        check(node["value"], result.detach())


def test_what_has_no_number_is_stepped_through_all_the_same(browser, tmp_path):
    a = torch.tensor([2.0, 5.0], requires_grad=True)
    one, other = a.unbind()
    with played(browser, forward_backward(one * other, a=a), tmp_path) as thing:
        step(thing, 2)
        assert told(thing) == "forward: Unbind"
        step(thing, 3)
        assert told(thing) == "backward: Unbind"


def test_nothing_of_pytorch_is_touched():
    loss, names = line()
    w, prediction = names["w"], names["prediction"]
    w.grad = before = number(7.0)
    prediction.retain_grad()
    loss.retain_grad()
    state = torch.get_rng_state()
    forward_backward(loss, **names)
    assert w.grad is before and w.grad == 7 and names["b"].grad is None
    assert prediction.grad is None and loss.grad is None
    assert torch.equal(state, torch.get_rng_state()) and torch.is_grad_enabled()
    loss.backward()
    assert w.grad == 7 - 18 and prediction.grad == -6 and loss.grad == 1


def test_many_numbers_are_a_shape_and_few_are_written_out():
    m = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    [leaf, _, _] = forward_backward((m**2).sum(), m=m).data["nodes"]
    assert leaf["value"] == "[[1, 2], [3, 4]]" and leaf["gradient"] == "[[2, 4], [6, 8]]"
    loss, names = network()
    shown = {node["name"]: node["value"] for node in forward_backward(loss, **names).data["nodes"]}
    assert (shown["W1"], shown["b1"], shown["b2"]) == ("3×10", "(10,)", "[0]")
    assert "X = 8×3" in forward_backward(loss, **names).figure


def test_where_numbers_are_too_wide_for_a_phone_shapes_are_shown():
    loss, names = fan()
    made = forward_backward(loss, **names)
    assert {node["value"] for node in made.data["nodes"]} <= {"(2,)", "", made.data["nodes"][-1]["value"]}
    assert 'viewBox="0 0 480 ' in made.figure


@pytest.mark.everyday(2)
def test_the_drawing_is_clear(browser, tmp_path, case):
    """No box upon another, no way through a box of others, all words in their boxes, all in the figure."""
    loss, names = case()
    with played(browser, forward_backward(loss, **names), tmp_path) as thing:
        inside = """(one, other) => other.x >= one.x - 1 && other.x + other.width <= one.x + one.width + 1
            && other.y >= one.y - 1 && other.y + other.height <= one.y + one.height + 1"""
        found = thing.locator("svg").evaluate(
            f"""svg => {{
              const inside = {inside}, whole = svg.viewBox.baseVal, areas = [], faults = [];
              for (const box of svg.querySelectorAll(".node")) {{
                const area = box.querySelector(".border").getBBox();
                areas.push([area.x, area.y, area.width, area.height]);
                if (!inside(whole, area)) faults.push("outside");
                for (const text of box.querySelectorAll("text"))
                  if (!inside(area, text.getBBox())) faults.push(text.textContent);
              }}
              const lines = [...svg.querySelectorAll(".edge")].map(edge => [
                edge.dataset, [...edge.querySelectorAll("path[stroke]")].flatMap(path => Array.from({{ length: 99 }},
                  (_, at) => path.getPointAtLength(path.getTotalLength() * at / 98)).map(({{ x, y }}) => [x, y])),
              ]);
              return [areas, lines, faults];
            }}"""
        )
    areas, lines, faults = found
    assert faults == []
    for (x, y, width, height), (x2, y2, width2, height2) in itertools.combinations(areas, 2):
        assert x + width < x2 or x2 + width2 < x or y + height < y2 or y2 + height2 < y
    for ends, points in lines:
        others = [area for index, area in enumerate(areas) if str(index) not in (ends["from"], ends["to"])]
        for (px, py), (x, y, width, height) in itertools.product(points, others):
            assert not (x < px < x + width and y < py < y + height)
        top, below = areas[int(ends["from"])], areas[int(ends["to"])]
        assert all(top[1] + top[3] - 1 <= py <= below[1] + 1 for _, py in points)
        for px, py in points:
            if abs(py - below[1]) < 1:
                assert below[0] < px < below[0] + below[2]


def test_by_keyboard_alone(browser, tmp_path):
    loss, names = line()
    with played(browser, forward_backward(loss, **names), tmp_path, from_disk=True) as thing:
        keyboard = thing.page.keyboard
        keyboard.press("Tab")  # one step; there is none back yet
        keyboard.press("Enter")
        keyboard.press("Enter")
        assert told(thing) == "forward: product = 6"
        keyboard.press("Shift+Tab")
        keyboard.press("Space")
        assert told(thing) == "forward: w = 2"


@pytest.mark.everyday(2)
def test_by_touch(browser, tmp_path, case):
    loss, names = case()
    with played(browser, forward_backward(loss, **names), tmp_path, **PHONE) as thing:
        thing.get_by_role("button", name="one step", exact=True).tap()
        assert told(thing).startswith("forward: ")
        assert thing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for text in thing.locator(".node text").all():
            assert text.bounding_box()["height"] > 9


def test_a_run_goes_on_by_itself_and_can_pause(browser, tmp_path):
    loss, names = line()
    with played(browser, forward_backward(loss, **names), tmp_path) as thing:
        clock = thing.page.clock
        clock.install(time=0)
        thing.page.reload()
        clock.pause_at(60_000)
        thing.get_by_role("button", name="run").click()
        assert told(thing) == "forward: w = 2"
        thing.get_by_role("button", name="pause").click()
        clock.run_for(60_000)
        assert told(thing) == "forward: w = 2"
        thing.get_by_role("button", name="run").click()
        clock.run_for(60_000)
        assert told(thing) == "backward: gradient of w = −18"
        thing.get_by_role("button", name="run").click()  # once more, from the beginning
        assert told(thing) == "forward: w = 2"
        step(thing)  # by hand from here on
        clock.run_for(60_000)
        assert told(thing) == "forward: product = 6"


def test_without_motion_the_end_is_there_at_once(browser, tmp_path):
    loss, names = line()
    with played(browser, forward_backward(loss, **names), tmp_path, reduced_motion="reduce") as thing:
        thing.get_by_role("button", name="run").click()
        assert told(thing) == "backward: gradient of w = −18"


def test_without_scripts_the_figure_shows_all_numbers(browser, tmp_path):
    loss, names = line()
    page = written(forward_backward(loss, **names), tmp_path)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    shown = [[text.text_content() for text in opened.locator(f".{part}").all()] for part in ("value", "gradient")]
    assert shown == [["2", "6", "1", "7", "−3", "9"], ["−18", "−6", "−6", "−6", "−6", "1"]]
    assert all(part.is_visible() for part in opened.locator(".gradient, .back").all())
    assert not opened.get_by_role("button").count()
    context.close()


def long_graph():
    a = number(1.0, requires_grad=True)
    for _ in range(14):
        a = a.sin()
    return a


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda: torch.ones(2, requires_grad=True) * 2, r"loss with one number, but its shape is \(2,\); take its sum"),
        (lambda: number(1.0), r"no grad_fn, so there is no graph behind it; compute it from a tensor with requires_gr"),
        (lambda: number(1.0, requires_grad=True), "no grad_fn"),
        (long_graph, r"up to 14 functions, but behind this loss are 15; take a smaller example, or draw it with"),
        (lambda: number(0.0, requires_grad=True).log(), r"that cannot be shown, in loss; look for a division by zero"),
        (lambda: number(0.0, requires_grad=True).sqrt() * 1, r"be shown, in the gradient of AccumulateGrad; look for"),
    ],
)
def test_what_cannot_be_shown_is_refused(loss, message):
    with pytest.raises(ValueError, match=message):
        forward_backward(loss())


def test_a_graph_that_backward_has_freed_is_refused():
    loss, names = line()
    prediction = names["prediction"]
    prediction.retain_grad()
    loss.backward()
    before = prediction.grad
    with pytest.raises(RuntimeError, match="Specify retain_graph=True"):
        forward_backward(loss, **names)
    assert prediction.grad is before
