"""The first thing that is wrong with an answer, in words."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from torchhour.exercises import numbers, several, tensors

#: A right answer: a tensor, a number, or several numbers or shapes in order.
Right = Tensor | float | tuple


class Fault(NamedTuple):
    """What is wrong, in Chinese and in English; the more was right before it, the higher ``step``."""

    step: int
    zh: str
    en: str


def find_fault(right: Right, answer: object) -> Fault | None:
    """The first thing that is wrong with ``answer``; none where it is ``right``, up to rounding.

    >>> import torch
    >>> find_fault(torch.eye(2), torch.ones(3, 2)).en
    'The shape is 3×2 and should be 2×2; look at what each dimension counts.'
    >>> find_fault(torch.eye(2), torch.ones(2, 2)).en
    '2 of 4 numbers are wrong; the first is at [0, 1]: 1 is too large.'
    >>> find_fault((2, 3), [2, 3])
    """
    kind = tensors if isinstance(right, Tensor) else several if isinstance(right, tuple) else numbers
    for step, look in enumerate(kind.LOOKS):
        if said := look(right, answer):
            return Fault(step, *said)
    return None
