"""One language of a site; what a failed or killed build left, or was damaged since, is not built upon."""

from __future__ import annotations

import io
import os
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

from sphinx.application import Sphinx, builtin_extensions
from sphinx.locale import translators
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_polyglot.check.catalogue import remove_stale
from sphinx_polyglot.cli.bytecode import Templates
from sphinx_polyglot.cli.ownership import TEMPLATES
from sphinx_polyglot.cli.project import Project
from sphinx_polyglot.cli.publish import remove_folder
from sphinx_polyglot.disk.records import damaged, digests, give_way, read_record, write_record
from sphinx_polyglot.gallery.selection import ALL
from sphinx_polyglot.languages import native_name


@dataclass(frozen=True)
class How:
    """How to build: one ``language`` or every one, which lessons to ``execute``, how many ``jobs`` at once and on
    which ``cluster``; whether to ``wait`` for another build and to be ``quiet`` about all but lessons and faults.
    """

    language: str = ""
    execute: str = ALL
    wait: bool = False
    quiet: bool = False
    jobs: int = 1
    cluster: str = ""


@dataclass(frozen=True)
class Language:
    """A language by its ``code`` and by Sphinx's ``name`` for it, in the site of a project."""

    project: Project
    code: str
    name: str
    how: How

    @cached_property
    def folders(self) -> dict[str, Path]:
        """What Sphinx writes: the pages, and its own notes."""
        return {part: self.project.work / folder / self.code for part, folder in PARTS.items()}

    @cached_property
    def record(self) -> Path:
        """Digests of all that is in the folders, once they are whole."""
        return self.project.work / "records" / f"{self.code}.json"

    def import_extensions(self) -> None:
        """Before any language is there: a module that is imported later takes the words of the first for its own."""
        for name in (*builtin_extensions, *(self.project.config["extensions"] or [])):
            with suppress(Exception):  # Sphinx tells of it
                import_module(name)

    def begin(self, namespace: ExitStack) -> Sphinx:
        """Run the lessons that changed; what Sphinx registers with docutils is there until ``namespace`` is closed."""
        if not self.how.quiet:
            print(f"── {native_name(self.name)} ──", flush=True)
        remove_stale(self.project.sourcedir, self.project.config["locale_dirs"], self.name)
        self._remove_damaged()
        self.folders["doctrees"].mkdir(parents=True, exist_ok=True)
        translators.clear()  # or the strings of the language before would come first
        namespace.enter_context(patch_docutils(str(self.project.confdir)))
        namespace.enter_context(docutils_namespace())
        settings = {"language": self.name, "polyglot_execute": self.how.execute}
        settings |= {"polyglot_jobs": float(self.how.jobs), "polyglot_cluster": self.how.cluster}
        status = io.StringIO() if self.how.quiet else sys.stdout
        folders = (self.project.sourcedir, self.project.confdir, *self.folders.values())
        strict = self.project.config.settings.fail_on_warning
        app = Sphinx(*folders, "html", settings, status, warningiserror=strict)
        app.builder.templates.environment.bytecode_cache = Templates(self.project.work / TEMPLATES)
        return app

    def finish(self, app: Sphinx) -> bool:
        """Read and write the pages; tell whether there was no fault."""
        give_way(self.record)
        self.record.unlink(missing_ok=True)  # not before: to run the lessons, as was done by now, changes no page
        app.build()
        if app.statuscode == 0:
            write_record(self.record, {part: digests(folder) for part, folder in self.folders.items()})
        return app.statuscode == 0

    def _remove_damaged(self) -> None:
        """Have the pages written anew unless all is as the last build left it."""
        known = read_record(self.record)
        known = known if known and all(isinstance(known.get(part), dict) for part in self.folders) else {}
        for part, folder in self.folders.items():
            wrong = damaged(folder, known[part]) if known else []
            if wrong:
                place = os.path.relpath(folder / wrong[0], self.project.confdir)
                more = f" and {len(wrong) - 1} more" if wrong[1:] else ""
                print(f"{place}{more}: not as the last build left it; the pages are written anew", flush=True)
            if wrong or not known:
                known = {}
        if not known:
            for folder in self.folders.values():
                remove_folder(folder)


#: What Sphinx writes for a language, and the folder of the build's work in which it lies.
PARTS = {"pages": "html", "doctrees": "doctrees"}
