"""A training to step through: its numbers are PyTorch's, and it goes on as if nobody watched."""

from __future__ import annotations

import copy
import gzip
import math
import re
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from exploring import played, written
from sphinx_polyglot.check.figure_words import FigureWords
from sphinx_polyglot.pages.things import translated
from torchhour.data.digits import digits
from torchhour.explore.record import Moment
from torchhour.explore.replay import Record, chosen, replay
from torchhour.explore.replay_figure import painted


class LeNet(nn.Module):
    """The network of lesson 30."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(16 * 5 * 5, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(F.relu(self.fc2(x)))


def forgetful() -> nn.Module:
    """A network that draws random numbers, and counts what it has seen; a part of it does not train."""
    layers = (
        nn.Conv2d(1, 4, 3, stride=2),
        nn.BatchNorm2d(4),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(4 * 15 * 15, 10),
    )
    network = nn.Sequential(*layers)
    network[1].eval()
    return network


def small(classes: int = 2, channels: int = 1, side: int = 4) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * side * side, classes))


def wandering(steps: int, keep: int = 24, classes=None, count: int = 2, **shape) -> Record:
    """A record of a network whose parameters go anywhere."""
    torch.manual_seed(0)
    network, images = small(count, **shape), torch.rand(40, *_sizes(**shape))
    record = Record(network, images, torch.arange(40) % count, classes, keep)
    for step in range(steps):
        with torch.no_grad():
            network[1].weight += 0.3 * torch.randn_like(network[1].weight)
        record.note(1 / (step + 1))
    return record


def _sizes(channels: int = 1, side: int = 4) -> tuple[int, int, int]:
    return channels, side, side


def train(network, steps, note=lambda loss: None, rate=0.1):
    """A small training on digits."""
    pictures = digits(train=True)
    optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9)
    for _ in range(steps):
        drawn = torch.randint(len(pictures), (32,))
        loss = F.cross_entropy(network(pictures.images[drawn]), pictures.labels[drawn])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        note(loss)


@pytest.fixture(scope="module")
def lenet():
    """A record of LeNet on digits, and a copy of the network after each step, with its loss."""
    torch.manual_seed(0)
    network, pictures, copies = LeNet(), digits(train=False), []
    record = Record(network, pictures.images, pictures.labels, keep=8)

    def note(loss):
        record.note(loss)
        copies.append((copy.deepcopy(network).eval(), loss.item()))

    train(network, 75, note)
    return record, copies, pictures


def shown(thing) -> dict:
    """What the thing shows now."""

    def texts(selector):
        return thing.locator(selector).evaluate_all("them => them.map(it => it.textContent)")

    marks = thing.locator(".mark").evaluate_all("them => them.map(it => it.getAttribute('d'))")
    return {
        "told": thing.locator("[data-shows=numbers]").inner_text(),
        "counts": [int(title.rsplit(": ")[1]) for title in texts(".cell title")],
        "guesses": texts(".guess"),
        "chances": [int(chance.removesuffix("%")) for chance in texts(".chance")],
        "right": [mark.count("M") == 1 for mark in marks],
    }


def test_each_moment_shows_what_the_network_made_of_the_pictures_then(browser, tmp_path, lenet):
    record, copies, pictures = lenet
    made = replay(record)
    seen = chosen(record.moments(), pictures.labels)
    with played(browser, made, tmp_path) as thing:
        for index, step in enumerate(made.data["steps"]):
            thing.locator("input").fill(str(index))
            network, loss = copies[step - 1]
            with torch.no_grad():
                logits = network(pictures.images)
            predictions = logits.argmax(dim=1)
            counts = torch.zeros(10, 10, dtype=int)
            for label, prediction in zip(pictures.labels, predictions, strict=True):
                counts[label, prediction] += 1
            accuracy = counts.trace().item() / len(pictures)
            now = shown(thing)
            assert now["told"] == f"step {step}: loss = {float(f'{loss:.3g}'):g}, accuracy = {accuracy:.1%}"
            assert now["counts"] == counts.flatten().tolist()
            assert now["guesses"] == [str(predictions[number].item()) for number in seen]
            probabilities = [100 * logits[number].softmax(0).max().item() for number in seen]
            assert now["chances"] == pytest.approx(probabilities, abs=0.51)
            assert now["right"] == [bool(predictions[number] == pictures.labels[number]) for number in seen]
    assert [made.data["steps"][0], made.data["steps"][-1]] == [1, 75] and len(set(made.data["accuracy"])) > 3


def test_the_most_common_mistake_is_told(browser, tmp_path, lenet):
    made = replay(lenet[0])
    with played(browser, made, tmp_path) as thing:
        for index, flat in enumerate(made.data["confusion"]):
            thing.locator("input").fill(str(index))
            counts = torch.tensor(flat).view(10, 10).fill_diagonal_(0)
            label, prediction = divmod(counts.argmax().item(), 10)
            told = f"most common mistake: {label} taken for {prediction} ({counts.max().item()}×)"
            if counts.max() == 1:
                told = f"each mistake only once, such as {label} taken for {prediction}"
            assert thing.locator("[data-shows=mistake]").inner_text() == told


def test_the_more_of_a_label_the_stronger_the_cell(browser, tmp_path, lenet):
    made = replay(lenet[0])
    with played(browser, made, tmp_path) as thing:
        for index in (0, len(made.data["steps"]) - 1):
            thing.locator("input").fill(str(index))
            shades = thing.locator(".cell").evaluate_all("them => them.map(it => +it.getAttribute('fill-opacity'))")
            counts = torch.tensor(made.data["confusion"][index]).view(10, 10).double()
            shares = counts / counts.sum(dim=1, keepdim=True)
            assert torch.allclose(torch.tensor(shades).view(10, 10) > 0, counts > 0)
            order = shares.flatten().argsort()
            assert (torch.tensor(shades)[order].diff() > -0.01).all() and max(shades) <= 1


def test_whoever_hears_the_page_is_told_the_counts_of_each_label(browser, tmp_path, lenet):
    made = replay(lenet[0])
    with played(browser, made, tmp_path) as thing:
        for index in (0, len(made.data["steps"]) - 1):
            thing.locator("input").fill(str(index))
            rows = torch.tensor(made.data["confusion"][index]).view(10, 10).tolist()
            for label, counts in enumerate(rows):
                told = ", ".join(f"{label} → {guess}: {count}" for guess, count in enumerate(counts) if count)
                assert thing.get_by_role("img", name=told, exact=True).count() == 1, told


def test_the_script_starts_with_what_the_figure_shows(browser, tmp_path, lenet):
    made = replay(lenet[0])
    with played(browser, made, tmp_path) as thing:
        started = thing.locator("svg").evaluate("it => it.outerHTML")
        shades = thing.locator(".cell").evaluate_all("them => them.map(it => +it.getAttribute('fill-opacity'))")
    page = written(made, tmp_path)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    plain = opened.locator("svg").evaluate("it => it.outerHTML")
    drawn = opened.locator(".cell").evaluate_all("them => them.map(it => +it.getAttribute('fill-opacity'))")
    assert not opened.get_by_role("button").count() and not opened.get_by_role("slider").count()
    context.close()
    assert _without_style(started) == _without_style(plain) and shades == pytest.approx(drawn, abs=0.006)


def _without_style(svg: str) -> list[str]:
    """A drawing's words and shapes, without the shades and colors, which are numbers and names of the page."""
    return re.findall(r'>([^<]+)<| (?:d|cx|cy|x|y|transform)="([^"]*)"', svg)


def test_the_dots_lie_on_the_curves(browser, tmp_path, lenet):
    made = replay(lenet[0])
    with played(browser, made, tmp_path) as thing:
        for index in (0, 3, len(made.data["steps"]) - 1):
            thing.locator("input").fill(str(index))
            for dot, curve in ((".loss", ".losses"), (".accuracy", ".accuracies")):
                here = thing.locator(dot).evaluate("it => [+it.getAttribute('cx'), +it.getAttribute('cy')]")
                points = thing.locator(curve).evaluate("it => [...it.points].map(point => [point.x, point.y])")
                assert min(math.dist(here, point) for point in points) < 0.2
            line = thing.locator(".now").evaluate("it => it.transform.baseVal[0].matrix.e")
            assert math.isclose(line, here[0], abs_tol=0.01)


def test_later_is_to_the_right_and_more_is_higher(lenet):
    data = replay(lenet[0]).data
    across, *tops = zip(*data["places"], strict=True)
    assert sorted(set(across)) == list(across)
    for values, top in zip((data["loss"], data["accuracy"]), tops, strict=True):
        least, most = values.index(min(values)), values.index(max(values))
        assert top[most] == min(top) < top[least] == max(top)


@pytest.mark.parametrize("make", [LeNet, forgetful])
def test_the_training_is_the_same_to_the_bit(make):
    def trained(watched: bool):
        torch.manual_seed(3)
        network, pictures = make(), digits(train=False)
        record = Record(network, pictures.images[:50], pictures.labels[:50], keep=4)
        train(network, 30, record.note if watched else lambda loss: None, rate=0.01)
        if watched:
            replay(record)
        gradients = [parameter.grad for parameter in network.parameters()]
        modes = [module.training for module in network.modules()]
        hooks = [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in network.modules()]
        return [*network.state_dict().values(), *gradients, torch.get_rng_state()], (modes, hooks)

    plain, flags = trained(False)
    watched, watched_flags = trained(True)
    assert all(map(torch.equal, plain, watched)) and flags == watched_flags
    assert torch.is_grad_enabled() and torch.get_default_dtype() is torch.float32


def test_random_numbers_of_a_network_that_draws_some_even_when_tested_go_on():
    class Noisy(nn.Module):
        def forward(self, x):
            return x.flatten(1) + torch.rand(2)

    torch.manual_seed(0)
    before = torch.get_rng_state()
    record = Record(Noisy(), torch.rand(4, 1, 1, 2, generator=torch.Generator()), torch.tensor([0, 1, 0, 1]))
    record.note(1.0)
    record.note(1.0)
    replay(record)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("keep", [2, 3, 8, 24])
@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 9, 23, 24, 25, 100, 300])
def test_the_moments_are_few_and_spread_from_the_first_to_the_last(keep, steps):
    found = [moment.step for moment in wandering(steps, keep).moments()]
    gaps = [after - before for before, after in zip(found, found[1:], strict=False)]
    assert found[0] == 1 and found[-1] == steps
    assert min(keep, steps) / 2 <= len(found) <= keep
    assert len(set(gaps[:-1])) <= 1 and (len(gaps) < 2 or 0 < gaps[-1] <= gaps[0])


def test_each_moment_and_the_last_are_of_their_own_step_whatever_comes_after():
    torch.manual_seed(0)
    network, images, labels = small(), torch.rand(20, 1, 4, 4), torch.arange(20) % 2
    record, wanted = Record(network, images, labels, keep=3), []
    for step in range(6):
        nn.init.normal_(network[1].weight, std=3)
        record.note(step)
        wanted.append(network(images).softmax(dim=1).amax(dim=1).detach())
    nn.init.zeros_(network[1].weight)
    for moment in record.moments():
        assert torch.equal(moment.probabilities, wanted[moment.step - 1]) and moment.loss == moment.step - 1
    assert [moment.step for moment in record.moments()][-1] == 6
    assert not network[1].weight.any() and network.training


def test_a_record_may_be_replayed_in_between():
    record = wandering(10, keep=4)
    replay(record)
    for _ in range(10):
        record.note(0.5)
    assert replay(record).data["steps"] == [moment.step for moment in wandering(20, keep=4).moments()]


def test_the_loss_of_the_loop_is_taken_without_a_word():
    record = Record(small(), torch.rand(2, 1, 4, 4), torch.tensor([0, 1]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record.note(torch.tensor(0.25, requires_grad=True) * 1)
        record.note(torch.tensor([0.5]))
        record.note(0.75)
    assert record.losses == [0.25, 0.5, 0.75]


def test_pictures_go_from_easy_to_hard_and_are_of_many_classes():
    labels = torch.arange(40) % 10
    moments = []
    for step in range(40):  # the later a picture is in the row, the later it is right
        predictions = torch.where(torch.arange(40) <= step, labels, (labels + 1) % 10)
        moments.append(Moment(step + 1, 0.5, 0.5, torch.eye(10), predictions, torch.ones(40)))
    found = chosen(moments, labels)
    assert found == sorted(found) and len(set(labels[found].tolist())) == 8
    assert found[0] < 5 and found[-1] == 39
    assert len(set(chosen(moments, labels % 2))) == 8 and chosen(moments, labels, count=99) == list(range(40))


def test_class_names_are_words_of_the_page_and_digits_are_not():
    text = replay(wandering(3, classes=["cat", "dog"]))._repr_html_()
    said = translated(text, FigureWords({"cat": {"zh": "猫"}, "dog": {"zh": "狗"}}), "zh")
    assert '<span data-word="0">猫</span>' in said and "猫 → 狗: " in said and ">cat<" not in said
    assert '<span data-word="1">1</span>' in replay(wandering(3))._repr_html_()


def test_names_are_shown_with_the_pictures(browser, tmp_path):
    made = replay(wandering(5, classes=["<b> & co", "dog"]))
    with played(browser, made, tmp_path) as thing:
        names = [["<b> & co", "dog"][prediction] for prediction in made.data["predictions"][-1]]
        assert shown(thing)["guesses"] == names
        told = [title.split(": ")[0] for title in thing.locator(".cell title").all_text_contents()]
        assert told == ["<b> & co → <b> & co", "<b> & co → dog", "dog → <b> & co", "dog → dog"]


def test_without_mistakes_there_is_none_to_tell(browser, tmp_path):
    record = Record(nn.Flatten(), torch.eye(2).view(2, 1, 1, 2), torch.tensor([0, 1]))
    record.note(0.1)
    with played(browser, replay(record), tmp_path) as thing:
        assert thing.locator("[data-shows=mistake]").inner_text() == "no mistakes"
        for name in ("back", "forward", "run"):
            assert thing.get_by_role("button", name=name).is_disabled()


def test_pictures_are_painted_from_their_smallest_to_their_largest_number():
    gray = painted(torch.tensor([[[-3.0, 5.0], [1.0, 1.0]]]))
    assert gray.tolist() == [[0.0, 1.0], [0.5, 0.5]]
    colour = torch.zeros(3, 2, 5)
    colour[2, 1, 4] = 8
    assert painted(colour).shape == (2, 5, 3) and painted(colour)[1, 4].tolist() == [0, 0, 255]
    assert painted(torch.rand(3, 200, 100)).shape == (48, 24, 3)
    assert painted(torch.full((1, 3, 3), 0.7)).tolist() == [[0.0] * 3] * 3


def test_a_large_training_takes_little_room():
    record = wandering(1200, classes=["automobile"] * 10, count=10, channels=3, side=32)
    moments = record.moments()
    assert 12 <= len(moments) <= 24
    record.moments = lambda: (moments * 2)[:24]  # as many as there can be
    assert len(gzip.compress(replay(record)._repr_html_().encode())) <= 40_000


def test_by_keyboard_alone(browser, tmp_path, lenet):
    steps = replay(lenet[0]).data["steps"]
    with played(browser, replay(lenet[0]), tmp_path, from_disk=True) as thing:
        press = thing.page.keyboard.press
        press("Tab")
        press("Home")
        assert f"step {steps[0]}:" in shown(thing)["told"]
        press("ArrowRight")
        assert f"step {steps[1]}:" in shown(thing)["told"]
        assert thing.locator("input").get_attribute("aria-valuetext") == str(steps[1])
        press("Tab")
        press("Tab")
        press("Enter")
        press("Space")
        assert f"step {steps[3]}:" in shown(thing)["told"]
        press("Shift+Tab")
        press("Enter")
        assert f"step {steps[2]}:" in shown(thing)["told"]
        assert thing.locator("[data-shows=step]").inner_text() == str(steps[2])


def test_by_touch_on_a_phone(browser, tmp_path):
    made = replay(wandering(20, classes=["automobile", "airplane"]))
    with played(browser, made, tmp_path, has_touch=True, viewport={"width": 390, "height": 800}) as thing:
        thing.get_by_role("button", name="back").tap()
        assert "step 19:" in shown(thing)["told"]
        thing.get_by_role("button", name="forward").tap()
        assert "step 20:" in shown(thing)["told"]
        assert thing.get_by_role("button", name="forward").is_disabled()
        assert thing.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_run_goes_from_the_first_moment_to_the_last_and_can_be_held(browser, tmp_path):
    with played(browser, replay(wandering(4)), tmp_path) as thing:
        clock, run = thing.page.clock, thing.get_by_role("button", name="run")
        clock.install(time="2026-01-01")
        clock.pause_at("2026-01-02")  # time goes on when the test says so
        assert "step 4:" in shown(thing)["told"]
        run.click()
        for step in (1, 2, 3, 4):
            assert f"step {step}:" in shown(thing)["told"]
            clock.run_for(500)
        assert run.is_visible()
        run.click()
        thing.get_by_role("button", name="pause").click()
        clock.run_for(5000)
        assert "step 1:" in shown(thing)["told"] and run.is_visible()


def test_without_motion_a_run_leads_to_the_other_end_at_once(browser, tmp_path):
    with played(browser, replay(wandering(4)), tmp_path, reduced_motion="reduce") as thing:
        for step in (1, 4):
            thing.get_by_role("button", name="run").click()
            assert f"step {step}:" in shown(thing)["told"]


IMAGES, LABELS = torch.rand(6, 1, 4, 4), torch.tensor([0, 1, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("images", "labels", "options", "fault"),
    [
        (IMAGES[0], LABELS, {}, r"pictures of 1×4×4, not N×C×H×W; of one picture, make a batch: image\[None\]"),
        (IMAGES[0, 0], LABELS, {}, "pictures of 4×4, not N×C×H×W"),
        (IMAGES.expand(6, 2, 4, 4), LABELS, {}, "pictures of 6×2×4×4; it wants N×C×H×W, where C is 1 or 3"),
        (IMAGES[:0], LABELS[:0], {}, "pictures of 0×1×4×4"),
        (IMAGES.byte(), LABELS, {}, r"torch.uint8 .* make floats: images / 255"),
        (IMAGES / 0, LABELS, {}, "not all finite"),
        (IMAGES, LABELS[:5], {}, "labels of 5 .* it wants 6 integers from 0, one a picture"),
        (IMAGES, LABELS.float(), {}, "labels of 6 and torch.float32"),
        (IMAGES, F.one_hot(LABELS), {}, "labels of 6×2"),
        (IMAGES, LABELS - 1, {}, "integers from 0"),
        (IMAGES, LABELS, {"classes": ["cat"]}, "the label 1, but 1 classes; name them all"),
        (IMAGES, LABELS, {"keep": 1}, "keep=1; .* 2 or more"),
    ],
)
def test_what_does_not_fit_is_refused(images, labels, options, fault):
    with pytest.raises(ValueError, match=f"Record was given .*{fault}"):
        Record(small(), images, labels, **options)


@pytest.mark.parametrize(
    ("network", "labels", "classes", "fault"),
    [
        (small(2), LABELS + 1, None, "made 6×2 of 6 pictures with 3 classes; Record wants logits of 6×3"),
        (small(3), LABELS, ["cat", "dog"], "made 6×3 of 6 pictures with 2 classes"),
        (nn.Identity(), LABELS, None, "made 6×1×4×4 of 6 pictures"),
    ],
)
def test_a_network_that_makes_no_logits_is_refused(network, labels, classes, fault):
    record = Record(network, IMAGES, labels, classes)
    with pytest.raises(ValueError, match=fault):
        record.note(0.5)


def test_a_record_without_moments_is_refused():
    with pytest.raises(ValueError, match=r"empty record; write record.note\(loss\) into the training loop"):
        replay(Record(small(), IMAGES, LABELS))
    with pytest.raises(ValueError, match="room for 20 classes, and the record has 21"):
        replay(wandering(1, count=21))


@pytest.mark.parametrize("loss", [math.nan, torch.tensor(math.nan), math.inf])
def test_a_loss_that_is_no_number_is_refused_with_its_step(loss):
    record = wandering(4, keep=2)
    with pytest.raises(ValueError, match="a loss of (nan|inf) at step 5; train again with a smaller learning rate"):
        record.note(loss)
    assert replay(record).data["steps"] == [1, 4]
    with pytest.raises(ValueError, match=r"a loss of 2×3; it wants one number, as loss.mean\(\) is"):
        record.note(torch.rand(2, 3))


def test_parameters_that_are_no_numbers_are_refused_with_their_step():
    record = wandering(1, keep=2)
    nn.init.constant_(record.network[1].weight, math.nan)
    record.note(0.5)
    with pytest.raises(ValueError, match="outputs that are nan or infinite at step 2; train again with a smaller"):
        replay(record)
