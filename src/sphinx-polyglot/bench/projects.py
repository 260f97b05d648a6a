"""Projects of synthetic lessons on the disk, and the edits that are timed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bench.lessons import GROUP, MODULE, lesson_name, module_name, page, script

#: Sphinx's names of the languages.
LANGUAGES = {"en": "en", "zh": "zh_CN", "fr": "fr"}
CONF = """\
import os
import sys
from pathlib import Path

root = Path(__file__).parent
sys.path.insert(0, str(root / "src"))
os.environ["BENCH_RAN"] = str(root / "ran")
project = "Bench"
html_theme = "furo"
html_copy_source = False
sphinx_gallery_conf = {
    "examples_dirs": "../gallery", "gallery_dirs": "lessons", "filename_pattern": r"\\.py$",
    "within_subsection_order": "FileNameSortKey", "min_reported_time": float("inf"), "remove_config_comments": True,
    "notebook_extensions": set(), "download_all_examples": False, "write_computation_times": False,
    "show_signature": False, "abort_on_example_error": True,
}
"""
OURS = """\
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk", "sphinx_polyglot.mathematics"]
polyglot_languages = {languages}
polyglot_source_dirs = ["src"]
"""
PLAIN = """\
extensions = ["sphinx_gallery.gen_gallery"]
language = "{language}"
sphinx_gallery_conf["parallel"] = {parallel}
"""
#: The pages made of a kind of edit show its edition; this is where an author writes it.
EDITIONS = {"prose": r"(?<=prose-)\d+", "code": r"(?<=^edition = )\d+", "library": r"(?<=^EDITION = )\d+"}


@dataclass(frozen=True)
class Shape:
    """A project's lessons, the codes of its languages, the seconds that a lesson takes, and how many run at once."""

    lessons: int = 50
    languages: tuple[str, ...] = ("en", "zh")
    seconds: float = 0.1
    jobs: int = 1


@dataclass
class Project:
    """A project: ours, with every language in its scripts, or an ordinary one of Sphinx-Gallery's in one language."""

    root: Path
    shape: Shape
    languages: tuple[str, ...]
    is_ours: bool
    editions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EDITIONS, 0))

    def write(self) -> None:
        """Write all of it into an empty folder."""
        for lesson in range(self.shape.lessons):
            text = script(lesson, self.shape.seconds, self.languages, self.is_ours)
            self._put(f"gallery/{lesson_name(lesson)}.py", text)
            self._put(f"src/{module_name(lesson)}.py", MODULE)
        self._put("gallery/GALLERY_HEADER.rst", page("gallery", "", self.languages, self.is_ours))
        toctree = ".. toctree::\n\n   lessons/index\n"
        self._put("docs/index.rst", page("home", toctree, self.languages, self.is_ours))
        self._put("conf.py", CONF + self._conf())

    def edit(self, kind: str) -> None:
        """Edit the prose or the code of the first lesson, or the module that it imports with others."""
        if kind not in EDITIONS:
            return
        self.editions[kind] += 1
        name = f"src/{module_name(0)}.py" if kind == "library" else f"gallery/{lesson_name(0)}.py"
        text = (self.root / name).read_text("utf-8")
        self._put(name, re.sub(EDITIONS[kind], str(self.editions[kind]), text, flags=re.MULTILINE))

    def expected(self, kind: str) -> list[int]:
        """The lessons that a build has to run after such an edit."""
        everything = list(range(self.shape.lessons))
        ours = {"nothing": 0, "prose": 0, "code": 1, "library": GROUP}
        plain = {"nothing": 0, "prose": 1, "code": 1}
        return everything[: (ours if self.is_ours else plain).get(kind)]

    def pages(self, lesson: int) -> list[Path]:
        """A lesson's page in each language of the built site."""
        site = self.root / "build/html"
        folders = [site / code for code in self.languages] if self.is_ours else [site]
        return [folder / f"lessons/{lesson_name(lesson)}.html" for folder in folders]

    def shown(self, lesson: int) -> list[str]:
        """What the page of a lesson has to show: the editions of what it is made of."""
        edited = {"prose": lesson == 0, "code": lesson == 0, "library": lesson < GROUP}
        return [f"{kind}-{self.editions[kind] * edited[kind]}" for kind in EDITIONS]

    def _conf(self) -> str:
        if self.is_ours:
            return OURS.format(languages={code: LANGUAGES[code] for code in self.languages})
        return PLAIN.format(language=LANGUAGES[self.languages[0]], parallel=self.shape.jobs > 1 and self.shape.jobs)

    def _put(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
