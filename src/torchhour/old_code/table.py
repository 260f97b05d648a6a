"""All the old lines by what they do, each found by how it begins, and shown with what came of it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from torchhour.old_code import gone, misleads, refused, warns, works
from torchhour.old_code.line import OldLine
from torchhour.outcomes import Outcome, outcomes

TABLES = {
    "raises": gone.LINES + refused.LINES,
    "warns": warns.LINES,
    "misleads": misleads.LINES,
    "works": works.LINES,
}
#: Letters in a line of a message, so that a phone shows it whole.
WIDTH = 40


def find(old: str) -> OldLine:
    """The old line that begins like this.

    Raises ``KeyError`` where none does, or more than one.

    >>> find("loss.data[0]").new
    'loss.item()'
    """
    found = [line for lines in TABLES.values() for line in lines if line.old.startswith(old)]
    if len(found) != 1:
        raise KeyError(
            f"{len(found)} old lines begin with {old!r}; write as much as only one of torchhour.old_code has"
        )
    return found[0]


def show(*olds: str) -> None:
    """Run old lines and those of today; print both, as where files are compared, each with what came of it.

    >>> show("loss.data[0]")
      loss = torch.tensor(1.5)
    - loss.data[0]
        IndexError: invalid index of a 0-dim
        tensor. Use `tensor.item()` in
        Python or `tensor.item<T>()` in C++
        to convert a 0-dim tensor to a
        number
    + loss.item()
        1.5
    """
    for number, old in enumerate(olds):
        if number:
            print()
        line = find(old)
        _print(" ", line.given)
        for sign, code, happened in (("-", line.old, line.was()), ("+", line.new, line.now())):
            _print(sign, code)
            if happened[-1].kind != "error":
                _print(" ", line.then)
            _tell(happened, "    ")


def tell(code: str, names: Mapping[str, object] | None = None) -> None:
    """Run code in which ``names`` are known; print what came of it: its warnings, then its error or its value.

    >>> tell("losses[0]", {"losses": [1.5]})
    1.5
    """
    _tell(outcomes(code, names), "")


def _print(sign: str, code: str) -> None:
    for line in code.splitlines():
        print(sign, line)


def _tell(happened: list[Outcome], indent: str) -> None:
    """Values as they are, and messages broken into short lines; addresses stay whole."""
    for one in happened:
        for line in filter(str.strip, str(one).splitlines()):
            print(textwrap.indent(line, indent) if one.kind == "value" else _broken(line, indent))


def _broken(line: str, indent: str) -> str:
    start = indent + " " * (len(line) - len(line.lstrip()))
    whole = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(line.strip(), WIDTH, initial_indent=start, subsequent_indent=start, **whole)
