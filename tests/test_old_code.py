"""Every old line does on this PyTorch what its table says, and the line of today runs without a word."""

from __future__ import annotations

import os

import pytest
import torch

from torchhour.old_code.line import OldLine
from torchhour.old_code.table import TABLES, WIDTH, find, show, tell
from torchhour.outcomes import Outcome

CASES = [pytest.param(group, line, id=line.old.splitlines()[-1]) for group in TABLES for line in TABLES[group]]


def told(happened: list[Outcome]) -> list[str]:
    return [str(each) for each in happened if str(each)]


@pytest.mark.parametrize(("group", "line"), CASES)
def test_it_does_what_the_table_says(group, line):
    """What the table has begins what PyTorch says, in that order; which group it is, PyTorch decides."""
    was, now = line.was(), line.now()
    said = iter(told(was))
    for start in line.says:
        assert any(each.startswith(start) for each in said), (start, told(was))
    assert {each.kind for each in now} == {"value"}, told(now)
    assert (was[-1].kind == "error") == (group == "raises")
    if group == "warns":
        assert was[0].kind == "warning"
    if group == "misleads":
        assert was[-1] != now[-1]
    if group == "works":
        assert was == now


@pytest.mark.parametrize(("group", "line"), CASES)
def test_it_is_found_by_itself(group, line):
    assert find(line.old) is line
    assert line.says and line.new != line.old


@pytest.mark.parametrize(("old", "number"), [("torch.", r"\d\d"), ("unheard of", "0")])
def test_not_one_line_is_told(old, number):
    with pytest.raises(KeyError, match=f"^\"{number} old lines begin with '{old}'; write as much as only one of"):
        find(old)


def test_an_error_ends_what_is_shown_of_the_old_line(capsys):
    show("images, labels = dataiter.next()")
    lines = capsys.readouterr().out.splitlines()
    assert lines.index("- images, labels = dataiter.next()") < lines.index("+ images, labels = next(dataiter)")
    assert lines.count("  labels") == 1 and lines[-2:] == ["  labels", "    tensor([7])"]


def test_a_value_is_shown_for_both(capsys):
    show("torch.range", "torch.tensor(5) / 2")
    first, second = capsys.readouterr().out.split("\n\n")
    assert first.endswith("    tensor([1., 2., 3., 4.])\n+ torch.arange(1, 5)\n    tensor([1, 2, 3, 4])")
    assert second == "- torch.tensor(5) / 2\n    tensor(2.5000)\n+ torch.tensor(5) // 2\n    tensor(2)\n"


@pytest.mark.parametrize("old", ["scheduler.step()\n", "np.array([1, 2], dtype=np.int)", 'torch.save(net, "net.pt")'])
def test_a_message_is_broken_and_whole(capsys, old):
    show(old)
    printed = capsys.readouterr().out
    message = [line for line in printed.splitlines() if line.startswith("    ")]
    assert all(len(line) <= WIDTH or " " not in line.strip() for line in message)
    assert " ".join(told(find(old).was())[-1].split()) in " ".join(printed.split())


def test_warnings_come_before_the_value(capsys):
    tell("import warnings\nwarnings.warn('beware')\nx", {"x": torch.ones(1)})
    assert capsys.readouterr().out == "UserWarning: beware\ntensor([1.])\n"


def test_files_and_folders_are_as_before(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "hub"))
    hub = torch.hub.get_dir()
    line = OldLine("", "", [], unseen='torch.save(1, "file.pt")', then="import os\nos.getcwd(), torch.hub.get_dir()")
    [value] = line.was()
    assert str(tmp_path) not in value.message
    assert os.getcwd() == str(tmp_path) and os.listdir() == [] and torch.hub.get_dir() == hub
    monkeypatch.delenv("TORCH_HOME")
    line.was()
    assert "TORCH_HOME" not in os.environ


def test_pretrained_weights_are_not_fetched():
    """Where the download would lie, there are numbers of no meaning; the network has them."""
    line = find("net = models.resnet18(pretrained=True)")
    loaded = OldLine(
        line.old, line.new, [], unseen="torch.manual_seed(1)\n" + line.unseen, then="net.fc.weight[0, 0].item()"
    )
    assert loaded.was()[-1] == loaded.now()[-1] and loaded.was()[-1].kind == "value"
