"""How a number is written in a small square, and how the square is coloured, on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from torchhour.explore import drawing

Rows = Sequence[Sequence[float]]
Colours = tuple[dict[str, object], dict[str, object]]


def largest(values: Rows) -> float:
    """The largest size of a number, or 1 where all are 0.

    >>> largest([[1.0, -3.0]])
    3.0
    """
    return max(abs(value) for row in values for value in row) or 1.0


def tint(value: float, most: float, strongest: float = 0.5) -> dict[str, object]:
    """The attributes of a square: blue above 0, warm below, nothing at 0; ``most`` has the strongest colour.

    >>> tint(-1.0, 2.0)
    {'fill': 'var(--warm, #d9480f)', 'fill_opacity': 0.25}
    """
    colour = drawing.WARM if value < 0 else drawing.ACCENT
    return {"fill": colour, "fill_opacity": round(strongest * abs(value) / most, 3)}


def lightness(picture: Rows) -> Callable[[float], float]:
    """How light a pixel is, from 0 for the least number of the picture to 1 for the largest.

    >>> lightness([[2.0, 4.0]])(3.0)
    0.5
    """
    low, high = min(map(min, picture)), max(map(max, picture))
    return lambda value: (value - low) / ((high - low) or 1.0)


def gray(light: float) -> Colours:
    """The attributes of a square so light, from 0 to 1, and those of a number that can be read on it."""
    level = round(255 * light)
    ink = "#000" if light > 0.5 else "#fff"
    return {"fill": f"rgb({level},{level},{level})"}, {"color": ink, "fill": ink}


def brief(value: float, letters: int) -> str:
    """A number in so many letters, not counting its sign, a short dash.

    >>> [brief(value, 4) for value in (-0.256, 12.34, 2.0, 12345.0)]
    ['–0.26', '12.3', '2', '1e4']
    >>> [brief(value, 3) for value in (-0.256, 12.34, 0.0, -0.001)]
    ['–.26', '12', '0', '.00']
    """
    size = abs(value)
    forms = [f"{size:.{digits}f}" for digits in ((2, 1, 0) if size % 1 else (0,))]
    if letters < 4:
        forms = [form.removeprefix("0") if "." in form else form for form in forms]
    short = next((form for form in forms if len(form) <= letters), "")
    if not short:
        power = math.floor(math.log10(size))
        short = f"{round(size / 10**power)}e{power}"
    return f"–{short}" if value < 0 and short.strip("0.") else short


def told(value: float, most: float) -> str:
    """A number, in as many decimal places as the largest of its kind needs for four digits.

    >>> told(-0.5, 20.0), told(1 / 3, 1.0)
    ('−0.5', '0.333')
    """
    places = max(0, 3 - math.floor(math.log10(most)))
    written = f"{value:.{places}f}"
    written = written.rstrip("0").rstrip(".") if places else written
    return "0" if written == "-0" else written.replace("-", "−")
