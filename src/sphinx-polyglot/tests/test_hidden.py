"""Characters that no reader sees: what turns or hides text is told, what a language or an emoji needs is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_polyglot.source.hidden import hidden_faults

EVIL = ["\u202e", "\u2066", "\u200b", "\u200f", "\u2060", "\ufeff", "\x1b", "\x08", "\u2028", "\u3164", "\U000e0041"]


def told(name: str, text: str) -> list[str]:
    return [str(fault) for fault in hidden_faults(Path(name), [(text, 7)])]


@pytest.mark.parametrize("letter", EVIL)
@pytest.mark.parametrize(("name", "text"), [("a.py", "admin = 1{}  # x"), ("a.py", "# 张{}量"), ("a.rst", "A{}B")])
def test_what_hides_is_told(name, text, letter):
    [fault] = told(name, text.format(letter))
    assert fault.startswith(f"{name}:7: U+{ord(letter):04X} (") and "does not show; remove it, or write" in fault


@pytest.mark.parametrize(
    "text", ["# \u05d0\u200f A", "# \u0645\u06cc\u200c\u062e", 'x = "👩\u200d💻"', "x\t=\f1", "é张"]
)
def test_what_is_needed_is_not(text):
    assert told("a.py", text) == []


def test_in_code_no_letter_excuses_a_turn():
    assert told("a.py", 'if role == "\u05d0\u2066":') != []


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", "# >>>>>>> theirs", "||||||| base"])
def test_what_a_merge_left_is_told(text):
    assert [str(fault) for fault in hidden_faults(Path("a.rst"), [(text, 3)])] == [
        "a.rst:3: a merge left both its versions here; keep one, and remove its marks"
    ]
    assert told("a.rst", "<<<< four") == []


def test_a_letter_that_was_lost_and_a_blank_too_many_are_told():
    assert told("a.rst", "点\ufffd状") == [
        "a.rst:7: U+FFFD stands for a letter that was lost when a program misread this file; write the letter again"
    ]
    assert told("a.rst", "a dotted \u00a0line") == [
        "a.rst:7: U+00A0 (NO-BREAK SPACE) stands beside a blank; remove one of them"
    ]
    assert told("a.rst", "«\u00a0oui\u00a0»") == []
