"""Where each language of each block stands in its source, as its author wrote it: for those who change sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.source.grouping import written
from sphinx_polyglot.source.lesson import comment_run
from sphinx_polyglot.source.marks import COMMENT, Line, Segment, Syntax
from sphinx_polyglot.source.script import Part, page_parts, script_parts


@dataclass(frozen=True)
class Place:
    """A block of prose, or a comment in several languages, with what its author wrote of it.

    ``part`` tells it from the others of its source: ``2.1`` is the first block after the second stretch of code,
    ``c0`` the first comment. ``written`` has the line of the mark, and the lines of the prose, of each language;
    a language for which another one stands in is not there. ``below`` is the line of code that follows.
    """

    part: str
    syntax: Syntax
    written: dict[str, Segment]
    below: str = ""

    @property
    def is_comment(self) -> bool:
        return self.part.startswith("c")

    @property
    def lines(self) -> range:
        """The numbers of its lines, marks included."""
        begins = [segment.number for segment in self.written.values()]
        ends = [segment.lines[-1][1] for segment in self.written.values() if segment.lines]
        return range(min(begins), max(begins + ends) + 1)

    def texts(self, language: str) -> list[str]:
        """What is written in a language; nothing where another one stands in."""
        return [text for text, _ in self.written[language].lines] if language in self.written else []


def parts_of(text: str, path: Path, languages: Sequence[str]) -> list[Part]:
    """The parts of a source: a script by its ending, else a page."""
    return (script_parts if path.suffix == ".py" else page_parts)(text, path, languages)


def places(text: str, path: Path, languages: Sequence[str]) -> list[Place]:
    """The blocks and comments of a source, in order.

    >>> script = "'''\\n%% zh\\n一\\n%% en\\nOne\\n'''\\n# zh: 二\\n# en: Two\\nx = 1\\n# %% zh\\n# 三\\n"
    >>> for place in places(script + "# %% en\\n# Three\\n", Path("one.py"), ["zh", "en"]):
    ...     print(place.part, place.texts("en"), place.lines)
    0.1 ['One'] range(2, 6)
    c0 ['Two'] range(7, 9)
    1.1 ['Three'] range(10, 14)

    Raises:
        SourceError: this is a script, and not Python.
    """
    groups = [
        (part.syntax, group)
        for part in parts_of(text, path, languages)
        for group in written(part.lines, part.syntax, part.comments, [])
    ]
    return list(_places(groups))


def _places(groups: list[tuple[Syntax, list[Segment]]]) -> Iterator[Place]:
    stretches = blocks = comments = 0
    for index, (syntax, group) in enumerate(groups):
        first = group[0]
        if first.language:
            blocks += 1
            below = [after[0] for _, after in groups[index + 1 : index + 2] if not after[0].language]
            code = _first(below[0].lines) if below else ""
            yield Place(f"{stretches}.{blocks}", syntax, {segment.language: segment for segment in group}, code)
            continue
        stretches, blocks = stretches + 1, 0
        for comment, rest in _comments(first.lines, syntax) if syntax.prefix else ():
            yield Place(f"c{comments}", syntax, comment, _first(rest))
            comments += 1


def _comments(code: list[Line], syntax: Syntax) -> Iterator[tuple[dict[str, Segment], list[Line]]]:
    """The comments of a stretch of code, each with the lines below it."""
    index = 0
    while index < len(code):
        found = COMMENT.match(code[index][0])
        run = comment_run(code[index:], syntax.languages) if found and found[2] in syntax.languages else {}
        index += len(run) or 1
        if run:
            yield {language: Segment(language, line[1], [line]) for language, line in run.items()}, code[index:]


def _first(lines: Iterable[Line]) -> str:
    """The first line that is not blank."""
    return next((text.strip() for text, _ in lines if text.strip()), "")
