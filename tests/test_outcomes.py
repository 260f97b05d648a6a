"""What code does, against Python's own prompt: the same error, the same value, the same warning, each time."""

from __future__ import annotations

import code
import contextlib
import io
import warnings

import pytest
import torch

from torchhour.outcomes import Outcome, caught, outcome, outcomes, tidy, wrapped

#: Lines for the prompt; each comes to an error or a value.
LINES = [
    "1 / 0",
    "{}['scores']",
    "raise ValueError",
    "torch.zeros(2, 3).t().view(6)",
    "torch.ones(2, requires_grad=True).exp().backward()",
    "torch.ones(2, 3)",
    "[1, 'two']",
    "print('hello')",
    "x = 1",
    "None",
    "unheard_of",
    "for i in range(2): print(i)",
    "import torch.nn.functional as F; F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 3]))",
]
FORWARD = "Traceback of forward call that caused the error: …"
#: torch gives it from C++, once in a process, and names the file that it was compiled from.
ONCE = "(torch.ones(2, requires_grad=True) * 2).grad"


@pytest.mark.parametrize("line", LINES)
def test_it_reads_as_at_the_prompt(line):
    prompt = code.InteractiveInterpreter({"torch": torch})
    with contextlib.redirect_stdout(io.StringIO()) as value, contextlib.redirect_stderr(io.StringIO()) as error:
        assert not prompt.runsource(line + "\n")
    found = outcome(line)
    if found.kind == "error":
        assert error.getvalue().splitlines()[-1] == str(found)
    else:
        assert (str(found), "") == (value.getvalue().strip(), error.getvalue())


@pytest.mark.parametrize("line", ["f(async=True)", "1 +", "if True:"])
def test_code_that_is_no_python(line):
    with pytest.raises(SyntaxError) as python:
        compile(line, "<code>", "exec")
    assert outcome(line) == Outcome("error", type(python.value).__name__, python.value.msg)


def test_warnings_come_first_each_time_they_are_given():
    with pytest.warns(UserWarning, match=r"^The \.grad attribute of a Tensor that is not a leaf .* internally at"):
        always = torch.is_warn_always_enabled()
        torch.set_warn_always(True)
        exec(ONCE, {"torch": torch})
        torch.set_warn_always(always)
    for _ in range(2):
        warning, value = outcomes(ONCE)
        assert warning == outcome(ONCE) and (warning.kind, warning.type) == ("warning", "UserWarning")
        assert warning.message.endswith("for more information.")
        assert value == Outcome("value", "NoneType", "")
    assert torch.is_warn_always_enabled() == always


def test_an_error_counts_more_than_the_warnings_before_it():
    found = outcomes("import warnings\nwarnings.warn('first', FutureWarning)\nwarnings.warn('second')\nopen('')")
    assert [each.kind for each in found] == ["warning", "warning", "error"]
    assert [each.type for each in found[:2]] == ["FutureWarning", "UserWarning"]
    assert outcome("import warnings\nwarnings.warn('first')\n[][0]").type == "IndexError"
    assert outcome("import warnings\nwarnings.warn('first')\nwarnings.warn('second')").message == "first"


def test_it_runs_apart_from_what_is_around_it(capsys):
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    names = {"x": torch.ones(2)}
    with torch.no_grad():
        first = outcome("y = torch.rand(1)\nprint(y)\n(y.requires_grad_() * x).requires_grad", names)
        assert not torch.is_grad_enabled()
    assert first == outcome("y = torch.rand(1)\nprint(y)\n(y.requires_grad_() * x).requires_grad", names)
    assert first.message.endswith("\nTrue")
    assert torch.equal(torch.rand(3), expected)
    assert list(names) == ["x"] and outcome("y").type == "NameError"
    assert capsys.readouterr() == ("", "")


def test_it_may_be_indented():
    assert outcome("""
        total = 0
        for number in range(4):
            total += number
        total
    """) == Outcome("value", "int", "6")


def test_what_ends_a_program_is_not_held_back():
    with pytest.raises(SystemExit):
        outcome("raise SystemExit")


def test_paths_of_this_machine_are_left_out(tmp_path):
    found = outcome(f"open({str(tmp_path / 'no' / 'such.pt')!r})")
    assert found == Outcome("error", "FileNotFoundError", "[Errno 2] No such file or directory: '…/such.pt'")
    assert outcome("object()").message == "<object object at 0x…>"


@pytest.mark.parametrize(
    ("message", "clean"),
    [
        ("r'C:\\Users\\me\\x.pt' is gone", "r'…/x.pt' is gone"),
        ("in /opt/a/c.txt, line 3, and /usr/b/", "in …/c.txt, line 3, and …/b/"),
        ("see https://pytorch.org/docs/stable/notes.html, or pytorch.org/docs/x", None),
        ("a/b, 1/2, and/or, gallery/x.py, ../up/x.py, x // y", None),
        ("a (Triggered internally at /pytorch/aten/src/T.h:4.) b", "a b"),
        ("worker (pid 31) and (pid(s) 1, 22) died", "worker (pid …) and (pid(s) …) died"),
        ("bad\nException raised from f at /a/b.cpp:3 (most recent call first):\nframe", "bad"),
        ("in Exp. Traceback of forward call that caused the error:\n  File", f"in Exp. {FORWARD}"),
        ("\x1b[1mbold\x1b[0m", "bold"),
        ("device 0x12, at 0x7f00aa12", "device 0x12, at 0x…"),
    ],
)
def test_what_is_temporary_is_told_from_what_is_not(message, clean):
    assert tidy(message) == (message if clean is None else clean)


def test_a_block_goes_on_after_its_error(capsys):
    with caught():
        warnings.warn("beware", FutureWarning, stacklevel=1)
        warnings.warn("beware", FutureWarning, stacklevel=1)
        {}["scores"]
        print("never")
    assert capsys.readouterr() == ("FutureWarning: beware\nKeyError: 'scores'\n", "")
    with caught():
        print("well")
    assert capsys.readouterr() == ("well\n", "")


def test_a_block_keeps_the_generator_and_what_it_names(capsys):
    torch.manual_seed(7)
    expected = torch.rand(2)
    torch.manual_seed(7)
    with caught():
        kept = torch.rand(2)
        kept.view(3)
    assert torch.equal(kept, expected)
    assert capsys.readouterr().out == "RuntimeError: shape '[3]' is invalid for input of size 2\n"


def test_long_messages_are_printed_in_lines():
    message = "word " * 40 + "\n\n    indented\n" + "x" * 100
    lines = wrapped(message, "  ").splitlines()
    assert max(map(len, lines[:-1])) <= 72 and lines[-1] == "  " + "x" * 100
    assert "  " + "    indented" in lines and "" in lines
    assert " ".join(wrapped(message).split()) == " ".join(message.split())


def test_what_others_left_open_is_no_outcome(tmp_path):
    left = [(tmp_path / "left.txt").open("w")]
    left.append(left)  # a cycle: only a collection finds it
    del left
    assert [each.kind for each in outcomes("import gc; gc.collect(); 1")] == ["value"]
