"""The directives of MyST: which there are, what stands in them, and their options in either of two ways."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sphinx_polyglot.source.marks import Line

DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}\s*(.*)")
OPTION = re.compile(r":([\w-]+):(?: |$)")
#: Directives whose text is none of Markdown, and those whose argument is none.
VERBATIM = {"code", "code-block", "csv-table", "doctest", "include", "literalinclude", "math", "minigallery", "raw"}
VERBATIM |= {"sourcecode", "toctree"}
#: What MyST calls a cell of a notebook.
CELLS = {"code-cell", "raw-cell"}
NAMED = VERBATIM | {"figure", "image"}


def options_of(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The options of a directive, in either of the two ways to write them, and its text.

    >>> options_of([("---", 1), ("name: curve", 2), ("---", 3), ("", 4), ("Text.", 5)])
    ([(':name: curve', 2)], [('Text.', 5)])
    """
    options: list[Line] = []
    rest = list(lines)
    if rest and rest[0][0].startswith("---"):
        end = next((index for index, (text, _) in enumerate(rest) if index and text.startswith("---")), len(rest))
        options = [(":{}: {}".format(*_split(text)).rstrip(), number) for text, number in rest[1:end] if text.strip()]
        rest = rest[end + 1 :]
    while rest and OPTION.match(rest[0][0].lstrip()):
        options.append((rest[0][0].strip(), rest.pop(0)[1]))
    while rest and not rest[0][0].strip():
        rest.pop(0)
    return options, rest


def _split(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip().strip("\"'")
