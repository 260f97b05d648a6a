"""What to send along with a lesson: all that it needs to run in a folder of its own."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cached_property
from pathlib import Path

import cloudpickle
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from sphinx_polyglot.gallery import held
from sphinx_polyglot.gallery.folders import galleries
from sphinx_polyglot.gallery.selection import all_scripts
from sphinx_polyglot.gallery.upstream import script_sum
from sphinx_polyglot.gallery.worker import STARTED
from sphinx_polyglot.running.job import Job


class Plan:
    """The lessons of one build, as they are sent away; paths are seen from ``base``, which holds them all."""

    def __init__(self, app: Sphinx):
        self.course, self.srcdir = app.env.polyglot, Path(app.srcdir)
        self.conf = app.config.sphinx_gallery_conf
        self.scripts = all_scripts(self.conf, self.srcdir)
        self.folders = galleries(self.conf, self.srcdir)
        self.base = Path(os.path.commonpath([self.course.root, self.srcdir, *(source for source, _ in self.folders)]))

    def job(self, script: Path) -> Job:
        """One lesson, with the files beside it that are no lessons."""
        lesson, lines = self.course.staged.get(str(script), (None, []))
        author = lesson.path if lesson else script
        count = script.read_text("utf-8", "replace").count("\n") + 1
        return Job(
            script=self._seen(script),
            author=os.path.relpath(author, self.course.root),
            lines=[int(number) for _, number in lines] or range(1, count + 1),
            srcdir=self._seen(self.srcdir),
            pages=self._seen(self.scripts[script].parent),
            files={self._seen(path): path.read_bytes() for path in self._beside(script)},
            settings=self._settings,
            timeout=self.course.settings.timeout,
            search_path=[path or os.getcwd() for path in sys.path],
            environment={name: value for name, value in os.environ.items() if STARTED.get(name) != value},
        )

    def key(self, script: Path) -> str:
        """What outputs are stored under: the code and all that it depends on, where it lies, and the machine."""
        place = [self._seen(path) for path in (script, self.scripts[script], self.srcdir)]
        beside = [hashlib.sha256(path.read_bytes()).hexdigest() for path in self._beside(script)]
        parts = [script_sum(script), *place, *beside, platform.system(), platform.machine()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _seen(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.base)).as_posix()

    def _beside(self, script: Path) -> list[Path]:
        """The script, and what of its gallery is no other script."""
        folder = next(source for source, _ in self.folders if script.is_relative_to(source))
        return [
            path for path in sorted(folder.rglob("*")) if path.is_file() and (path == script or self._is_data(path))
        ]

    def _is_data(self, path: Path) -> bool:
        return path not in self.scripts and "__pycache__" not in path.parts

    @cached_property
    def _settings(self) -> bytes:
        """Those of Sphinx-Gallery, with what writes down what names hold."""
        scrapers = self.conf["image_scrapers"]
        own = scrapers if isinstance(scrapers, list | tuple) else [scrapers]
        scrapers = [*[held.SCRAPER] * self.course.settings.show_names, *own]
        try:
            return cloudpickle.dumps({**self.conf, "image_scrapers": scrapers})
        except Exception as error:
            message = f"conf.py: sphinx_gallery_conf holds what cannot be sent to the process of a lesson ({error})"
            raise ConfigError(f'{message}; name a function as a text, "module.function"') from None
