"""What authors save, found by looking at their files again and again.

A look at a few hundred files takes milliseconds and needs no library; it works the same on
every system, and on the disks of containers and networks, which tell nobody of a change.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.gallery.folders import galleries
from sphinx_polyglot.gallery.imports import without_docstrings
from sphinx_polyglot.gallery.upstream import LISTS
from sphinx_polyglot.source.cells import code_of
from sphinx_polyglot.source.files import NOTEBOOKS

#: Seconds in which nothing may change before a save counts as whole.
SETTLED = 0.05
#: When a file was written, its size, and which file it is, should a new one take its name; and when
#: any of this was last set, which only the system can say: ``cp -p`` of a file of the same size and
#: time changes nothing else. On Windows that is when the file was made, and such a copy goes unseen.
State = tuple[int, int, int, int]


def watched(config: Configuration, sourcedir: Path, confdir: Path) -> list[Path]:
    """What a site is made of: files, and folders with all that is in them."""
    settings = config.settings
    return [
        confdir / "conf.py",
        confdir / (settings.glossary or "conf.py"),
        sourcedir,
        *(scripts for scripts, _ in galleries(config["sphinx_gallery_conf"], sourcedir)),
        *(sourcedir / path for path in config["locale_dirs"]),
        *(confdir / path for path in settings.source_dirs),
        *(confdir / path for path in config["templates_path"]),
        *(confdir / path for path in config["html_static_path"]),
        *(confdir / path for paths in settings.inputs.values() for path in paths),
    ]


def generated(config: Configuration, sourcedir: Path, confdir: Path) -> list[Path]:
    """Folders that a build writes, where they may lie among those that are watched."""
    backreferences = config["sphinx_gallery_conf"].get("backreferences_dir")
    return [
        *(pages for _, pages in galleries(config["sphinx_gallery_conf"], sourcedir)),
        *([sourcedir / backreferences] if backreferences else []),
        confdir / config.settings.stage_dir,
    ]


class Watcher:
    """Files, and what they were when they were last looked at.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> _ = (root / "10_tensors.py").write_text("x = 1")
    >>> watcher = Watcher([root], [])
    >>> watcher.saved()
    []
    >>> _ = (root / "10_tensors.py").write_text("x = 1  # a comment")
    >>> [path.name for path in watcher.saved()], watcher.new_code
    (['10_tensors.py'], False)
    """

    def __init__(self, paths: list[Path], left_out: list[Path]):
        self.paths = [Path(os.path.normpath(path)) for path in paths]
        self.left_out = {Path(os.path.normpath(path)) for path in left_out}
        self.states = self._look()
        self.codes = {path: code(path) for path in self.states}
        self.new_code = False  # whether the last save changed what scripts do

    def saved(self) -> list[Path]:
        """The files that were written, added or removed since the last call."""
        states = self._look()
        if states == self.states:
            return []
        while (later := self._look_again()) != states:
            states = later
        changed = sorted(path for path in states | self.states if states.get(path) != self.states.get(path))
        self.states = states
        codes = {path: code(path) for path in changed}
        self.new_code = any(self.codes.get(path, "") != text for path, text in codes.items())
        self.codes |= codes
        return changed

    def _look_again(self) -> dict[Path, State]:
        time.sleep(SETTLED)
        return self._look()

    def _look(self) -> dict[Path, State]:
        states = {}
        for path in (path for root in self.paths for path in self._below(root)):
            try:
                state = path.stat()
            except OSError:  # gone since its folder was read, or a link to itself
                continue
            states[path] = state.st_mtime_ns, state.st_size, state.st_ino, state.st_ctime_ns
        return states

    def _below(self, root: Path) -> Iterator[Path]:
        if root.is_file():
            yield root
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if _counts(name) and Path(folder, name) not in self.left_out]
            yield from (Path(folder, name) for name in files if _counts(name))


def _counts(name: str) -> bool:
    """Leave out what editors, Python, Sphinx and Sphinx-Gallery write beside the sources."""
    return (
        not name.startswith((".", "#", "__pycache__")) and not name.endswith(("~", ".mo", ".pyc")) and name not in LISTS
    )


def code(path: Path) -> str:
    """What a script or a notebook does, without its comments, docstrings and prose; nothing for other files."""
    if path.suffix not in (".py", *NOTEBOOKS) or not path.is_file():
        return ""
    try:
        text = path.read_bytes() if path.suffix == ".py" else code_of(path)
        return ast.dump(without_docstrings(ast.parse(text)))
    except (OSError, SyntaxError, ValueError, SourceError):
        return "not Python"
