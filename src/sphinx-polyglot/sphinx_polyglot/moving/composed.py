"""Write a script of marks from rows of several languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.aligned import Row
from sphinx_polyglot.moving.comments import comments, indent_of
from sphinx_polyglot.moving.copies import Copy
from sphinx_polyglot.moving.headings import paired, titled
from sphinx_polyglot.moving.items import CODE, COMMENT, PROSE, Item


def composed(copies: Mapping[str, Copy], rows: Sequence[Row], base: str) -> str:
    """The text of the script; the code is that of ``base``, the languages stand in the order of ``copies``."""
    body = _Body(tuple(copies), base, copies[base].joined)
    for row in rows:
        body.add(row)
    body.flush()
    head = docstring(marked(copies), copies[base].path)
    return "\n".join([*_above(copies, base), *head, *body.lines]).rstrip("\n") + "\n"


def marked(copies: Mapping[str, Copy]) -> list[str]:
    """The lines of the head, or of a gallery's header, in each language that has one."""
    lines: list[str] = []
    for code, copy in copies.items():
        if copy.head:
            lines += [*([""] if lines else []), f"%% {code}", *(text for text, _ in titled(copy.head)[0])]
    return lines


def docstring(lines: Sequence[str], path: Path) -> list[str]:
    """The lines between quotes that they do not hold, raw where they have a backslash.

    Raises:
        SourceError: they hold both kinds of quotes.
    """
    text = "\n".join(lines)
    quotes = next((quotes for quotes in ('"""', "'''") if quotes not in text), "")
    if not quotes:
        raise SourceError(path, 1, "the docstring holds both kinds of triple quotes; keep one of them")
    raw = "r" if "\\" in text else ""
    return [raw + quotes, *lines, quotes]


def commented(lines: Sequence[str]) -> list[str]:
    """Prose as comments.

    >>> commented(["A", ""])
    ['# A', '#']
    """
    return [f"# {line}".rstrip() for line in lines]


def _above(copies: Mapping[str, Copy], base: str) -> list[str]:
    """What stands above the docstrings, each line once."""
    others = [text for copy in copies.values() for text, _ in copy.above]
    return list(dict.fromkeys([*(text for text, _ in copies[base].above), *others]))


class _Body:
    """The lines below the docstring; ``waiting`` are comments that stand above the code that comes next."""

    def __init__(self, languages: tuple[str, ...], base: str, joined: set[int]) -> None:
        self.languages, self.base, self.joined = languages, base, joined
        self.lines: list[str] = []
        self.waiting: list[str] = []
        self.begin, self.below_prose = 0, False

    def add(self, row: Row) -> None:
        """Add what stands at one place."""
        item = row.get(self.base) or next(iter(row.values()))
        {PROSE: self._prose, COMMENT: self._comment, CODE: self._code}[item.kind](row, item)

    def flush(self) -> None:
        """Write the comments that wait."""
        self.lines += self.waiting
        self.waiting = []

    def _gap(self, item: Item) -> list[str]:
        gap = max(item.gap, int(self.below_prose))
        self.below_prose = False
        return [""] * gap

    def _prose(self, row: Row, item: Item) -> None:
        self.flush()
        self.lines += [""] * max(1, item.gap)
        for number, block in enumerate(paired({code: row[code].cells for code in self.languages if code in row})):
            self.lines += [""] if number else []
            lines: list[str] = []
            for code, prose in block.items():
                lines += [*([""] if lines else []), f"%% {code}", *(text for text, _ in prose)]
            self.lines += commented(lines)
        self.below_prose = True

    def _comment(self, row: Row, item: Item) -> None:
        self.waiting += self._gap(item)
        runs = {code: row[code].lines for code in self.languages if code in row}
        self.waiting += comments(runs, item.lines, len(runs) == len(self.languages))

    def _code(self, row: Row, item: Item) -> None:
        text, number = item.lines[0]
        notes = {code: row[code].note if code in row else "" for code in self.languages}
        same = len(set(notes.values())) == 1
        above = [] if same else [f"# {code}: {note}" for code, note in notes.items() if note]
        if number in self.joined:
            above = [line.strip() for line in self.waiting if line.strip()] + above
            indent = indent_of(self.lines[self.begin])
            self.lines[self.begin : self.begin] = [indent + line for line in above]
            self.begin += len(above)
        else:
            self.waiting += self._gap(item) if not self.waiting or item.gap else []
            self.lines += [*self.waiting, *(indent_of(text) + line for line in above)]
            self.begin = len(self.lines)
        self.waiting = []
        self.lines.append(item.written if same else text)
