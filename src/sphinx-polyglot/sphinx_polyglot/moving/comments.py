"""Comments in code: those that differ only in their language are written once in each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sphinx_polyglot.moving.items import comment_text
from sphinx_polyglot.source.marks import Line

#: Between Chinese or Japanese letters, lines join without a blank.
NO_BLANK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uff65]{2}")


def indent_of(text: str) -> str:
    """The blanks that a line begins with."""
    return text[: len(text) - len(text.lstrip())]


def comments(runs: Mapping[str, list[Line]], own: list[Line], complete: bool) -> list[str]:
    """The comments at one place: those that are the same as they stand, the others marked."""
    texts = {code: [comment_text(text) for text, _ in lines] for code, lines in runs.items()}
    number = min(map(len, texts.values()))
    texts = {code: [*lines[: number - 1], _joined(lines[number - 1 :])] for code, lines in texts.items()}
    written: list[str] = []
    for index, (text, _) in enumerate(own[:number]):
        here = {code: lines[index] for code, lines in texts.items()}
        if complete and len(set(here.values())) == 1:
            written.append(text)
        else:
            written += [f"{indent_of(text)}# {code}: {note}" for code, note in here.items() if note]
    return written


def _joined(lines: Sequence[str]) -> str:
    """Some lines as one, without a blank between letters that need none.

    >>> _joined(["两行", "中文"]), _joined(["two", "lines"])
    ('两行中文', 'two lines')
    """
    joined, *others = lines
    for line in filter(None, map(str.strip, others)):
        joined += line if NO_BLANK.fullmatch(joined[-1:] + line[0]) else f" {line}"
    return joined
