"""What may be wrong with an answer of several parts, each a number or a shape."""

from __future__ import annotations

from itertools import permutations

from torch import Tensor

from torchhour.exercises import numbers
from torchhour.exercises.wording import Said, listed, other_kind, shown


def _kind(right: tuple, answer: object) -> Said:
    parts = listed(answer)
    if parts is None:
        return other_kind(answer, f"{len(right)} 个答案，放在方括号里", f"{len(right)} answers in brackets")
    if len(parts) != len(right):
        have, want = len(parts), len(right)
        return f"应当有 {want} 个答案，这里有 {have} 个。", f"There should be {want} answers; here are {have}."
    return None


def _parts(right: tuple, answer: object) -> Said:
    parts = listed(answer)
    said = [_part(*pair) for pair in zip(right, parts, strict=True)]
    if not any(said):
        return None
    if any(not any(map(_part, right, order)) for order in permutations(parts)):
        return "答案都在，次序不对。", "All are there, but in another order."
    index = next(index for index, fault in enumerate(said) if fault)
    zh, en = said[index]
    return f"第 {index + 1} 个：{zh}", f"Number {index + 1}: {en[0].lower()}{en[1:]}"


def _part(right: float | tuple, part: object) -> Said:
    if not isinstance(right, tuple):
        return next(filter(None, (look(right, part) for look in numbers.LOOKS)), None)
    if isinstance(part, Tensor) and part.dim():
        return "这是张量本身；写 .shape。", "This is the tensor itself; write its .shape."
    sizes = listed(part)
    if sizes is None:
        return other_kind(part, "一个形状", "a shape")
    return None if tuple(sizes) == right else (f"形状不是 {shown(sizes)}。", f"The shape is not {shown(sizes)}.")


LOOKS = (_kind, _parts)
