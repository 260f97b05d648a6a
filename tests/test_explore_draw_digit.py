"""A pad to draw on: the script computes what PyTorch does, prepares drawings as the pictures were, and reads them."""

from __future__ import annotations

import base64
import copy
import gzip
import io
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from exploring import played, written
from handwriting import draw
from lessons import GALLERY, dataset, real
from torchhour.data.digits import digits
from torchhour.data.sources import Pictures
from torchhour.explore.digit_figure import FULL
from torchhour.explore.draw_digit import PREPARATIONS, draw_digit
from torchhour.explore.drawing import ACCENT
from torchhour.explore.lenet import LAYERS, forward

SCANS, MNIST = "scikit-learn digits", "MNIST (TORCHHOUR_DATA)"
#: No digit of this seed was looked at while the preparation was made.
SEED = 20250
#: A phone on which the page scrolls.
SMALL = {"width": 390, "height": 500}
#: The maps of both layers.
MAPS = ".first", ".second"
ASK = """(root, asked) => asked.map(detail => {
  let found;
  root.addEventListener("torchhour-answer", event => { found = event.detail; }, { once: true });
  root.dispatchEvent(new CustomEvent("torchhour-ask", { detail }));
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, [...values]]));
})"""


def lesson_network() -> nn.Module:
    """The network of lesson 30, not trained yet."""
    [text] = re.findall(r"^class LeNet.*?(?=^\S)", (GALLERY / "30_networks.py").read_text("utf-8"), re.M | re.S)
    names = {"torch": torch, "nn": nn, "F": F}
    exec(text, names)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return names["LeNet"]()


def trained(source: str) -> nn.Module:
    """Lesson 30's network, trained as there."""
    network, train_set, threads = lesson_network(), dataset(digits, source, train=True), torch.get_num_threads()
    optimizer, order = torch.optim.Adam(network.parameters(), lr=0.002), torch.Generator().manual_seed(0)
    torch.set_num_threads(1)
    for _ in range(500):
        drawn = torch.randint(len(train_set), (64,), generator=order)
        loss = F.cross_entropy(network(train_set.images[drawn]), train_set.labels[drawn])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    return network


@dataclass
class Case:
    """A network, the digits it is tested on, and the pad made of both."""

    network: nn.Module
    pictures: Pictures

    def __post_init__(self):
        self.pad = draw_digit(self.network, self.pictures)


@pytest.fixture(scope="module")
def scans() -> Case:
    return Case(trained(SCANS), dataset(digits, SCANS, train=False))


@pytest.fixture(scope="module")
def mnist() -> Case:
    return Case(trained(MNIST), dataset(digits, MNIST, train=False))


#: On the scans every day, on MNIST before an issue is resolved.
both = pytest.mark.parametrize(
    "case",
    ["scans", pytest.param("mnist", marks=[pytest.mark.proof, *real(MNIST, "MNIST/raw").marks])],
    indirect=True,
)


@pytest.fixture
def case(request) -> Case:
    """One of the two."""
    return request.getfixturevalue(request.param)


def asked(thing, *questions: dict) -> list[dict]:
    return thing.evaluate(ASK, list(questions))


def answer(thing) -> str:
    return thing.locator("[data-shows=answer]").inner_text()


def bars(thing) -> list[str]:
    return thing.locator(".value").all_text_contents()


def pixels(address: str) -> torch.Tensor:
    """A picture of gray as bytes, H×W."""
    data = base64.b64decode(address.partition("base64,")[2])
    return torch.tensor(np.asarray(Image.open(io.BytesIO(data)).convert("L")).astype("u1"))


def seen(maps: torch.Tensor) -> torch.Tensor:
    """Maps as bytes, the largest number of all white."""
    return maps / (maps.max() or 1) * 255


def at(thing, x: float, y: float) -> tuple[float, float]:
    """A place on the pad, on the page."""
    box = thing.locator(".pad").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def mouse(thing, *strokes) -> None:
    """Draw with the mouse."""
    thing.locator(".pad").scroll_into_view_if_needed()
    for first, *others in strokes:
        thing.page.mouse.move(*at(thing, *first))
        thing.page.mouse.down()
        for point in others:
            thing.page.mouse.move(*at(thing, *point), steps=8)
        thing.page.mouse.up()


SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)], [(0.42, 0.5), (0.7, 0.48)]


@both
def test_the_script_computes_what_pytorch_does(case, browser, tmp_path):
    images = case.pictures.images[:50]
    first, second, scores = forward(case.pad.network, images)
    assert torch.equal(case.pad.network(images), scores)
    with played(browser, case.pad, tmp_path) as thing:
        found = asked(thing, *({"picture": image.flatten().tolist()} for image in images))
        shown = [[pixels(image.get_attribute("href")) for image in thing.locator(name).all()] for name in MAPS]
    for name, wanted in {"first": first, "second": second, "scores": scores}.items():
        computed = torch.tensor([one[name] for one in found])
        assert (computed - wanted.flatten(1)).abs().max() < 1e-4
    assert [max(range(10), key=one["scores"].__getitem__) for one in found] == scores.argmax(dim=1).tolist()
    for found_maps, wanted in zip(shown, (first[-1], second[-1]), strict=True):
        assert (torch.stack(found_maps) - seen(wanted)).abs().max() <= 0.51


@both
def test_the_rounded_copy_answers_as_the_network(case):
    parts = case.pictures.images.split(1000)
    with torch.no_grad():
        ours, theirs = (torch.cat([n(part).argmax(dim=1) for part in parts]) for n in (case.pad.network, case.network))
    assert (ours == theirs).float().mean() >= 0.998
    for name in LAYERS:
        weight, rounded = (getattr(n, name).weight.detach().flatten(1) for n in (case.network, case.pad.network))
        step = weight.abs().amax(dim=1, keepdim=True) / 127
        assert ((rounded - weight).abs() <= 0.501 * step).all()
        assert ((rounded / step).round() - rounded / step).abs().max() < 1e-3
        assert torch.equal(getattr(case.network, name).bias, getattr(case.pad.network, name).bias)


def test_nothing_else_of_pytorch_or_the_network_changes(scans):
    network = copy.deepcopy(scans.network).train()
    network(scans.pictures.images[:2]).sum().backward()
    network.conv1.register_forward_hook(lambda *_: None)
    network.fc1.eval()
    before = copy.deepcopy(network.state_dict()), [parameter.grad.clone() for parameter in network.parameters()]
    random_state = torch.get_rng_state()
    copied = draw_digit(network, scans.pictures).network
    assert all(torch.equal(a, b) for a, b in zip(before[0].values(), network.state_dict().values(), strict=True))
    assert all(torch.equal(a, b.grad) for a, b in zip(before[1], network.parameters(), strict=True))
    assert network.training and network.conv1.training and not network.fc1.training
    assert len(network.conv1._forward_hooks) == 1
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert torch.is_grad_enabled() and torch.equal(random_state, torch.get_rng_state())
    assert type(copied) is type(network) and not copied.training
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in copied.parameters())


def coverage(strokes, prepare: dict) -> np.ndarray:
    """What ``prepare`` in the script does, once more."""
    points = []
    for stroke in strokes:
        for start, end in zip([stroke[0], *stroke], stroke, strict=False):
            count = max(int(np.ceil(np.hypot(end[0] - start[0], end[1] - start[1]) / 0.005)), 1)
            points += [np.array(end) + (np.array(start) - np.array(end)) * part / count for part in range(count)]
    points = np.array(points)
    low, high = points.min(axis=0), points.max(axis=0)
    if prepare["ink"]:
        tall = high[1] - low[1] or 1
        ends = [
            points[points[:, 1] >= high[1] - tall / 10, 0].min(),
            points[points[:, 1] <= low[1] + tall / 10, 0].min(),
        ]
        points[:, 0] += (high[1] - points[:, 1]) * (ends[0] - ends[1]) / tall
        low, high = points.min(axis=0), points.max(axis=0)
    sides, pen, centre = np.arange(32) + 0.5, prepare["pen"], np.array([prepare["centre"]] * 2, float)
    for _ in range(3):
        scale = (np.array([prepare["width"], prepare["height"]]) - 2 * pen) / np.maximum(high - low, 0.02)
        scale[:] = (min(scale[0], prepare["widen"] * scale[1]), scale[1]) if prepare["widen"] else min(scale)
        moved = centre + (points - (low + high) / 2) * scale
        far = np.hypot(moved[:, 0, None, None] - sides, moved[:, 1, None, None] - sides[:, None]).min(axis=0)
        if prepare["ink"]:
            least, most = 0.3, 8.0
            while most - least > 0.01:
                pen = (least + most) / 2
                too_much = np.clip(pen + 0.5 - far, 0, 1).sum() > prepare["ink"]
                least, most = (least, pen) if too_much else (pen, most)
        picture = np.clip(pen + 0.5 - far, 0, 1)
        if not prepare["ink"]:
            centre += (
                prepare["centre"] - np.array([picture.sum(axis=0) @ sides, picture.sum(axis=1) @ sides]) / picture.sum()
            )
    if prepare["ink"]:
        blocks = torch.tensor(picture).view(1, 8, 4, 8, 4).mean(dim=(2, 4))[None]
        picture = F.interpolate(blocks, scale_factor=4, mode="bilinear")[0, 0].numpy()
    return picture


@pytest.mark.everyday(1)
@pytest.mark.parametrize("source", PREPARATIONS)
def test_a_drawing_becomes_a_picture_as_it_is_said(source, scans, browser, tmp_path):
    chance = random.Random(1)
    drawings = [draw(digit, chance) for digit in range(10)]
    drawings += [[[(0.3, 0.7)]], [[(0.2, 0.5), (0.8, 0.5)]], [[(0.5, 0.2), (0.5, 0.8)]]]
    pictures = replace(scans.pictures, source=source)
    with played(browser, draw_digit(scans.network, pictures), tmp_path) as thing:
        found = asked(thing, *({"strokes": drawing} for drawing in drawings))
        [empty] = asked(thing, {"strokes": []})
    for drawing, one in zip(drawings, found, strict=True):
        wanted = coverage(drawing, PREPARATIONS[source])
        assert np.abs(np.array(one["picture"]).reshape(32, 32) - wanted).max() < 1e-5
    assert not any(empty["picture"]) and np.isfinite(empty["scores"]).all()


def longer_side(image: torch.Tensor) -> int:
    """How long or wide the bright part of a picture is, 32×32."""
    return max((image > 0.3).any(dim=dim).sum().item() for dim in (0, 1))


def looks(images: torch.Tensor) -> torch.Tensor:
    """Of pictures, N×32×32, on average: the longer side, the centre of mass, the ink."""
    place, ink = torch.arange(32) + 0.5, images.sum(dim=(1, 2))
    centres = [((images.sum(dim=dim) @ place) / ink).mean() for dim in (2, 1)]
    sides = torch.tensor([longer_side(image) for image in images]).float()
    return torch.stack([sides.mean(), *centres, ink.mean()])


@pytest.mark.proof
@both
def test_drawings_look_as_the_training_set(case, browser, tmp_path):
    chance = random.Random(2)
    with played(browser, case.pad, tmp_path) as thing:
        found = asked(thing, *({"strokes": draw(number % 10, chance)} for number in range(60)))
    ours = looks(torch.tensor([one["picture"] for one in found]).view(-1, 32, 32))
    theirs = looks(dataset(digits, case.pictures.source, train=True).images[:2000, 0])
    assert (ours[:3] - theirs[:3]).abs().max() < 1
    assert abs(ours[3] / theirs[3] - 1) < 0.15


@both
def test_digits_that_were_drawn_are_read(case, browser, tmp_path):
    """Forty, in several styles, of any size, place and slant, with thin and thick strokes."""
    chance = random.Random(SEED)
    with played(browser, case.pad, tmp_path) as thing:
        found = asked(thing, *({"strokes": draw(number % 10, chance)} for number in range(40)))
    right = sum(int(np.argmax(one["scores"])) == number % 10 for number, one in enumerate(found))
    print(f"{case.pictures.source}: {right} of 40")
    assert right >= 34 if case.pictures.source == MNIST else right >= 30


def test_the_figure_shows_a_digit_of_the_test_set(scans):
    image = scans.pictures.images[:1].mul(255).round() / 255
    first, second, scores = forward(scans.pad.network, image)
    figure = ElementTree.fromstring(scans.pad.figure)
    shown = [pixels(one.get("href")) for one in figure.iter("image")]
    assert len(shown) == 1 + 6 + 16
    for found, wanted in zip(shown, [image[0, 0] * 255, *seen(first[0]), *seen(second[0])], strict=True):
        assert (found - wanted).abs().max() <= 0.51
    chances = scores.softmax(dim=1)[0].tolist()
    best = max(range(10), key=chances.__getitem__)
    texts, rects = (
        [one for one in figure.iter(name) if one.get("class") in ("value", "bar")] for name in ("text", "rect")
    )
    assert [one.text for one in texts] == [f"{chance:.0%}" for chance in chances]
    assert [float(one.get("height")) for one in rects] == pytest.approx([FULL * chance for chance in chances], abs=0.01)
    assert [one.get("fill") == ACCENT for one in rects] == [digit == best for digit in range(10)]
    [ring] = (one for one in figure.iter("circle") if one.get("class") == "ring")
    [label] = (one for one in figure.iter("text") if one.text == str(best))
    assert ring.get("cx") == label.get("x")


def test_without_scripts_the_figure_is_all(scans, browser, tmp_path):
    page = written(scans.pad, tmp_path)
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    assert opened.locator(".first").first.is_visible() and opened.locator(".bar").count() == 10
    assert not opened.get_by_role("button").count() and not opened.locator(".pad").is_visible()
    context.close()


def test_on_paper_the_figure_is_all(scans, browser, tmp_path):
    with played(browser, scans.pad, tmp_path) as thing:
        thing.page.emulate_media(media="print")
        assert thing.locator(".bar").nth(7).is_visible() and not thing.locator(".pad").is_visible()


def test_with_a_mouse(scans, browser, tmp_path):
    with played(browser, scans.pad, tmp_path) as thing:
        mouse(thing, *SEVEN)
        assert answer(thing).startswith("this looks like 7 (")
        drawn = thing.locator(".ink").get_attribute("d")
        assert drawn.count("M") == 2
        values = bars(thing)
        assert answer(thing).endswith(f" ({values[7]})")
        ring, label = (thing.locator(f"svg {name}").bounding_box() for name in (".ring", "text:text-is('7')"))
        assert abs(ring["x"] + ring["width"] / 2 - label["x"] - label["width"] / 2) < 2
        thing.get_by_role("button", name="undo").click()
        assert thing.locator(".ink").get_attribute("d") == drawn.rpartition("M")[0]
        thing.get_by_role("button", name="clear").click()
        assert answer(thing) == "the pad is empty" and not thing.locator(".ink").get_attribute("d")
        assert not pixels(thing.locator(".seen").get_attribute("href")).any()


def test_the_picture_that_the_network_sees_is_shown(scans, browser, tmp_path):
    with played(browser, scans.pad, tmp_path) as thing:
        [found] = asked(thing, {"strokes": [list(stroke) for stroke in SEVEN]})
        shown = pixels(thing.locator(".seen").get_attribute("href"))
    assert (shown - torch.tensor(found["picture"]).view(32, 32) * 255).abs().max() <= 0.51


def test_a_digit_of_the_test_set_can_be_taken(scans, browser, tmp_path):
    labels = list(dict.fromkeys(scans.pictures.labels.tolist()))[:5]
    with played(browser, scans.pad, tmp_path) as thing:
        assert thing.locator(".examples button").count() == 5
        assert thing.locator(".tried").is_visible()
        mouse(thing, *SEVEN)
        assert not thing.locator("[aria-pressed=true]").count() and not thing.locator(".tried").is_visible()
        for label in labels:
            button = thing.get_by_role("button", name=f"a digit of the test set: {label}", exact=True)
            button.click()
            index = scans.pictures.labels.tolist().index(label)
            image = scans.pictures.images[index : index + 1].mul(255).round() / 255
            chances = scans.pad.network(image).softmax(dim=1)[0].tolist()
            assert answer(thing) == f"this looks like {np.argmax(chances)} ({max(chances):.0%})"
            assert bars(thing) == [f"{chance:.0%}" for chance in chances]
            heights = thing.locator(".bar").evaluate_all("bars => bars.map(bar => bar.height.baseVal.value)")
            assert heights == pytest.approx([FULL * chance for chance in chances], abs=0.01)
            assert button.get_attribute("aria-pressed") == "true" and thing.locator("[aria-pressed=true]").count() == 1
            drawn = pixels(thing.locator(".tried").get_attribute("href"))
            assert (drawn - image.view(32, 32) * 255).abs().max() <= 0.51


def test_by_keyboard_alone(scans, browser, tmp_path):
    with played(browser, scans.pad, tmp_path, from_disk=True, reduced_motion="reduce", viewport=SMALL) as thing:
        keyboard = thing.page.keyboard
        keyboard.press("Tab")
        assert thing.locator(".pen").is_visible()
        keyboard.press("ArrowLeft")
        keyboard.press("Space")
        assert answer(thing) == "the pen is down"
        for _ in range(12):
            keyboard.press("ArrowDown")
        keyboard.press("Space")
        assert thing.page.evaluate("scrollY") == 0
        assert answer(thing).startswith("this looks like 1 (")
        d = thing.locator(".ink").get_attribute("d")
        keyboard.press("ArrowRight")
        assert thing.locator(".ink").get_attribute("d") == d
        keyboard.press("Tab")
        keyboard.press("Enter")
        assert answer(thing) == "the pad is empty"
        for _ in range(2):
            keyboard.press("Tab")
        keyboard.press("Enter")
        assert thing.locator("[aria-pressed=true]").count() == 1


@pytest.mark.proof
def test_by_touch_the_pad_is_drawn_on_and_the_page_beside_it_scrolls(scans, browser, tmp_path):
    with played(browser, scans.pad, tmp_path, has_touch=True, viewport=SMALL) as thing:
        page, session = thing.page, thing.page.context.new_cdp_session(thing.page)

        def swipe(points) -> None:
            for kind, point in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points, strict=True):
                place = dict(zip("xy", point, strict=True))
                session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
            session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        swipe([at(thing, 0.5, 0.85 - 0.035 * step) for step in range(21)])
        thing.get_by_text("this looks like 1 (").wait_for()
        assert page.evaluate("scrollY") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        swipe([(380, 400 - 15 * step) for step in range(21)])
        page.wait_for_function("scrollY > 50")


@pytest.mark.proof
def test_scores_where_they_are_wanted(scans, browser, tmp_path):
    with pytest.raises(ValueError, match=r"shows scores from 0 to 1, and the largest are \d+\.\d on average; if the"):
        draw_digit(scans.network, scans.pictures, softmax=False)
    network = copy.deepcopy(scans.network)
    network.fc3.weight.data /= 10
    network.fc3.bias.data /= 10
    pad = draw_digit(network, scans.pictures, softmax=False)
    scores = pad.network(scans.pictures.images[:1].mul(255).round() / 255)[0].tolist()
    said = [f"{round(score, 2) + 0:.2f}".replace("-", "−") for score in scores]
    assert ">scores<" in pad.figure and all(f">{score}<" in pad.figure for score in said)
    with played(browser, pad, tmp_path) as thing:
        assert bars(thing) == said
        assert answer(thing) == f"this looks like {np.argmax(scores)} (score {said[np.argmax(scores)]})"


@pytest.mark.proof
def test_each_pad_has_its_own_network(scans, browser, tmp_path):
    other = copy.deepcopy(scans.network)
    other.fc3.bias.data[3] += 1.5
    pads = scans.pad, draw_digit(other, scans.pictures)

    @dataclass
    class Two:
        def _repr_html_(self):
            return "".join(pad._repr_html_() for pad in pads)

    with played(browser, Two(), tmp_path) as things:
        for number, pad in enumerate(pads):
            [found] = asked(things.nth(number), {"picture": scans.pictures.images[0].flatten().tolist()})
            assert torch.allclose(torch.tensor(found["scores"]), pad.network(scans.pictures.images[:1])[0], atol=1e-4)


def test_what_is_drawn_before_the_network_is_there_waits_for_it(scans, browser, tmp_path):
    with played(browser, replace(scans.pad, later=""), tmp_path) as thing:
        mouse(thing, *SEVEN)
        assert answer(thing) == "the network is being loaded"
        thing.evaluate(
            "(root, detail) => root.dispatchEvent(new CustomEvent('torchhour', { detail }))", scans.pad.later
        )
        assert answer(thing).startswith("this looks like 7 (")


def test_it_is_light(scans):
    script = Path(draw_digit.__code__.co_filename).with_suffix(".js").read_bytes()
    assert len(gzip.compress(script)) <= 4096
    assert len(gzip.compress(scans.pad.later.encode())) <= 100_000


def test_what_is_no_lenet_is_refused(scans):
    LeNet = type(scans.network)
    with pytest.raises(ValueError, match="needs conv1 to be Conv2d.*and found no layer of this name; give it a LeNet"):
        draw_digit(nn.Sequential(nn.Linear(2, 2)), scans.pictures)
    with pytest.raises(ValueError, match="needs a network, and was given a function"):
        draw_digit(lambda x: x, scans.pictures)
    with torch.random.fork_rng():
        larger, padded, other, broken = (LeNet() for _ in range(4))
        larger.conv2 = nn.Conv2d(6, 16, 3)
        padded.conv1 = nn.Conv2d(1, 6, 5, padding=2)
    with pytest.raises(
        ValueError, match=r"needs conv2 to be .*\(5, 5\).*, and found Conv2d\(6, 16, kernel_size=\(3, 3\)"
    ):
        draw_digit(larger, scans.pictures)
    with pytest.raises(ValueError, match="and found Conv2d.*padding"):
        draw_digit(padded, scans.pictures)
    other.forward = lambda x: -LeNet.forward(other, x) + 1
    with pytest.raises(ValueError, match="needs a network whose forward is that of LeNet"):
        draw_digit(other, scans.pictures)
    with torch.no_grad():
        broken.fc2.weight[3, 4] = torch.nan
    with pytest.raises(ValueError, match="found nan or inf in the network's parameters; train it anew"):
        draw_digit(broken, scans.pictures)


def test_other_pictures_are_refused(scans):
    with pytest.raises(ValueError, match=r"was given a Tensor as pictures; give it digits\(train=False\)"):
        draw_digit(scans.network, scans.pictures.images)
    with pytest.raises(ValueError, match=r"needs pictures of N×1×32×32, and found \(2, 1, 28, 28\)"):
        draw_digit(scans.network, replace(scans.pictures, images=torch.zeros(2, 1, 28, 28)))
    with pytest.raises(ValueError, match="knows how MNIST and scikit-learn prepare digits, not SVHN"):
        draw_digit(scans.network, replace(scans.pictures, source="SVHN"))
