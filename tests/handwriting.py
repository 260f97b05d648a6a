"""Digits as a hand may draw them: strokes of points on a pad of 1×1, in several styles, no two alike."""

from __future__ import annotations

import math
import random

#: How far a point may be from where the style has it: the standard deviation, in widths and heights of the digit.
WAVER = 0.04

Point = tuple[float, float]
Stroke = list[Point]


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> Stroke:
    """Part of an ellipse, in degrees: 0 is right, 90 below."""
    angles = [math.radians(start + (end - start) * step / 8) for step in range(9)]
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in angles]


#: Of each digit some styles, each of them strokes, in a box of 1×1, y downward; a curve goes through their points.
STYLES: dict[int, list[list[Stroke]]] = {
    0: [
        [arc(0.5, 0.5, 0.38, 0.5, -90, -450)],
        [arc(0.5, 0.5, 0.42, 0.5, -60, -400)],
        [arc(0.5, 0.5, 0.32, 0.5, -110, 270)],
    ],
    1: [
        [[(0.5, 0), (0.5, 1)]],
        [[(0.28, 0.25), (0.52, 0)], [(0.52, 0), (0.52, 1)]],
        [[(0.3, 0.22), (0.52, 0)], [(0.52, 0), (0.52, 1)], [(0.25, 1), (0.8, 1)]],
    ],
    2: [
        [[*arc(0.5, 0.28, 0.36, 0.28, 190, 385), (0.55, 0.72), (0.12, 1)], [(0.12, 1), (0.9, 1)]],
        [
            [
                *arc(0.48, 0.3, 0.34, 0.3, 200, 400),
                (0.4, 0.8),
                (0.15, 0.98),
                (0.12, 0.85),
                (0.3, 0.82),
                (0.6, 0.97),
                (0.92, 0.92),
            ]
        ],
        [[(0.1, 0.05), (0.85, 0.03)], [(0.85, 0.03), (0.1, 1)], [(0.1, 1), (0.9, 0.97)]],
    ],
    3: [
        [arc(0.42, 0.25, 0.36, 0.25, -150, 90), arc(0.42, 0.74, 0.42, 0.26, -90, 150)],
        [[(0.12, 0.02), (0.82, 0.02)], [(0.82, 0.02), (0.42, 0.4)], arc(0.42, 0.7, 0.42, 0.3, -90, 145)],
        [[*arc(0.45, 0.26, 0.34, 0.24, -160, 60), (0.4, 0.48)], [(0.4, 0.48), *arc(0.45, 0.74, 0.4, 0.26, -70, 160)]],
    ],
    4: [
        [[(0.2, 0), (0.1, 0.6)], [(0.1, 0.6), (0.92, 0.58)], [(0.7, 0.05), (0.68, 1)]],
        [[(0.68, 0), (0.08, 0.68)], [(0.08, 0.68), (0.95, 0.68)], [(0.68, 0), (0.68, 1)]],
        [[(0.2, 0.02), (0.12, 0.35), (0.3, 0.52), (0.78, 0.45)], [(0.8, 0), (0.74, 1)]],
    ],
    5: [
        [
            [(0.2, 0.02), (0.16, 0.42)],
            [(0.16, 0.42), *arc(0.42, 0.68, 0.42, 0.31, -100, 150)],
            [(0.2, 0.02), (0.85, 0)],
        ],
        [[(0.85, 0), (0.25, 0.02)], [(0.25, 0.02), (0.2, 0.45)], [(0.2, 0.45), *arc(0.45, 0.7, 0.4, 0.29, -90, 140)]],
        [[(0.8, 0.02), (0.3, 0.05), (0.24, 0.4), (0.65, 0.45), (0.82, 0.7), (0.6, 0.95), (0.12, 0.95)]],
    ],
    6: [
        [[(0.72, 0), (0.35, 0.25), (0.14, 0.65), *arc(0.48, 0.73, 0.34, 0.27, 160, -190)]],
        [[(0.5, 0), (0.25, 0.4), *arc(0.5, 0.72, 0.36, 0.28, 180, -170)]],
        [[(0.8, 0.06), (0.5, 0.02), (0.2, 0.35), (0.14, 0.75), (0.45, 1), (0.8, 0.8), (0.65, 0.52), (0.2, 0.62)]],
    ],
    7: [
        [[(0.1, 0.02), (0.88, 0)], [(0.88, 0), (0.4, 1)]],
        [[(0.1, 0.02), (0.88, 0)], [(0.88, 0), (0.55, 0.45), (0.42, 1)], [(0.28, 0.5), (0.82, 0.46)]],
        [[(0.1, 0.18), (0.12, 0.03)], [(0.12, 0.03), (0.85, 0.02)], [(0.85, 0.02), (0.5, 0.5), (0.35, 1)]],
    ],
    8: [
        [
            [
                (0.8, 0.14),
                (0.48, 0),
                (0.2, 0.2),
                (0.5, 0.48),
                (0.84, 0.77),
                (0.5, 1),
                (0.16, 0.77),
                (0.5, 0.48),
                (0.8, 0.22),
                (0.78, 0.1),
            ]
        ],
        [arc(0.5, 0.24, 0.3, 0.24, -90, 270), arc(0.5, 0.74, 0.38, 0.26, -90, 270)],
        [
            [
                (0.5, 0.48),
                (0.2, 0.24),
                (0.5, 0),
                (0.78, 0.24),
                (0.5, 0.48),
                (0.15, 0.76),
                (0.5, 1),
                (0.85, 0.76),
                (0.5, 0.48),
            ]
        ],
    ],
    9: [
        [[*arc(0.46, 0.28, 0.32, 0.28, -20, -370)], [(0.78, 0.2), (0.72, 1)]],
        [[*arc(0.46, 0.28, 0.34, 0.28, -30, -350), (0.8, 0.25), (0.78, 0.7), (0.55, 1), (0.2, 0.92)]],
        [[*arc(0.5, 0.3, 0.32, 0.3, 0, -360), (0.8, 0.6), (0.5, 1)]],
    ],
}


def curve(points: Stroke, step: float = 0.04) -> Stroke:
    """A smooth way through the points, by Catmull and Rom."""
    ends = [points[0], *points, points[-1]]
    found: Stroke = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        count = max(1, round(math.dist(b, c) / step))
        for t in (index / count for index in range(count)):
            weights = -t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2
            x, y = (sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) / 2 for axis in (0, 1))
            found.append((x, y))
    return [*found, points[-1]]


def draw(digit: int, chance: random.Random) -> list[Stroke]:
    """A digit drawn somewhere on the pad: its style, its size, place, slant and width are chance's."""
    strokes = chance.choice(STYLES[digit])
    height = chance.uniform(0.3, 0.85)
    width = height * chance.uniform(0.4, 1.0)
    turn, slant = math.radians(chance.gauss(0, 9)), chance.gauss(0.1, 0.2)
    across, down = width / 2 + 0.05, height / 2 + 0.04
    x0, y0 = chance.uniform(across, max(across, 1 - across)), chance.uniform(down, max(down, 1 - down))
    moved = {}

    def place(point: Point) -> Point:
        if point not in moved:  # ends that meet move together
            moved[point] = point[0] + chance.gauss(0, WAVER), point[1] + chance.gauss(0, WAVER)
        x, y = moved[point]
        x, y = (x - 0.5) * width - (y - 0.5) * height * slant, (y - 0.5) * height
        return x0 + x * math.cos(turn) - y * math.sin(turn), y0 + x * math.sin(turn) + y * math.cos(turn)

    drawn = [curve([place(point) for point in stroke]) for stroke in strokes]
    for _ in range(chance.choice((0, 0, 1, 2))):  # some go over it again: wider strokes
        dx, dy = (chance.gauss(0, 0.03 * height) for _ in "xy")
        drawn += [[(x + dx, y + dy) for x, y in stroke] for stroke in drawn[: len(strokes)]]
    return [[(min(max(x, 0), 1), min(max(y, 0), 1)) for x, y in stroke] for stroke in drawn]
