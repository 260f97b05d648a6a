"""Silhouettes: small colour pictures of ten outlines, drawn by integer arithmetic alone.

They stand in for CIFAR-10 where it is not at hand: same shape, same classes.
No float decides a pixel, and the random numbers are PCG64's own, which NumPy
promises never to change: every machine draws the same bytes.
"""

from __future__ import annotations

import math
import re

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from torchhour.data.outlines import OUTLINES

Ints = NDArray[np.integer]

CLASSES = list(OUTLINES)
CANVAS = 128
INKS = {"gap": 0, "body": 1, "mark": 2}

# What makes the task hard, and by how much. A linear model fails because body and
# background change places: what is bright in one picture is dark in the next. The
# network of lesson 40 sees past that, and learns in two epochs as long as most
# poses stay near the middle and a picture's three channels are dark or bright
# together. With wider poses, or a sign for each channel, some seeds learn little.
TURN = 9  # tangent of half the angle, of 64: 16 degrees either way at most
SHIFT = 20  # units either way at most; 4 units are a pixel
SCALE, STRETCH = (54, 70), 4  # of 64: size, and what width and height add to it
CONTRAST = 88  # of 256: body and background, before its shades, differ by this or more in every channel
TONE, BLOTCH, NOISE = 32, 32, 16  # brightness either way: top to bottom, patches, pixels
PATCH = 16  # pixels: largest side of what hides a part


def silhouettes(train: bool = True) -> tuple[Tensor, Tensor]:
    """Draw 10,000 pictures for training, or 2,000 for testing, as many of each class as of any other.

    Returns images, uint8 of N×3×32×32, and labels, int64 of N: indices into
    ``CLASSES``, which are CIFAR-10's. The pictures are the same at every call;
    those for training and those for testing come from different seeds.

    >>> images, labels = silhouettes(train=False)
    >>> images.shape, images.dtype, labels.bincount().tolist() == [200] * 10
    (torch.Size([2000, 3, 32, 32]), torch.uint8, True)
    """
    dice = _Dice(seed=0 if train else 1)
    labels = np.argsort(dice.raw(10000 if train else 2000), kind="stable").astype(np.int64) % len(CLASSES)
    covers = np.stack([_cover(outline(name)) for name in CLASSES])
    # A hundred at a time: what is needed on the way stays in the processor's cache.
    images = np.concatenate([_paint(covers, part, dice) for part in np.split(labels, len(labels) // 100)])
    return torch.from_numpy(images), torch.from_numpy(labels)


def outline(name: str, samples: int = 1) -> Ints:
    """The outline of a class: 0 for background, 1 for its body, 2 for its marks.

    Returns an array of (128·samples)×(128·samples), sampled so often per unit.
    Raises ``KeyError`` where ``name`` is not one of ``CLASSES``.

    >>> bird = outline("bird")
    >>> bird.shape, sorted(set(bird.ravel().tolist()))
    ((128, 128), [0, 1, 2])
    """
    # Twice the samples: then corners are at even numbers, samples at odd ones, and never the two meet.
    y, x = np.ogrid[1 : 2 * CANVAS * samples : 2, 1 : 2 * CANVAS * samples : 2]
    picture = np.zeros((CANVAS * samples,) * 2, np.int32)
    for ink, radius, numbers in re.findall(r"([a-z]+) ?(\d*):([\d,\s]+)", OUTLINES[name]):
        points = [2 * samples * int(number) for number in re.findall(r"\d+", numbers)]
        corners = list(zip(points[::2], points[1::2], strict=True))
        inside = _stroke(corners, 2 * samples * int(radius), x, y) if radius else _polygon(corners, x, y)
        picture[inside] = INKS[ink]
    return picture


def _polygon(corners: list[tuple[int, int]], x: Ints, y: Ints) -> NDArray[np.bool_]:
    """Which points have an odd number of edges to their right."""
    inside = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        inside ^= ((y0 <= y) != (y1 <= y)) & ((cross > 0) == (y1 > y0))
    return inside


def _stroke(corners: list[tuple[int, int]], radius: int, x: Ints, y: Ints) -> NDArray[np.bool_]:
    """Which points are within ``radius`` of a line: of its corners, or beside a segment."""
    near = np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
    for x0, y0 in corners:
        near |= (x - x0) ** 2 + (y - y0) ** 2 <= radius**2
    for (x0, y0), (x1, y1) in zip(corners, corners[1:], strict=False):
        dx, dy = x1 - x0, y1 - y0
        along, across, square = (x - x0) * dx + (y - y0) * dy, (x - x0) * dy - (y - y0) * dx, dx * dx + dy * dy
        near |= (along >= 0) & (along <= square) & (across**2 <= radius**2 * square)
    return near


def _cover(picture: Ints) -> Ints:
    """How many of the 4×4 samples around each point, one pixel, are body and how many are marks: 2×128×128."""
    inks = np.stack([picture == INKS["body"], picture == INKS["mark"]]).astype(np.int16)
    padded = np.pad(inks, ((0, 0), (2, 1), (2, 1)))
    return sum(padded[:, i : i + CANVAS, j : j + CANVAS] for i in range(4) for j in range(4))


class _Dice:
    """Random integers from the raw output of PCG64; what ``Generator`` makes of it may change with NumPy."""

    def __init__(self, seed: int) -> None:
        self.raw = np.random.PCG64(seed).random_raw

    def between(self, low: int, high: int, *shape: int) -> Ints:
        """Integers from ``low`` to ``high``, both included, as int16."""
        upper = self.raw(math.prod(shape)) >> np.uint64(32)
        return ((upper * np.uint64(high - low + 1)) >> np.uint64(32)).astype(np.int16).reshape(shape) + np.int16(low)

    def about(self, most: int, *shape: int) -> Ints:
        """Integers from ``-most`` to ``most``, as int16: differences of two, so that small ones are frequent."""
        return self.between(0, most, *shape) - self.between(0, most, *shape)

    def bytes(self, *shape: int) -> Ints:
        """Integers from 0 to 255, eight from each raw number, as int16."""
        return self.raw(math.prod(shape) // 8).astype("<u8").view(np.uint8).reshape(shape).astype(np.int16)


def _sight(dice: _Dice, count: int) -> tuple[Ints, Ints]:
    """For each pixel of ``count`` pictures, the point of the canvas that it shows: x and y, each N×32×32."""
    turn = dice.about(TURN, count).astype(np.int64)
    # The half-angle formulas: a rotation that needs no sine.
    cosine, sine, unit = 64**2 - turn**2, 2 * 64 * turn, 64**2 + turn**2
    size = dice.between(*SCALE, count)
    flip = 2 * dice.between(0, 1, count) - 1
    return (
        _coordinate(dice, flip * cosine, flip * sine, unit * (size + dice.between(-STRETCH, STRETCH, count))),
        _coordinate(dice, -sine, cosine, unit * (size + dice.between(-STRETCH, STRETCH, count))),
    )


def _coordinate(dice: _Dice, right: Ints, down: Ints, divisor: Ints) -> Ints:
    """Go this far across the canvas for each pixel to the right and down; stay within its empty border."""
    pixel = np.arange(-31, 32, 2, dtype=np.int32)  # in half pixels from the middle
    # 4096ths of a unit: 4 units a pixel, 2 half a pixel; sizes are 64ths.
    right, down = ((2 * 4096 * 64 * step // divisor).astype(np.int32)[:, None] * pixel for step in (right, down))
    middle = 4096 * (CANVAS // 2 + dice.about(SHIFT, len(divisor)).astype(np.int32))
    return np.clip((middle[:, None, None] + right[:, None, :] + down[:, :, None]) >> 12, 0, CANVAS - 1)


def _paint(covers: Ints, labels: Ints, dice: _Dice) -> NDArray[np.uint8]:
    """Pictures of these classes: background, outline, something before it, noise."""
    count = len(labels)
    x, y = _sight(dice, count)
    place = (labels[:, None, None] * 2 * CANVAS + y) * CANVAS + x
    body, mark = (covers.ravel()[place + ink * CANVAS**2][:, None] for ink in (0, 1))
    ground = 128 * dice.between(0, 1, count, 1, 1, 1) + dice.between(0, 127, count, 3, 1, 1)
    picture = _background(dice, ground) * (16 - body - mark)
    for cover in (body, mark):
        # Half-way round the byte: far from the colour before it, in every channel.
        ground = (ground + dice.between(CONTRAST, 256 - CONTRAST, count, 3, 1, 1)) % 256
        picture += ground * cover
    picture = np.where(_patch(dice, count), dice.between(0, 255, count, 3, 1, 1), picture >> 4)
    # The difference of two bytes: most often small, as in a camera.
    noise = (dice.bytes(count, 3, 32, 32) - dice.bytes(count, 3, 32, 32)) * np.int16(NOISE) >> 8
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _background(dice: _Dice, colour: Ints) -> Ints:
    """A colour that changes from top to bottom and in soft patches: N×3×32×32."""
    count = len(colour)
    row = np.arange(32, dtype=np.int16)
    picture = colour + (dice.between(-TONE, TONE, count, 3, 1, 1) * row[:, None] >> 5)
    corner, near = np.divmod(row, np.int16(8))
    far = 8 - near
    coarse = dice.between(-BLOTCH, BLOTCH, count, 3, 5, 5)
    rows = coarse[:, :, corner] * far[:, None] + coarse[:, :, corner + 1] * near[:, None]
    return picture + ((rows[..., corner] * far + rows[..., corner + 1] * near) >> 6)


def _patch(dice: _Dice, count: int) -> NDArray[np.bool_]:
    """A rectangle somewhere, of any size down to nothing: N×1×32×32."""
    pixel = np.arange(32)
    row, column = (
        abs(2 * (pixel - dice.between(0, 31, count)[:, None])) < dice.between(0, PATCH, count)[:, None] for _ in "yx"
    )
    return (row[:, :, None] & column[:, None, :])[:, None]
