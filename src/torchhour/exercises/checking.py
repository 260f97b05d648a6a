"""Hold a reader's answer against the right one, and say what is wrong with it."""

from __future__ import annotations

from difflib import get_close_matches

from torchhour.exercises.answers import EXERCISES
from torchhour.exercises.faults import find_fault


def check(name: str, answer: object) -> None:
    """Print whether ``answer`` is right, and if not, what is wrong with it: a line of Chinese, a line of English.

    ``name`` is the lesson's and the exercise's number, as in ``tensors-2``: what
    comes after ``solutions-`` in the address of its solution. The answer is a
    tensor, a number, or a list of several, as the exercise asks for it. The
    right answer is not printed.

    >>> check("first-steps-2", 10)
    ✗ 这是平方之和，还要取平均。
    ✗ That is the sum of the squares; take their mean.
    >>> check("first-steps-2", 5)
    ✓ 答对了。
    ✓ That is right.
    """
    print("\n".join(verdict(name, answer)))


def verdict(name: str, answer: object) -> tuple[str, str]:
    """What ``check`` prints, in Chinese and in English.

    >>> verdict("tensors-3", [0, 1])[1]
    '✗ This is of type list, not a tensor; write torch.tensor(…).'
    """
    zh, en = _verdict(name, answer)
    return (f"✗ {zh}", f"✗ {en}") if zh else ("✓ 答对了。", "✓ That is right.")


def _verdict(name: str, answer: object) -> tuple[str, str]:
    """What is wrong, in Chinese and in English; empty where nothing is."""
    if name not in EXERCISES:
        return _unknown(name)
    exercise = EXERCISES[name]()
    faults = [find_fault(right, answer) for right in exercise.rights]
    if None in faults:
        return "", ""
    for slip in exercise.slips:
        if not find_fault(slip.answer, answer):
            return slip.zh, slip.en
    # Of several right answers, the one that it comes closest to.
    _, zh, en = max(faults, key=lambda fault: fault.step)
    return zh, en


def _unknown(name: str) -> tuple[str, str]:
    names = ", ".join(EXERCISES)
    close = get_close_matches(str(name), EXERCISES, 1)
    zh, en = (f"是不是 {close[0]}？", f"Is it {close[0]}? ") if close else ("", "")
    return (
        f"没有 {name!r} 这道题。{zh}能核对的有：{names}。",
        f"There is no exercise {name!r}. {en}These can be checked: {names}.",
    )
