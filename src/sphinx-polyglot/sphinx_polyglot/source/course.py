"""The lessons of one build, and the way back from a staged line to its author's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.disk.ledger import Ledger
from sphinx_polyglot.errors import line_name
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.settings import Settings
from sphinx_polyglot.source.lesson import Lesson
from sphinx_polyglot.source.marks import Line

FRAME = re.compile(r'File "([^"]+)", line (\d+)')


@dataclass
class Course:
    """The bilingual lessons by docname, and the language that is being built.

    ``settings`` are those of ``conf.py``, and ``root`` its folder; ``dependencies`` are what a lesson's
    outputs depend on; ``contents`` has a digest of each source as it was read, by its path;
    ``ledger`` is what builds wrote; ``remarks`` are for those who translate, by language.
    """

    settings: Settings = field(default_factory=Settings)
    language: str = ""
    lessons: dict[str, Lesson] = field(default_factory=dict)
    staged: dict[str, tuple[Lesson, list[Line]]] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    ledger: Ledger | None = None
    remarks: dict[str, str] = field(default_factory=dict)
    root: Path = Path()
    dependencies: dict[str, list[str]] = field(default_factory=dict)

    @property
    def languages(self) -> dict[str, str]:
        """A code, such as ``zh``, and Sphinx's name for the language, ``zh_CN``."""
        return self.settings.languages

    @property
    def drafts(self) -> dict[str, str]:
        """The languages not wholly translated, each with the one that stands in."""
        return self.settings.drafts

    @property
    def stand_in(self) -> str:
        """The language that fills the gaps of the one that is built; empty where that has none."""
        return self.drafts.get(self.language, "")

    @property
    def codes(self) -> Languages:
        """The languages as those who read sources want them."""
        return Languages(self.languages, self.drafts, self.settings.translated)

    def __getstate__(self) -> dict:
        return {}  # Sphinx pickles its environment; the course is read anew by each build

    def place(self, path: str | Path, line: int) -> tuple[Path, int]:
        """The author's file and line for a line of a staged script."""
        found = self.staged.get(str(path))
        if found is None:
            return Path(path), line
        lesson, lines = found
        written = [number for _, number in lines[max(line - 1, 0) :] if number]  # 0 is a line that no author wrote
        return lesson.path, written[0] if written else 1

    def with_author_places(self, text: str) -> str:
        """``text``, say a traceback, with staged places turned into the author's."""

        def replace(match: re.Match[str]) -> str:
            path, line = self.place(match[1], int(match[2]))
            return f'File "{path}", line {line_name(path, line)}'

        return FRAME.sub(replace, text)
