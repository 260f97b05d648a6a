"""What the messages have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

#: What is wrong, in Chinese and in English; nothing where nothing is.
Said = tuple[str, str] | None

#: Floats that differ by less are the same; by less than ``NEAR`` of the largest, nearly.
RTOL, ATOL = 1e-4, 1e-5
NEAR = 0.02


def plain(answer: object) -> object:
    """The Python number in a tensor or an array of one; anything else as it is.

    >>> plain(torch.tensor([5])), plain("5")
    (5, '5')
    """
    return answer.item() if isinstance(answer, Tensor | np.ndarray | np.generic) else answer


def listed(answer: object) -> list | None:
    """The parts of an answer, numbers plain; none where it has no parts.

    >>> listed(torch.tensor([1, 2])), listed({"a": 1}), listed(3)
    ([1, 2], [1], None)
    """
    if isinstance(answer, Tensor | np.ndarray):
        return answer.tolist() if answer.ndim else None
    if isinstance(answer, Mapping):
        return list(answer.values())
    return list(answer) if isinstance(answer, Sequence) and not isinstance(answer, str) else None


def shown(what: Sequence[int] | torch.dtype) -> str:
    """A shape or a type, as the lessons write it.

    >>> shown(torch.Size([2, 3])), shown(torch.float32)
    ('2×3', 'float32')
    """
    if isinstance(what, torch.dtype):
        return str(what).removeprefix("torch.")
    return "×".join(map(str, what)) if len(what) > 1 else str(tuple(what))


def other_kind(answer: object, zh: str, en: str) -> Said:
    """Something else than what was asked for."""
    if answer is None:
        return f"这是 None，没有值；要的是：{zh}。", f"This is None, no value; give {en}."
    kind = type(answer).__name__
    return f"这是 {kind}；要的是：{zh}。", f"This is of type {kind}; give {en}."


def no_number(value: float) -> tuple[str, str]:
    """NaN, or infinite."""
    if math.isnan(value):
        return (
            "是 nan：多半是 0 除以 0，例如对空的一组求平均。",
            "nan, most often 0 divided by 0, say the mean of nothing.",
        )
    return f"是 {value}：多半除以了 0，或者数太大。", f"{value}, most often a division by 0, or a number too large."


def near(difference: float | Tensor, largest: float | Tensor) -> Said:
    """Close, but not equal."""
    if difference > NEAR * largest:
        return None
    return (
        f"很接近，最多差 {difference:.2g}；中途四舍五入了吗？",
        f"Close: it is off by {difference:.2g} at most; did you round on the way?",
    )


def too(answer: float, right: float) -> tuple[str, str]:
    """Too small or too large."""
    zh, en = ("小", "small") if answer < right else ("大", "large")
    return f"{answer:g} 太{zh}了。", f"{answer:g} is too {en}."
