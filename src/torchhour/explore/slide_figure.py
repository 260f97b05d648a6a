"""What is seen of a kernel on a picture: where it lies, the products there, their sum, and the whole map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import torch

from torchhour.explore import drawing
from torchhour.explore.shading import Rows, brief, gray, largest, lightness, tint, told

#: In pixels: the figure's width, the longer side of the picture, that of a grid of numbers, and a line of text.
WIDTH, SIDE, GRID, LINE = 480.0, 214.0, 152.0, 22.0
GRIDS = (1.0, (WIDTH - GRID) / 2, WIDTH - GRID - 1)
#: How many shades the map has for each sign; one path draws all places of a shade.
SHADES = 12
#: Lines that stay thin in a part that is drawn in pixels of the picture.
THIN = {"fill": "none", "vector_effect": "non-scaling-stroke"}


def frame(shape: Sequence[int]) -> dict[str, float]:
    """What the script has to know of the figure for a picture of H×W.

    ``across`` is how far the map lies to the right of the picture, in its pixels; ``grid`` the side of a grid of
    numbers, in those of the figure.

    >>> frame((28, 28))["grid"]
    152.0
    """
    return {"across": round((WIDTH - 2 - SIDE) * max(shape) / SIDE, 4), "grid": GRID}


def figure(data: Mapping) -> str:
    """The first kernel at its telling place, and its whole map; ``data`` is what the script is given."""
    picture, shown, (row, column) = data["picture"], data["kernels"][0], data["at"]
    kernel, found = shown["kernel"], shown["map"]
    patch = [line[column : column + len(kernel[0])] for line in picture[row : row + len(kernel)]]
    products = [[x * w for x, w in zip(*lines, strict=True)] for lines in zip(patch, kernel, strict=True)]
    most, light = largest(kernel), lightness(picture)
    pixel = SIDE / max(_shape(picture))
    under = LINE + pixel * len(picture) + 2 * LINE
    end = under + 24 + max(GRID / max(_shape(one["kernel"])) * len(one["kernel"]) for one in data["kernels"])
    content = [
        *_titles(_shape(picture), _shape(found), under - 8),
        drawing.element("g", _pixels(data), transform=f"translate(1 {LINE:g}) scale({pixel:.4f})"),
        _grid("patch", patch, 0, under, lambda value: gray(light(value))),
        _grid("weights", kernel, 1, under, lambda value: (tint(value, most), {})),
        _grid("products", products, 2, under, lambda value: (tint(value, most * largest(picture)), {})),
        drawing.text("their sum", GRIDS[2], end),
        drawing.text(told(found[row][column], largest(found)), WIDTH - 1, end, text_anchor="end", class_="total"),
    ]
    return drawing.svg(content, WIDTH, end + 8, font_size=13, font_family="sans-serif")


def _titles(shape: tuple[int, int], map_shape: tuple[int, int], under: float) -> list[str]:
    parts = [drawing.text(word, GRIDS[at], under) for at, word in enumerate(("pixels", "× kernel", "= products"))]
    for word, (height, width), x, name in (
        ("picture", shape, 1.0, "code"),
        ("feature map", map_shape, WIDTH - 1 - SIDE, "code shape"),
    ):
        parts.append(drawing.text(word, x, LINE - 8))
        parts.append(drawing.text(f"{height}×{width}", x + SIDE, LINE - 8, text_anchor="end", class_=name))
    return parts


def _pixels(data: Mapping) -> str:
    """The picture and the frame of the kernel, and beside it the map, all in pixels of the picture."""
    picture, (row, column), across = data["picture"], data["at"], data["frame"]["across"]
    kernel, found = data["kernels"][0]["kernel"], data["kernels"][0]["map"]
    (height, width), (tall, wide) = _shape(picture), _shape(kernel)
    light, level = lightness(picture), row + tall / 2
    lights = torch.tensor([[light(value) for value in line] for line in picture])
    link = {"x1": column + wide, "x2": across + column + (wide - 1) / 2, "y1": level, "y2": level}
    parts = [
        drawing.image(lights, 0, 0, height, image_rendering="pixelated"),
        drawing.element("rect", width=width, height=height, class_="border", stroke=drawing.SOFT, **THIN),
        _box("frame", column, row, wide, tall, 3),
    ]
    beside = [
        drawing.element("g", _tinted(found) or " ", class_="map", shape_rendering="crispEdges"),
        drawing.element("rect", width=len(found[0]), height=len(found), class_="edge", stroke=drawing.SOFT, **THIN),
        _box("spot", column, row, 1, 1, 2),
    ]
    moved = f"translate({across + (wide - 1) / 2:g} {(tall - 1) / 2:g})"
    return (
        drawing.element("g", "".join(parts), class_="picture")
        + drawing.element("g", "".join(beside), class_="beside", transform=moved)
        + drawing.element("line", **link, class_="link", stroke=drawing.ACCENT, **THIN)
    )


def _tinted(found: Rows) -> str:
    """The whole map, in shades."""
    paths, most = defaultdict(list), largest(found)
    for row, line in enumerate(found):
        for column, value in enumerate(line):
            if shade := round(value / most * SHADES):
                paths[shade].append(f"M{column} {row}h1v1h-1z")
    return "".join(drawing.element("path", d="".join(path), **tint(shade, SHADES, 1)) for shade, path in paths.items())


def _grid(name: str, values: Rows, number: int, under: float, colours: Callable) -> str:
    """Numbers in squares; ``colours`` gives the attributes of a square, and those of the number in it."""
    sides = max(_shape(values))
    side, letters, parts = GRID / sides, 3 if sides > 4 else 4, []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            x, y = column * side, row * side
            square, ink = colours(value)
            parts.append(drawing.element("rect", x=x, y=y, width=side, height=side, stroke=drawing.SOFT, **square))
            parts.append(drawing.text(brief(value, letters), x + side / 2, y + side / 2, dy="0.36em", **ink))
    moved = f"translate({GRIDS[number]:g} {under:g})"
    return drawing.element("g", "".join(parts), class_=f"{name} of-{sides}", transform=moved, text_anchor="middle")


def _box(name: str, x: int, y: int, width: int, height: int, stroke: int) -> str:
    sizes = {"x": x, "y": y, "width": width, "height": height, "stroke_width": stroke}
    return drawing.element("rect", **sizes, class_=name, stroke=drawing.ACCENT, **THIN)


def _shape(values: Rows) -> tuple[int, int]:
    return len(values), len(values[0])
