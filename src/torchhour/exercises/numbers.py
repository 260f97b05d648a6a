"""What may be wrong with an answer that should be one number."""

from __future__ import annotations

import math

from torchhour.exercises.wording import RTOL, Said, near, no_number, other_kind, plain, shown, too


def _kind(right: float, answer: object) -> Said:
    shape = getattr(answer, "shape", ())
    if math.prod(shape) != 1:
        return (
            f"应当是一个数，这里的形状是 {shown(shape)}。",
            f"It should be one number; the shape here is {shown(shape)}.",
        )
    if isinstance(plain(answer), bool) or not isinstance(plain(answer), int | float):
        return other_kind(plain(answer), "一个数", "a number")
    return None


def _number(right: float, answer: object) -> Said:
    answer = plain(answer)
    if not math.isfinite(answer):
        return no_number(answer)
    if isinstance(right, float):
        if math.isclose(answer, right, rel_tol=RTOL):
            return None
        return near(abs(answer - right), abs(right)) or too(answer, right)
    return None if answer == right else too(answer, right)


LOOKS = (_kind, _number)
