"""What a few lines of code really do: the error they raise, the warnings they give, or the value they leave."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import torch

#: Letters in a printed line of a message, which fit beside a phone's margins when it is held sideways.
LETTERS = 72
#: What differs from run to run or from machine to machine, and what stands for it. The last one keeps addresses on the
#: web, whose slashes follow a colon or a slash.
TEMPORARY = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\s*\(Triggered internally at [^)]*\)"), ""),
    (re.compile(r"\nException raised from .*", re.DOTALL), ""),
    (re.compile(r"(Traceback of forward call that caused the error:)\n.*", re.DOTALL), r"\1 …"),
    (re.compile(r"\b0x[0-9a-fA-F]{4,}"), "0x…"),
    (re.compile(r"\b(pids?(?:\(s\))?) \d+(?:, \d+)*"), r"\1 …"),
    (re.compile(r"(?<![\w:/.…])(?:[A-Za-z]:)?[\\/]+(?:[\w.@+~-]+[\\/]+)+(?=[\w.])"), "…/"),
)


@dataclass(frozen=True)
class Outcome:
    """One thing that code did.

    ``kind`` is ``"error"``, ``"warning"`` or ``"value"``; ``type`` the name of the class, such as
    ``"RuntimeError"``, ``"UserWarning"`` or ``"Tensor"``; ``message`` what it says, or what a notebook
    would show of the value. As a string, it reads as Python prints it.

    >>> print(Outcome("error", "KeyError", "'scores'"))
    KeyError: 'scores'
    """

    kind: str
    type: str
    message: str

    def __str__(self) -> str:
        if self.kind == "value":
            return self.message
        return f"{self.type}: {self.message}" if self.message else self.type


def outcome(code: str, names: Mapping[str, object] | None = None) -> Outcome:
    """What ``code`` comes to: its error, or else its first warning, or else its value.

    >>> print(outcome("torch.zeros(2, 3).t().view(6)"))  # doctest: +ELLIPSIS
    RuntimeError: view size is not compatible with input tensor's size and stride ...
    >>> outcome("torch.zeros(2, 3).sum()")
    Outcome(kind='value', type='Tensor', message='tensor(0.)')
    """
    happened = outcomes(code, names)
    return happened[-1] if happened[-1].kind == "error" else happened[0]


def outcomes(code: str, names: Mapping[str, object] | None = None) -> list[Outcome]:
    """All that happens when ``code`` runs: its warnings in order, then its error or its value.

    The code may be indented. It runs in a namespace of its own that holds ``torch`` and ``names``,
    with torch's random numbers from seed 0, and leaves the caller's as they were. Its value is what
    it prints, then the value of its last line, if that is an expression. Messages are without
    colors, paths, addresses and numbers of processes, for which ``…`` stands.

    >>> [str(each) for each in outcomes("import warnings; warnings.warn('beware'); 1 / 0")]
    ['UserWarning: beware', 'ZeroDivisionError: division by zero']
    >>> outcomes("x.add_(1)", {"x": torch.ones(1)})
    [Outcome(kind='value', type='Tensor', message='tensor([2.])')]
    """
    happened: list[Outcome] = []
    with torch.random.fork_rng(devices=[]), torch.enable_grad(), _noted(happened):
        torch.manual_seed(0)
        with redirect_stdout(io.StringIO()) as printed:
            value = _run(textwrap.dedent(code), {"torch": torch, "__name__": "outcome", **(names or {})})
        shown = printed.getvalue() + ("" if value is None else repr(value))
        happened.append(Outcome("value", type(value).__name__, tidy(shown)))
    return happened


@contextmanager
def caught() -> Iterator[None]:
    """Print the warnings and the error of the lines below ``with``, each of them once, and go on after them.

    >>> with caught():
    ...     torch.zeros(2) + torch.zeros(3)
    RuntimeError: The size of tensor a (2) must match the size of tensor b
    (3) at non-singleton dimension 0
    """
    happened: list[Outcome] = []
    with _noted(happened):
        yield
    for each in dict.fromkeys(happened):
        print(wrapped(str(each)))


def wrapped(message: str, indent: str = "") -> str:
    """A message in lines of 72 letters; its own lines remain.

    >>> print(wrapped("one two", indent="> "))
    > one two
    """
    wrap = textwrap.TextWrapper(LETTERS - len(indent), tabsize=2, break_long_words=False).wrap
    lines = [wrap(line) for line in message.splitlines()]
    return textwrap.indent("\n".join("\n".join(line) for line in lines), indent)


def tidy(message: str) -> str:
    """A message without what another run or another machine would change.

    >>> tidy("DataLoader worker (pid(s) 31, 32) in /tmp/torch/loader.py at 0x7fa0c1d2, see https://pytorch.org/docs/a")
    'DataLoader worker (pid(s) …) in …/loader.py at 0x…, see https://pytorch.org/docs/a'
    """
    for pattern, instead in TEMPORARY:
        message = pattern.sub(instead, message)
    return message.strip()


def _run(code: str, names: dict[str, object]) -> object:
    """Run all of the code; return the value of its last line, if it has one."""
    body = ast.parse(code, "<code>").body
    last = [body.pop()] if body and isinstance(body[-1], ast.Expr) else []
    exec(compile(ast.Module(body, []), "<code>", "exec"), names)
    return eval(compile(ast.Expression(last[0].value), "<code>", "eval"), names) if last else None


@contextmanager
def _noted(happened: list[Outcome]) -> Iterator[None]:
    """Add to ``happened`` the warnings of the block, also those that torch gives only once, and its error."""
    always = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ResourceWarning)  # what someone else left open, whenever that is collected
        try:
            yield
        except Exception as error:
            # As a string, a SyntaxError would name the place.
            said = error.msg if isinstance(error, SyntaxError) else str(error)
            happened.append(Outcome("error", type(error).__name__, tidy(said)))
        finally:
            torch.set_warn_always(always)
    happened[:0] = [Outcome("warning", each.category.__name__, tidy(str(each.message))) for each in given]
