"""What a lesson may not do to those after it, and to the build: watched while it runs.

Sphinx-Gallery calls ``around`` before and after each lesson, and ``after_cell`` where it looks for
figures, so that a change can be told with its line.
"""

from __future__ import annotations

import builtins
import faulthandler
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.gallery import held
from sphinx_polyglot.gallery.upstream import SUM
from sphinx_polyglot.gallery.worker import PLACES, worker
from sphinx_polyglot.source.course import Course

AROUND, AFTER_CELL = f"{__name__}.around", f"{__name__}.after_cell"
#: Stands where Sphinx-Gallery looks for the sum of the script that made a page.
NOT_EXECUTED = "not executed"


@dataclass
class Guard:
    """The lessons of one build, and the state that each has to leave as it was.

    ``watched`` maps what a message calls a state to a function that returns it.
    """

    course: Course = field(default_factory=Course)
    timeout: float = 0
    watched: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    before: dict[str, object] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)  # the staged line of the cell that changed it
    script: str = ""
    page: Path = Path()

    def start(self, name: str) -> None:
        """A lesson, the file ``name``, begins."""
        self.before, self.changed, self.script = self.state(), {}, ""
        lesson = next((path for path in self.course.staged if Path(path).name == name), name)
        path, _ = self.course.place(lesson, 1)
        worker.begin(os.path.relpath(path, self.course.root), self.timeout)

    def look(self, line: int, script: str, page: str) -> None:
        """The cell that begins at a ``line`` of the staged ``script`` has run."""
        self.script, self.page = script, Path(page)
        now = self.state()
        for name, value in self.before.items():
            if _is_same(value, now[name]):
                self.changed.pop(name, None)
            else:
                self.changed.setdefault(name, line)
        if os.path.realpath(os.getcwd()) != os.path.realpath(Path(script).parent):
            self.changed.setdefault("the working folder", line)

    def end(self) -> None:
        """The lesson has ended; what it leaves changed would reach the next one.

        Raises:
            LessonError: it leaves something changed; and it will run again.
        """
        worker.end()
        faults = []
        for name, line in self.changed.items():
            path, line = self.course.place(self.script, line)
            names = _differing(self.before.get(name), self.state().get(name))
            name += f" ({', '.join(names)})" if names else ""
            message = f"the cell that begins here changes {name}, and the lesson leaves it so for the next one"
            faults.append(SourceError(path, line, f"{message}; put it back"))
        for path in sorted(path for path in self.course.contents if not os.path.lexists(path)):
            message = f"this was removed while {self.course.place(self.script, 1)[0].name} ran"
            faults.append(SourceError(path, 1, f"{message}; restore it, and build again"))
        if faults:
            self.page.with_name(self.page.stem + SUM).write_text(NOT_EXECUTED)
            raise LessonError(told(faults, self.course.root))

    def state(self) -> dict[str, object]:
        """All that is watched, as it is now."""
        own = {"the environment": dict(os.environ), "Python's builtins": dict(vars(builtins))}
        own["Python's builtins"].pop("_", None)  # where the interpreter, or gettext, puts it
        return own | {name: value() for name, value in self.watched.items()}


def _is_same(before: object, now: object) -> bool:
    return not _differing(before, now) if isinstance(before, dict) else before == now


def _differing(before: object, now: object) -> list[str]:
    """Which names of a dictionary changed, but for those that a library sets."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        return []
    names = (before.keys() | now.keys()) - _of_libraries
    return sorted(name for name in names if (name in before, before.get(name)) != (name in now, now.get(name)))


#: Variables of the environment that a library sets, when it is imported or used: no lesson's doing.
_of_libraries: set[str] = set()
LIBRARIES = (sys.prefix, sys.base_prefix)


def _note_setter(event: str, arguments: tuple) -> None:
    if event not in ("os.putenv", "os.unsetenv"):
        return
    frame = sys._getframe(1)
    while frame and frame.f_code.co_filename in ("<frozen os>", "<frozen _collections_abc>"):
        frame = frame.f_back
    if frame and frame.f_code.co_filename.startswith(LIBRARIES):
        _of_libraries.add(os.fsdecode(arguments[0]))


sys.addaudithook(_note_setter)
_guard = Guard()


def watch(settings: dict, course: Course) -> None:
    """Have Sphinx-Gallery call ``around`` and ``after_cell``, besides what the project has it call."""
    global _guard
    watched = {name: _function(path) for name, path in course.settings.watched.items()}
    _guard = Guard(course, course.settings.timeout, watched)
    scrapers = settings["image_scrapers"]
    own = scrapers if isinstance(scrapers, list | tuple) else [scrapers]
    settings["image_scrapers"] = [*[held.SCRAPER] * course.settings.show_names, *own, AFTER_CELL]
    places = {path: (str(lesson.path), [line for _, line in lines]) for path, (lesson, lines) in course.staged.items()}
    worker.note(PLACES, json.dumps(places))
    if worker.words:
        _tell_of_exits()


def _function(path: str) -> Callable[[], object]:
    """The function at a dotted name; imported when it is first called, since that may take seconds."""
    module, _, name = path.rpartition(".")

    def call() -> object:
        try:
            return getattr(import_module(module), name)()
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            message = f"polyglot_watched names {path!r}, which cannot be called ({error})"
            raise ConfigError(f"{message}; write a function without arguments, with its module") from None

    return call


def _tell_of_exits() -> None:
    """``os._exit`` ends the process before anything can be told: note the line first. Children may use it."""
    builder, leave = os.getpid(), os._exit

    def noted(status: int) -> None:
        if os.getpid() == builder:
            worker.words.write(f"os._exit({status})\n")
            worker.words.flush()
            faulthandler.dump_traceback(worker.words)
        leave(status)

    os._exit = noted


def around(gallery_conf: dict, fname: str | None, when: str) -> None:
    """What Sphinx-Gallery calls before and after a lesson."""
    if when == "before":
        _guard.start(str(fname))
    else:
        _guard.end()


def after_cell(block, block_vars: dict, gallery_conf: dict) -> str:
    """What Sphinx-Gallery calls after each cell; it finds no figure."""
    _guard.look(block[2], block_vars["src_file"], block_vars["target_file"])
    return ""
