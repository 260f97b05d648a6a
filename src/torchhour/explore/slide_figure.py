"""What is seen of a kernel on a picture: where it lies, the products there, their sum, and the whole map."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import torch

from torchhour.explore import drawing

#: In pixels: the figure's width, the longer side of the picture, that of a grid of numbers, and a line of text.
WIDTH, SIDE, GRID, LINE = 480.0, 214.0, 152.0, 22.0
#: How many shades the map has for each sign; one path draws all places of a shade.
SHADES = 12

Rows = Sequence[Sequence[float]]


def frame(shape: Sequence[int], tallest: float) -> dict[str, float | list[float]]:
    """Where things are, for a picture of H×W; ``tallest`` is how much of its square the tallest kernel needs.

    >>> frame((28, 28), 1.0)["grids"]
    [1.0, 164.0, 327.0]
    """
    pixel = SIDE / max(shape)
    under = LINE + pixel * shape[0] + 2 * LINE
    grids = [1.0, (WIDTH - GRID) / 2, WIDTH - GRID - 1]
    return {
        "pixel": pixel,
        "top": LINE,
        "picture": 1.0,
        "map": WIDTH - SIDE - 1,
        "under": under,
        "grids": grids,
        "grid": GRID,
        "sum": under + GRID * tallest + 24,
    }


def figure(data: Mapping) -> str:
    """The first kernel at its telling place, and its whole map; ``data`` is what the script is given."""
    place, shown, (row, column) = data["frame"], data["kernels"][0], data["at"]
    kernel, found, picture = shown["kernel"], shown["map"], data["picture"]
    height, width = len(kernel), len(kernel[0])
    patch = [line[column : column + width] for line in picture[row : row + height]]
    products = [[x * w for x, w in zip(*lines, strict=True)] for lines in zip(patch, kernel, strict=True)]
    light, most = shades(picture), largest(kernel)
    bound = most * largest(picture)
    grids = [
        _grid("patch", patch, place["grids"][0], place, lambda value: _gray(light(value))),
        _grid("weights", kernel, place["grids"][1], place, lambda value: (_tint(value, most), {})),
        _grid("products", products, place["grids"][2], place, lambda value: (_tint(value, bound), {})),
    ]
    end, total = WIDTH - 1, place["sum"]
    content = [
        *_titles(place, (len(picture), len(picture[0])), (len(found), len(found[0]))),
        _picture(picture, light, place, (row, column, height, width)),
        _map(found, place, (row, column), (height, width)),
        drawing.element("line", **_link(place, (row, column), (height, width)), class_="link", stroke=drawing.ACCENT),
        *grids,
        drawing.text("their sum", place["grids"][2], total),
        drawing.text(told(found[row][column], found), end, total, text_anchor="end", class_="total"),
    ]
    return drawing.svg(content, WIDTH, total + 8, font_size=13, font_family="sans-serif")


def shades(picture: Rows) -> Callable[[float], float]:
    """How light a pixel is, from 0 for the least number of the picture to 1 for the largest.

    >>> shades([[2.0, 4.0]])(3.0)
    0.5
    """
    low, high = min(map(min, picture)), max(map(max, picture))
    return lambda value: (value - low) / ((high - low) or 1)


def largest(values: Rows) -> float:
    """The largest size of a number, or 1 where all are 0."""
    return max(abs(value) for row in values for value in row) or 1


def told(value: float, found: Rows) -> str:
    """A number of a map, in as many digits as four of its largest number.

    >>> told(-0.5, [[-0.5, 20.0]]), told(1 / 3, [[1 / 3]])
    ('−0.5', '0.3333')
    """
    places = max(0, 3 - math.floor(math.log10(largest(found))))
    written = f"{abs(value):.{places}f}"
    written = written.rstrip("0").rstrip(".") if places else written
    return f"−{written}" if value < 0 and written != "0" else written


def brief(value: float, letters: int) -> str:
    """A number in so many letters, not counting its sign.

    >>> brief(-0.256, 4), brief(-0.256, 3), brief(12.34, 4), brief(2.0, 4), brief(12345.0, 4)
    ('–0.26', '–.26', '12.3', '2', '1e4')
    """
    size = abs(value)
    forms = [f"{size:.{digits}f}" for digits in ((2, 1, 0) if size % 1 else (0,))]
    if letters < 4:
        forms = [form.removeprefix("0") if "." in form else form for form in forms]
    found = next((form for form in forms if len(form) <= letters), f"{size:.0e}".replace("e+0", "e").replace("e+", "e"))
    return f"–{found}" if value < 0 else found


def _titles(place: Mapping, shape: tuple[int, int], map_shape: tuple[int, int]) -> list[str]:
    up, under = place["top"] - 8, place["under"] - 8
    words = [("pixels", 0), ("× kernel", 1), ("= products", 2)]
    sizes = [(shape, place["picture"] + SIDE), (map_shape, WIDTH - 1)]
    return [
        drawing.text("picture", place["picture"], up),
        drawing.text("feature map", place["map"], up),
        *(drawing.text(f"{one[0]}×{one[1]}", x, up, text_anchor="end", class_="code") for one, x in sizes),
        *(drawing.text(word, place["grids"][index], under) for word, index in words),
    ]


def _picture(picture: Rows, light: Callable, place: Mapping, at: tuple[int, int, int, int]) -> str:
    """The pixels, and the frame of the kernel."""
    row, column, height, width = at
    pixel, x, y = place["pixel"], place["picture"], place["top"]
    lights = torch.tensor([[light(value) for value in line] for line in picture])
    size = (pixel * len(picture[0]), pixel * len(picture))
    parts = [
        drawing.image(lights, x, y, size[1], image_rendering="pixelated"),
        _box(x, y, *size, class_="border", stroke=drawing.SOFT),
        _box(x + column * pixel, y + row * pixel, width * pixel, height * pixel, class_="frame", stroke_width=3),
    ]
    return drawing.element("g", "".join(parts), class_="picture")


def _map(found: Rows, place: Mapping, at: tuple[int, int], shape: tuple[int, int]) -> str:
    """The map as large as its pixels, each below the middle of the kernel; and where the sum goes."""
    pixel = place["pixel"]
    x, y = place["map"] + (shape[1] - 1) / 2 * pixel, place["top"] + (shape[0] - 1) / 2 * pixel
    paths, most = defaultdict(list), largest(found)
    for row, line in enumerate(found):
        for column, value in enumerate(line):
            if shade := round(value / most * SHADES):
                paths[shade].append(f"M{column} {row}h1v1h-1z")
    tinted = (drawing.element("path", d="".join(path), **_tint(shade, SHADES, 1)) for shade, path in paths.items())
    moved = f"translate({x:.2f} {y:.2f}) scale({pixel:.4f})"
    size = (pixel * len(found[0]), pixel * len(found))
    spot = _box(x + at[1] * pixel, y + at[0] * pixel, pixel, pixel, class_="spot", stroke_width=2)
    return (
        _box(x, y, *size, class_="edge", stroke=drawing.SOFT)
        + drawing.element("g", "".join(tinted) or " ", class_="map", transform=moved, shape_rendering="crispEdges")
        + spot
    )


def _link(place: Mapping, at: tuple[int, int], shape: tuple[int, int]) -> dict[str, float]:
    """From the right side of the frame to the left one of the place on the map."""
    pixel = place["pixel"]
    (x, y), row = (at[1] * pixel, at[0] * pixel), (shape[0] / 2) * pixel
    level = place["top"] + y + row
    return {
        "x1": place["picture"] + x + shape[1] * pixel,
        "x2": place["map"] + x + (shape[1] - 1) / 2 * pixel,
        "y1": level,
        "y2": level,
    }


def _grid(name: str, values: Rows, x: float, place: Mapping, colours: Callable) -> str:
    """Numbers in squares; ``colours`` gives the attributes of a square, and those of the number in it."""
    sides = max(len(values), len(values[0]))
    side, letters, parts = GRID / sides, 3 if sides > 4 else 4, []
    middle = {"text_anchor": "middle", "dominant_baseline": "central"}
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            left, top = x + column * side, place["under"] + row * side
            square, number = colours(value)
            parts.append(drawing.element("rect", x=left, y=top, width=side, height=side, stroke=drawing.SOFT, **square))
            parts.append(drawing.text(brief(value, letters), left + side / 2, top + side / 2, **middle, **number))
    return drawing.element("g", "".join(parts), class_=f"{name} of-{sides}")


def _box(x: float, y: float, width: float, height: float, stroke: str = drawing.ACCENT, **attributes: object) -> str:
    return drawing.element("rect", x=x, y=y, width=width, height=height, fill="none", stroke=stroke, **attributes)


def _tint(value: float, most: float, strongest: float = 0.5) -> dict[str, object]:
    """Blue above 0, warm below, and nothing at 0: so it can be read on a light and on a dark page."""
    return {
        "fill": drawing.WARM if value < 0 else drawing.ACCENT,
        "fill_opacity": round(strongest * abs(value) / most, 3),
    }


def _gray(light: float) -> tuple[dict[str, object], dict[str, object]]:
    """A square as light as the pixel, and a number that can be read on it."""
    level = round(255 * light)
    return {"fill": f"rgb({level},{level},{level})"}, {"color": "#000" if light > 0.5 else "#fff"}
