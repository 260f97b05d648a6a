"""What may be wrong with an answer that should be a tensor: kind, shape, type, device, and the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from torchhour.exercises.wording import ATOL, RTOL, Said, near, no_number, other_kind, shown, too


def _kind(right: Tensor, answer: object) -> Said:
    if isinstance(answer, Tensor):
        return None
    if isinstance(answer, np.ndarray):
        code = "torch.from_numpy(…)"
    elif isinstance(answer, str) or not isinstance(answer, int | float | Sequence):
        return other_kind(answer, "一个张量", "a tensor")
    elif isinstance(answer, Sequence) and any(isinstance(part, Tensor) for part in answer):
        code = "torch.stack(…)"
    else:
        code = "torch.tensor(…)"
    kind = type(answer).__name__
    return f"这是 {kind}，不是张量；写 {code}。", f"This is of type {kind}, not a tensor; write {code}."


def _shape(right: Tensor, answer: Tensor) -> Said:
    if answer.shape == right.shape:
        return None
    have, want, code = shown(answer.shape), shown(right.shape), f".reshape{tuple(right.shape)}"
    zh, en = "看看每一维数的是什么", "look at what each dimension counts"
    if answer.numel() == right.numel():
        zh, en = f"次序若是对的，写 {code}", f"if the order is right, write {code}"
    return f"形状是 {have}，应当是 {want}；{zh}。", f"The shape is {have} and should be {want}; {en}."


def _dtype(right: Tensor, answer: Tensor) -> Said:
    if answer.dtype == right.dtype or (_is_whole(answer) and _is_whole(right)):
        return None
    have, want, code = shown(answer.dtype), shown(right.dtype), f".to({right.dtype})"
    return f"数据类型是 {have}，应当是 {want}；写 {code}。", f"The type is {have} and should be {want}; write {code}."


def _is_whole(tensor: Tensor) -> bool:
    """Whether it holds integers, of whatever size."""
    return not (tensor.is_floating_point() or tensor.is_complex() or tensor.dtype == torch.bool)


def _device(right: Tensor, answer: Tensor) -> Said:
    if answer.device == right.device:
        return None
    return f"它在 {answer.device} 上；写 .cpu() 取回来。", f"It is on {answer.device}; fetch it back with .cpu()."


def _finite(right: Tensor, answer: Tensor) -> Said:
    for place in (~answer.isfinite()).nonzero()[:1].tolist():
        zh, en = no_number(answer[tuple(place)].item())
        return f"{place} 处{zh}", f"At {place}: {en}"
    return None


def _numbers(right: Tensor, answer: Tensor) -> Said:
    answer = answer.to(right.dtype)
    wrong = ~answer.isclose(right, rtol=RTOL, atol=ATOL)
    if not wrong.any():
        return None
    if right.is_floating_point() and (said := near((answer - right).abs().max(), right.abs().max())):
        return said
    if right.dim() == 2 and answer.T.shape == right.shape and answer.T.allclose(right, RTOL, ATOL):
        return "行和列互换了；写 .T。", "Rows and columns are swapped; write .T."
    place = wrong.nonzero()[0].tolist()
    zh, en = too(answer[tuple(place)].item(), right[tuple(place)].item())
    count, size = wrong.sum().item(), wrong.numel()
    return (
        f"{size} 个数里有 {count} 个不对；第一个在 {place}：{zh}",
        f"{count} of {size} numbers are wrong; the first is at {place}: {en}",
    )


#: In this order: one who passes over the first is heard by the next.
LOOKS = (_kind, _shape, _dtype, _device, _finite, _numbers)
