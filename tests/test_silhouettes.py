"""Silhouettes: the same bytes everywhere, outlines against other rasterizers, and how hard they are to learn."""

import hashlib
import re
import statistics
import time
import warnings

import numpy as np
import pytest
import torch
from matplotlib.path import Path as Curve
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from torch import nn

from torchhour.data import silhouettes as module
from torchhour.data.silhouettes import CANVAS, CLASSES, OUTLINES, outline, silhouettes

# A change of these changes the outputs of lessons: make it on purpose.
SHA256 = {
    True: "14376b7e5c148ae5d89e23773d5e61c011ebca2af54364312548124718f87b2a",
    False: "94a20c14d4c4d2d4484dd032a581b29477b5015c79915a0c2f90a8ac6e0a42b3",
}
STROKES = [([(40, 60)], 12), ([(20, 20), (90, 50)], 6), ([(10, 100), (60, 30), (110, 90)], 10)]


@pytest.fixture(scope="module")
def parts():
    """The pictures and labels for training, and those for testing."""
    return silhouettes(), silhouettes(train=False)


def shapes(name):
    """The parts of an outline: ink, radius or nothing, and corners."""
    for ink, radius, numbers in re.findall(r"([a-z]+) ?(\d*):([\d,\s]+)", OUTLINES[name]):
        yield ink, radius, [tuple(map(int, pair.split(","))) for pair in numbers.split()]


@pytest.mark.parametrize("train", [True, False])
def test_the_bytes_are_the_same_everywhere(train):
    images, labels = silhouettes(train)
    content = images.numpy().tobytes() + labels.numpy().astype(np.uint8).tobytes()
    assert hashlib.sha256(content).hexdigest() == SHA256[train]


def test_neither_default_dtype_nor_seeds_nor_threads_matter(parts):
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.manual_seed(99)
    np.random.seed(99)
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    try:
        images, labels = silhouettes(train=False)
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)
        torch.set_rng_state(state)
    assert torch.equal(images, parts[1][0]) and torch.equal(labels, parts[1][1])


def test_shapes_and_classes_are_cifar10s(parts):
    for (images, labels), count in zip(parts, (10_000, 2_000), strict=True):
        assert images.shape == (count, 3, 32, 32) and images.dtype == torch.uint8
        assert labels.shape == (count,) and labels.dtype == torch.int64
        assert labels.bincount().tolist() == [count // 10] * 10
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    assert names == CLASSES


def test_labels_are_shuffled(parts):
    for _, labels in parts:
        for chunk in labels.split(200):
            assert len(chunk.unique()) == 10 and not torch.equal(chunk, chunk.sort().values)


def test_no_picture_is_seen_twice(parts):
    pictures = [image.tobytes() for images, _ in parts for image in images.numpy()]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("name", CLASSES)
def test_an_outline_leaves_the_border_empty(name):
    """What lies beyond the canvas is shown as its border is."""
    cover = module._cover(outline(name))
    assert cover.shape == (2, CANVAS, CANVAS) and cover.sum(0).max() == 16
    edges = [cover[:, 0], cover[:, -1], cover[:, :, 0], cover[:, :, -1]]
    assert not any(edge.any() for edge in edges)


@pytest.mark.parametrize("name", CLASSES)
def test_an_outline_is_large_and_has_two_colours(name):
    picture = outline(name)
    height, width = (np.ptp(np.flatnonzero(picture.any(axis))) + 1 for axis in (1, 0))
    assert max(height, width) > 0.85 * CANVAS
    assert np.bincount(picture.ravel())[1:].min() > 16
    assert outline(name, 2).shape == (2 * CANVAS, 2 * CANVAS)


@pytest.mark.parametrize("name", CLASSES)
def test_polygons_are_matplotlibs(name):
    x, y = np.meshgrid(np.arange(CANVAS) + 0.5, np.arange(CANVAS) + 0.5)
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    polygons = [corners for _, radius, corners in shapes(name) if not radius]
    assert polygons
    for corners in polygons:
        ours = module._polygon([(2 * a, 2 * b) for a, b in corners], (2 * x).astype(int), (2 * y).astype(int)).ravel()
        curve = Curve([*corners, corners[0]], closed=True)
        grown, shrunk = (curve.contains_points(points, radius=radius) for radius in (1e-6, -1e-6))
        clear = grown == shrunk  # not on an edge
        assert clear.mean() > 0.98
        assert (ours == grown)[clear].all()


@pytest.mark.parametrize("corners, radius", STROKES)
def test_strokes_are_within_a_distance(corners, radius):
    """The distance to a line is that to the nearest of many points on it."""
    y, x = np.ogrid[1:CANVAS:2, 1:CANVAS:2]
    ours = module._stroke(corners, radius, x, y)
    steps = np.linspace(0, 1, 1001)[:, None]
    ends = np.array([*corners, corners[-1]])
    line = np.concatenate([a + steps * (b - a) for a, b in zip(ends, ends[1:], strict=False)])
    grid = torch.tensor(np.stack(np.broadcast_arrays(x, y), axis=-1).reshape(-1, 2), dtype=torch.float64)
    distance = torch.cdist(grid, torch.tensor(line)).min(dim=1).values.reshape(ours.shape).numpy()
    clear = abs(distance - radius) > 0.01
    assert clear.mean() > 0.98
    assert (ours == (distance < radius))[clear].all()


def test_turns_are_rotations():
    """With one size, a step to the right and a step down are as long, and at right angles."""
    turn = np.arange(-module.TURN, module.TURN + 1)
    cosine, sine, unit = 64**2 - turn**2, 2 * 64 * turn, 64**2 + turn**2
    assert (cosine**2 + sine**2 == unit**2).all()
    assert np.degrees(np.arctan2(sine, cosine)).max() < 20


def test_random_integers_cover_their_range_alike():
    dice = module._Dice(seed=5)
    counts = np.bincount(dice.between(-2, 2, 10_000) + 2)
    assert len(counts) == 5 and abs(counts - 2000).max() < 200
    assert dice.between(7, 7, 2, 3).tolist() == [[7] * 3] * 2
    triangle = np.bincount(dice.about(2, 9_000) + 2)
    assert abs(triangle - np.array([1000, 2000, 3000, 2000, 1000])).max() < 200
    octets = np.bincount(dice.bytes(256, 1000).ravel())
    assert len(octets) == 256 and abs(octets - 1000).max() < 200


def test_body_and_background_change_places(parts):
    """Half of the pictures are dark on bright: what defeats a linear model."""
    (images, labels), _ = parts
    grey = images.float().mean(dim=1)
    for label in range(10):
        pictures = grey[labels == label]
        border = torch.cat([pictures[:, 0], pictures[:, :, 0], pictures[:, :, -1]], dim=1).mean(dim=1)
        middle = pictures[:, 12:20, 12:20].mean(dim=(1, 2))
        assert 0.4 < (middle > border).float().mean() < 0.6


def lesson_40():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10))


def percent(make, seed, parts):
    """Test accuracy after the two epochs of lesson 40."""
    (images, labels), (test_images, test_labels) = ((images / 127.5 - 1, labels) for images, labels in parts)
    torch.manual_seed(seed)
    network, criterion = make(), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    for _ in range(2):
        for batch in torch.randperm(len(images)).split(4):
            optimizer.zero_grad()
            criterion(network(images[batch]), labels[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        return 100 * (network(test_images).argmax(1) == test_labels).float().mean().item()


@pytest.mark.proof
def test_the_network_of_lesson_40_learns_them(parts, one_thread):
    found = [percent(lesson_40, seed, parts) for seed in range(5)]
    print("lesson 40:", [round(one, 1) for one in found], "mean", round(statistics.mean(found), 1))
    assert 65 < statistics.mean(found) < 90 and min(found) > 55


@pytest.mark.proof
def test_a_linear_model_does_not(parts, one_thread):
    found = percent(linear, 0, parts)
    train, test = ((images.flatten(1).numpy() / 127.5 - 1, labels.numpy()) for images, labels in parts)
    with warnings.catch_warnings():
        # Going on would fit the training pictures better, and the test pictures worse.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regressions = [LogisticRegression(C=c, max_iter=50).fit(*train).score(*test) for c in (1e-4, 1e-2)]
    print("linear:", round(found, 1), "logistic regression:", [round(100 * one, 1) for one in regressions])
    assert found < 40 and max(regressions) < 0.40


@pytest.mark.proof
def test_all_are_drawn_within_five_seconds_of_one_core(one_thread):
    start = time.thread_time()
    silhouettes(train=True), silhouettes(train=False)
    seconds = time.thread_time() - start
    print("drawn in", round(seconds, 2), "s")
    assert seconds < 5
