"""The few shapes that the figures of things are drawn with, as SVG; numbers are in pixels of the figure."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Iterable

from torch import Tensor

Point = tuple[float, float]
#: The page's colours, and those where there is no page around.
ACCENT, SOFT, WARM = "var(--accent, #1c6ef2)", "var(--soft, #bbbbbb)", "var(--warm, #d9480f)"


def element(name: str, content: str = "", **attributes: object) -> str:
    """An element; ``class_`` becomes class, and an underscore a hyphen.

    >>> element("circle", r=3, class_="ball", stroke_width=2)
    '<circle r="3" class="ball" stroke-width="2"/>'
    """
    named = {name.rstrip("_").replace("_", "-"): _number(value) for name, value in attributes.items()}
    written = "".join(f' {key}="{html.escape(str(value))}"' for key, value in named.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(content: str, x: float, y: float, **attributes: object) -> str:
    """A text, which the page says in its language."""
    return element("text", html.escape(content, quote=False), x=x, y=y, **attributes)


def line(points: Iterable[Point], **attributes: object) -> str:
    """A line through points."""
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return element("polyline", points=path, fill="none", **attributes)


def image(values: Tensor, x: float, y: float, size: float, **attributes: object) -> str:
    """A picture, H×W of floats in [0, 1] for gray or H×W×3 of uint8, as high as ``size``; it keeps its pixels."""
    height, width = values.shape[:2]
    address = "data:image/png;base64," + base64.b64encode(png(values)).decode()
    return element("image", href=address, x=x, y=y, width=size * width / height, height=size, **attributes)


def svg(content: Iterable[str], width: float, height: float, **attributes: object) -> str:
    """A whole figure."""
    return element("svg", "".join(content), viewBox=f"0 0 {_number(width)} {_number(height)}", **attributes)


def png(values: Tensor) -> bytes:
    """A picture as a PNG file: H×W of floats in [0, 1] for gray, or H×W×3 of uint8.

    >>> import torch
    >>> png(torch.zeros(2, 3))[:4]
    b'\\x89PNG'
    """
    if values.dtype.is_floating_point:
        values = (values.clamp(0, 1) * 255).round().byte()
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + bytes(row.flatten().tolist()) for row in values)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if values.dim() == 3 else 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
