"""The table of pitfalls against the PyTorch that is installed."""

from __future__ import annotations

import pytest
import torch

from torchhour.outcomes import outcome, outcomes
from torchhour.pitfalls import show
from torchhour.pitfalls.running import names
from torchhour.pitfalls.table import PITFALLS, Pitfall

CASES = [pytest.param(pitfall, id=pitfall.name) for pitfall in PITFALLS]


@pytest.mark.parametrize("pitfall", CASES)
def test_what_is_wrong_comes_to_what_the_table_says(pitfall):
    found = outcome(pitfall.wrong, names())
    assert found.type == pitfall.type, found
    if found.kind == "value":
        assert found.message == pitfall.message
    else:
        assert pitfall.message in found.message


@pytest.mark.parametrize("pitfall", CASES)
def test_what_is_right_comes_to_nothing_worse_than_a_value(pitfall):
    [found] = outcomes(pitfall.right, names())
    assert found.kind == "value", found
    assert pitfall.instead in ("", found.message)
    if outcome(pitfall.wrong, names()).kind == "value":
        assert pitfall.instead not in ("", pitfall.message)


@pytest.mark.parametrize("pitfall", CASES)
def test_it_is_printed_with_its_real_message(pitfall, capsys):
    torch.manual_seed(7)
    expected = torch.rand(2)
    torch.manual_seed(7)
    show(pitfall.name)
    assert torch.equal(torch.rand(2), expected)
    said = [str(each) for each in outcomes(pitfall.wrong, names()) if each.kind != "value"] or [pitfall.message]
    assert capsys.readouterr().out.split() == f"✗ {pitfall.wrong} {' '.join(said)} ✓ {pitfall.right}".split()


def test_no_name_comes_twice():
    assert len({pitfall.name for pitfall in PITFALLS}) == len(PITFALLS)


def test_one_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"^there is no pitfall 'vieuw'; choose from .*, view, "):
        show("vieuw")


def test_a_right_line_that_fails_is_not_printed_as_right(capsys):
    table = [Pitfall("empty", "pitfalls-list", "[][0]", "1 / 0", "IndexError", "list index out of range")]
    with pytest.raises(RuntimeError, match=r"^'1 / 0' should be right, but gives .*division by zero"):
        show("empty", table=table)
    assert capsys.readouterr().out == ""
