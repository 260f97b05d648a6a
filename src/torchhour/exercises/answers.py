"""The exercises whose answer can be checked, each with how to find it. Nothing is computed before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import nn

from torchhour.exercises.faults import Right


class Slip(NamedTuple):
    """A wrong answer that is easily given, and what to say to it in Chinese and in English."""

    answer: Right
    zh: str
    en: str


class Exercise(NamedTuple):
    """The answers that are right, and slips."""

    rights: Sequence[Right]
    slips: Sequence[Slip] = ()


#: By name: the lesson's, as its labels begin, and the exercise's number.
EXERCISES: dict[str, Callable[[], Exercise]] = {}


def exercise(name: str) -> Callable[[Callable[[], Exercise]], Callable[[], Exercise]]:
    """Let ``check`` know an exercise by this name."""

    def register(find: Callable[[], Exercise]) -> Callable[[], Exercise]:
        EXERCISES[name] = find
        return find

    return register


def _counts(*layers: nn.Module) -> Exercise:
    """How many parameters each layer has; the slip leaves out the biases."""
    with_biases, without = [], []
    for layer in layers:
        sizes = {name: parameter.numel() for name, parameter in layer.named_parameters()}
        with_biases.append(sum(sizes.values()))
        without.append(sum(size for name, size in sizes.items() if not name.endswith("bias")))
    slip = Slip(tuple(without), "偏置也是参数，还没有数进去。", "Biases are parameters, too, and are not counted yet.")
    return Exercise([tuple(with_biases)], [slip])


@exercise("first-steps-2")
def _loss_of_two_points() -> Exercise:
    x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    off = 0 * x + 0 - y
    return Exercise(
        [(off**2).mean().item()],
        [
            Slip(
                (off**2).sum().item(), "这是平方之和，还要取平均。", "That is the sum of the squares; take their mean."
            ),
            Slip((off.mean() ** 2).item(), "先平方，再取平均。", "Square first, then take the mean."),
        ],
    )


@exercise("tensors-1")
def _three_shapes() -> Exercise:
    a = torch.zeros(2, 3)
    made = torch.cat([a, a], dim=1), torch.stack([a, a], dim=2), a @ a.T
    return Exercise([tuple(tuple(tensor.shape) for tensor in made)])


@exercise("tensors-2")
def _half_the_size() -> Exercise:
    from torchhour.data.digits import digits

    x = digits().images[0, 0]
    slip = Slip(x[::2, ::2], "这是隔一个取一个，没有取平均。", "That is every other pixel; take the mean of each 2×2.")
    return Exercise([x.view(16, 2, 16, 2).mean(dim=(1, 3))], [slip])


@exercise("tensors-3")
def _chessboard() -> Exercise:
    board = (torch.arange(8)[:, None] + torch.arange(8)) % 2
    return Exercise([board, 1 - board, board.float(), 1.0 - board])


@exercise("tensors-4")
def _average_digits() -> Exercise:
    from torchhour.data.digits import digits

    pictures = digits()
    averages = torch.stack([pictures.images[pictures.labels == digit].mean(dim=0) for digit in range(10)])
    return Exercise([averages, averages[:, 0]])


@exercise("autograd-1")
def _two_learning_rates() -> Exercise:
    def error_after(rate: float) -> float:
        return 3 * (4 - 30 * rate) + (1 - 10 * rate) - 8

    # The error falls on a line: where it is 0, the bottom; twice as far, it is as large on the other side.
    bottom = error_after(0) / (error_after(0) - error_after(1))
    return Exercise([(bottom, 2 * bottom)])


@exercise("autograd-3")
def _two_derivatives() -> Exercise:
    x = torch.tensor(2.0, requires_grad=True)
    (slope,) = torch.autograd.grad(x**3 + 4 * x, x, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, x)
    return Exercise([(slope.item(), curvature.item())])


@exercise("autograd-4")
def _factor_of_each_half() -> Exercise:
    squares = torch.arange(8.0)
    halves = squares[:4].mean() + squares[4:].mean()
    return Exercise(
        [(squares.mean() / halves).item()],
        [
            Slip(1.0, "两个平均加起来太大了。", "Two means add up to too much."),
            Slip(2.0, "反过来了：两份的和已经太大。", "The other way round: the sum of both is too large already."),
        ],
    )


@exercise("networks-1")
def _numbers_into_fc1() -> Exercise:
    def numbers_with(side: int, ceil: bool = False) -> int:
        convolutions = nn.Conv2d(1, 6, side), nn.Conv2d(6, 16, side)
        pool = nn.MaxPool2d(2, ceil_mode=ceil)
        return nn.Sequential(convolutions[0], pool, convolutions[1], pool)(torch.zeros(1, 1, 32, 32)).numel()

    return Exercise(
        [numbers_with(3)],
        [
            Slip(numbers_with(5), "那是 5×5 的卷积核。", "That is with kernels of 5×5."),
            Slip(
                numbers_with(3, ceil=True),
                "池化除不尽时，舍去余数。",
                "Where pooling does not divide evenly, the rest is dropped.",
            ),
        ],
    )


@exercise("networks-2")
def _kernel_that_changes_nothing() -> Exercise:
    kernel = nn.init.dirac_(torch.empty(1, 1, 3, 3))[0, 0]
    blur = Slip(torch.full((3, 3), 1 / 9), "这一个求平均，图会变模糊。", "This one averages, and blurs the picture.")
    return Exercise([kernel], [blur])


@exercise("classifier-1")
def _parameters_of_each_layer() -> Exercise:
    from torchhour.networks import Classifier

    return _counts(*Classifier().children())


@exercise("fine-tuning-1")
def _frozen_and_learning() -> Exercise:
    return _counts(nn.Sequential(nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)), nn.Linear(400, 5))
