"""What checks a reader's answer: right ones pass, each kind of wrong one is told apart, and every lesson brings it."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from places import LESSONS, REPOSITORY
from torchhour.data.digits import digits
from torchhour.exercises import check
from torchhour.exercises.answers import EXERCISES
from torchhour.exercises.checking import verdict
from torchhour.networks import Classifier

HAN = re.compile("[\u3400-\u9fff]")
RIGHT = ("✓ 答对了。", "✓ That is right.")
#: Found with a pencil, or by other means than the library's.
ANSWERS = {
    "first-steps-2": lambda: F.mse_loss(torch.zeros(2), torch.tensor([1.0, 3.0])),
    "tensors-1": lambda: [(2, 6), (2, 3, 2), (2, 2)],
    "tensors-2": lambda: F.avg_pool2d(digits()[0][0], 2)[0],
    "tensors-3": lambda: torch.tensor([[0, 1] * 4, [1, 0] * 4] * 4),
    "tensors-4": lambda: torch.stack(
        [torch.stack([p for p, label in digits() if label == d]).mean(0) for d in range(10)]
    ),
    "autograd-1": lambda: (0.05, 0.1),
    "autograd-3": lambda: [16, 12],
    "autograd-4": lambda: 1 / 2,
    "networks-1": lambda: 576,
    "networks-2": lambda: torch.eye(9)[4].view(3, 3),
    "classifier-1": lambda: [456, 2416, 48120, 10164, 850],
    "fine-tuning-1": lambda: [2572, 2005],
}
TENSORS = ["tensors-2", "tensors-3", "tensors-4", "networks-2"]


@pytest.fixture(autouse=True)
def _embedded(monkeypatch):
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)


def told(name: str, answer: object) -> str:
    """The English verdict; the Chinese one says it in Chinese, with the same mark."""
    zh, en = verdict(name, answer)
    assert HAN.search(zh) and not HAN.search(en) and zh[:2] == en[:2] and "\n" not in zh + en
    return en


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes(name):
    assert verdict(name, ANSWERS[name]()) == RIGHT


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("tensors-1", [torch.Size([2, 6]), torch.Size([2, 3, 2]), [2, 2]]),
        ("tensors-3", torch.tensor([[1, 0] * 4, [0, 1] * 4] * 4)),
        ("tensors-3", torch.tensor([[0.0, 1.0] * 4, [1.0, 0.0] * 4] * 4)),
        ("tensors-3", torch.tensor([[0, 1] * 4, [1, 0] * 4] * 4, dtype=torch.uint8)),
        ("autograd-1", torch.tensor([0.05, 0.1])),
        ("autograd-3", {"first": torch.tensor(16.0, requires_grad=True), "second": np.float32(12)}),
        ("autograd-4", torch.tensor([0.5])),
        ("networks-1", np.int64(576)),
        ("networks-2", torch.eye(9)[4].view(3, 3).requires_grad_()),
    ],
)
def test_so_does_the_same_in_another_form(name, answer):
    assert verdict(name, answer) == RIGHT


@pytest.mark.parametrize("name", TENSORS)
def test_a_tensor_is_told_what_is_wrong_with_it(name):
    right = ANSWERS[name]()
    floats = right.float()
    assert "of type ndarray, not a tensor; write torch.from_numpy(…)" in told(name, right.numpy())
    assert "of type list, not a tensor; write torch.tensor(…)" in told(name, right.tolist())
    assert "of type list, not a tensor; write torch.stack(…)" in told(name, list(right))
    assert "It is on meta; fetch it back with .cpu()" in told(name, right.to("meta"))
    assert f"The shape is 1×{'×'.join(map(str, right.shape))} and should be" in told(name, right[None])
    assert "should be" in told(name, right[1:]) and "look at what each dimension counts" in told(name, right[1:])
    assert f"write .reshape{tuple(right.shape)}" in told(name, right.flatten())
    assert "The type is bool and should be" in told(name, right > 0)
    spoilt = floats.clone()
    spoilt.view(-1)[-1] = torch.nan
    assert f"At {[size - 1 for size in right.shape]}: nan, most often 0 divided by 0" in told(name, spoilt)
    spoilt.view(-1)[-1] = -torch.inf
    assert f"At {[size - 1 for size in right.shape]}: -inf" in told(name, spoilt)


@pytest.mark.parametrize("name", ["tensors-2", "tensors-4", "networks-2"])
def test_another_type_of_float_is_told(name):
    assert "The type is float64 and should be float32; write .to(torch.float32)" in told(name, ANSWERS[name]().double())


@pytest.mark.parametrize("name", TENSORS)
def test_the_first_number_that_differs_is_told(name):
    wrong = ANSWERS[name]().float()
    place = [0] * (wrong.dim() - 1) + [2]
    wrong[tuple(place)] = 7
    found = f"1 of {wrong.numel()} numbers are wrong; the first is at {place}: 7 is too large."
    assert told(name, wrong) == f"✗ {found}"
    wrong[tuple(place)] = -7
    assert "-7 is too small" in told(name, wrong)


def test_what_is_nearly_right_or_turned_is_told():
    right = ANSWERS["tensors-2"]()
    assert "Close: it is off by 0.005" in told("tensors-2", (right * 100).round() / 100)
    assert "Rows and columns are swapped; write .T" in told("tensors-2", right.T.contiguous())
    assert "close: it is off by 0.001" in told("autograd-1", [0.05, 0.101])
    assert "Close" not in told("networks-1", 575)  # a count is right or wrong


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("networks-1", 1000, "1000 is too large."),
        ("networks-1", "576", "This is of type str; give a number."),
        ("networks-1", True, "This is of type bool; give a number."),
        ("networks-1", None, "This is None, no value; give a number."),
        ("networks-1", torch.zeros(2, 3), "It should be one number; the shape here is 2×3."),
        ("autograd-4", float("nan"), "nan, most often 0 divided by 0, say the mean of nothing."),
        ("autograd-4", float("inf"), "inf, most often a division by 0, or a number too large."),
        ("autograd-1", 0.05, "This is of type float; give 2 answers in brackets."),
        ("autograd-1", [0.05], "There should be 2 answers; here are 1."),
        ("autograd-1", [0.1, 0.05], "All are there, but in another order."),
        ("autograd-1", [0.05, 0.2], "Number 2: 0.2 is too large."),
        ("autograd-1", [0.05, "0.1"], "Number 2: this is of type str; give a number."),
        ("tensors-1", [(4, 3), (2, 3, 2), (2, 2)], "Number 1: the shape is not 4×3."),
        ("tensors-1", [torch.zeros(2, 6), (2, 3, 2), (2, 2)], "Number 1: this is the tensor itself; write its .shape."),
        ("tensors-1", [(2, 6), (2, 3, 2), 4], "Number 3: this is of type int; give a shape."),
        ("first-steps-2", 10, "That is the sum of the squares; take their mean."),
        ("first-steps-2", 4, "Square first, then take the mean."),
        ("autograd-4", 1, "Two means add up to too much."),
        ("autograd-4", 2, "The other way round: the sum of both is too large already."),
        ("networks-1", 16 * 5 * 5, "That is with kernels of 5×5."),
        ("networks-1", 16 * 7 * 7, "Where pooling does not divide evenly, the rest is dropped."),
        ("networks-2", torch.full((3, 3), 1 / 9), "This one averages, and blurs the picture."),
        ("classifier-1", [450, 2400, 48000, 10080, 840], "Biases are parameters, too, and are not counted yet."),
        ("fine-tuning-1", [2550, 2000], "Biases are parameters, too, and are not counted yet."),
    ],
)
def test_other_answers_are_told_what_is_wrong(name, answer, message):
    assert told(name, answer) == f"✗ {message}"


def test_a_slip_in_the_picture_is_told():
    assert "every other pixel" in told("tensors-2", digits()[0][0][0, ::2, ::2])


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "answer", [None, ..., object(), "", [], {}, len, Classifier, torch.empty(0), torch.zeros(2) * 1j, np.array("a")]
)
def test_whatever_is_handed_in_there_is_a_verdict_and_no_traceback(name, answer):
    assert told(name, answer).startswith("✗ ")


def test_an_unknown_name_lists_the_names(capsys):
    check("tensor-2", 1)
    zh, en = capsys.readouterr().out.splitlines()
    assert en.startswith("✗ There is no exercise 'tensor-2'. Is it tensors-2? These can be checked: ")
    assert all(name in zh and name in en for name in EXERCISES)
    assert "Is it" not in told("?", 1) and "Is it" not in told(None, 1)


def test_hints_say_what_can_be_checked():
    """Each exercise with an answer, in both languages, and none without."""
    called = re.compile(r'``check\("([\w-]+)", [^`]+\)``')
    texts = [(REPOSITORY / f"gallery/{name}.py").read_text("utf-8") for name in LESSONS]
    named = [name for text in texts for name in called.findall(text)]
    assert sorted(named) == sorted([*EXERCISES, *EXERCISES])
    for text in texts:
        first = text.find('``check("')
        assert text.count("``from torchhour.exercises import check``") == (2 if first >= 0 else 0)


@pytest.mark.everyday(1)
@pytest.mark.parametrize("lesson", ["10_tensors", "40_classifier"])
def test_a_reader_of_one_notebook_has_it(alone, lesson, tmp_path):
    """It comes with the first cell of code, though the lesson does not import it."""
    bring = next(cell for cell in alone.stored("zh", lesson).cells if cell.cell_type == "code")
    answer = "from torchhour.exercises import check\n\ncheck('tensors-3', 5)\ncheck('classifier-1', [1, 2, 3, 4, 5])\n"
    (tmp_path / "cells.py").write_text(f"{bring.source}\n{answer}", "utf-8")
    done = alone.run(tmp_path, "python", "cells.py")
    assert done.returncode == 0, done.stderr
    assert "✗ 这是 int，不是张量；写 torch.tensor(…)。\n✗ This is of type int" in done.stdout
    assert "Number 1: 1 is too small." in done.stdout
