"""What a few lines of code really do: the error they raise, the warnings they give, or the value they leave."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import warnings
from collections.abc import Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import torch

#: What differs from run to run or from machine to machine, and what stands for it. The last one keeps addresses on the
#: web, whose slashes follow a colon or a slash.
TEMPORARY = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\s*\(Triggered internally at [^)]*\)"), ""),
    (re.compile(r"\nException raised from .*", re.DOTALL), ""),
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
    with warnings.catch_warnings(record=True) as caught, _once_more(), redirect_stdout(io.StringIO()) as printed:
        warnings.simplefilter("always")
        try:
            value = _run(textwrap.dedent(code), {"torch": torch, "__name__": "outcome", **(names or {})})
        except SyntaxError as error:  # as a string, it would name the place
            end = Outcome("error", type(error).__name__, tidy(error.msg))
        except Exception as error:
            end = Outcome("error", type(error).__name__, tidy(str(error)))
        else:
            shown = printed.getvalue() + ("" if value is None else repr(value))
            end = Outcome("value", type(value).__name__, tidy(shown))
    return [Outcome("warning", each.category.__name__, tidy(str(each.message))) for each in caught] + [end]


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
def _once_more():
    """Let torch give warnings that it gives only once in a process, and draw its random numbers anew."""
    always = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    try:
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.manual_seed(0)
            yield
    finally:
        torch.set_warn_always(always)
