"""A script in a process of its own: what it prints, and the errors in which it and its workers end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from torchhour.outcomes import Outcome, tidy

#: Where a traceback begins, and where its message does: at the first line that is not indented.
TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*", re.MULTILINE)
#: What stands between two tracebacks of one process.
BETWEEN = re.compile(r"\n\n(?:The above exception was|During handling of the above).*", re.DOTALL)


def script_outcomes(code: str, seconds: float = 120.0) -> list[Outcome]:
    """Run ``code`` as a file, as from a terminal; return its errors in order, and then what it printed.

    An error of a process that it starts comes in its place. The code may be indented. Raises
    ``subprocess.TimeoutExpired`` after ``seconds``.

    >>> [str(each) for each in script_outcomes("print(1 + 1)\\n1 / 0")]
    ['ZeroDivisionError: division by zero', '2']
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "script.py")
        path.write_text(textwrap.dedent(code), "utf-8")
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, path], env=environment, capture_output=True, encoding="utf-8", timeout=seconds
        )
    return [_error(said) for said in TRACEBACK.split(done.stderr)[1:]] + [Outcome("value", "str", tidy(done.stdout))]


def _error(said: str) -> Outcome:
    """The error whose type and message stand below a traceback."""
    name, _, message = BETWEEN.sub("", said).partition(":")
    return Outcome("error", name.strip().rpartition(".")[2], tidy(textwrap.dedent(message.lstrip(" "))))
