"""Style sheets of the project: a browser passes over what it cannot read, without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.hidden import hidden_faults

#: What may hold braces that pair with none.
QUOTED = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def style_faults(path: Path) -> Iterator[SourceError]:
    """A style sheet that is not UTF-8, or the first brace that has no partner."""
    try:
        text = read_text(path)
    except SourceError as fault:
        yield fault
        return
    yield from hidden_faults(path, numbered(text))
    text = QUOTED.sub(lambda found: "\n" * found[0].count("\n"), text)
    opened: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        for brace in re.findall("[{}]", line):
            if brace == "{":
                opened.append(number)
            elif opened:
                opened.pop()
            else:
                yield SourceError(path, number, 'this "}" closes nothing; remove it, or restore its "{"')
                return
    if opened:
        yield SourceError(path, opened[-1], 'this "{" is never closed; write its "}"')
