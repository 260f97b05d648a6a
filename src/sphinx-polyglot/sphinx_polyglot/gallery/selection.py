"""Which lessons this build executes: all that changed, only one of them, or none.

A page that is written without outputs must not pass for a finished one, even if its
author takes the edit back: its ``.md5`` then says so, and the next full build runs it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx_gallery.gen_gallery import get_subsections
from sphinx_gallery.gen_rst import executable_script

from sphinx_polyglot.gallery.folders import gallery_pairs
from sphinx_polyglot.gallery.upstream import SUM, script_sum

ALL, NONE = "all", "none"
#: Stands where Sphinx-Gallery looks for the sum of the script that made a page.
NOT_EXECUTED = "not executed"


def choose(app: Sphinx) -> None:
    """``builder-inited``, between Sphinx-Gallery's reading of its settings and its work.

    Settings that change here are in no ``.buildinfo``: pages are not written again for them.
    """
    if not app.env.polyglot.settings.languages:
        return
    settings = app.config.sphinx_gallery_conf
    scripts = all_scripts(settings, Path(app.srcdir))
    _restrict(settings, app.env.polyglot.settings.execute, list(scripts))
    for script, page in scripts.items():
        if not executable_script(str(script), settings) and not _is_current(script, page):
            page.parent.mkdir(parents=True, exist_ok=True)
            _sum(page).write_text(NOT_EXECUTED)


def outdated(app: Sphinx, also_current: bool = False) -> dict[Path, Path]:
    """The scripts that must run, each with its copy beside the page made of it."""
    settings = app.config.sphinx_gallery_conf
    return {
        script: page
        for script, page in all_scripts(settings, Path(app.srcdir)).items()
        if executable_script(str(script), settings)
        and (also_current or settings["run_stale_examples"] or not _is_current(script, page))
    }


def is_up_to_date(app: Sphinx) -> bool:
    """Whether the next language's build will run nothing: lessons that failed, say, are run again."""
    return not outdated(app)


def has_run(srcdir: Path, docname: str) -> bool:
    """Whether a page shows a run of its lesson, be it of an earlier build."""
    ran = Path(srcdir, f"{docname}{SUM}")
    return ran.is_file() and ran.read_text("utf-8", errors="replace") != NOT_EXECUTED


def check_lesson(name: str, names: list[str]) -> None:
    """Raise ``ConfigError`` unless there is a lesson of this name.

    >>> check_lesson("20_autograd", ["10_tensors", "20_autograd"])
    """
    if name not in names:
        raise ConfigError(f'no lesson is called "{name}"; name one of these: {", ".join(names)}')


def _restrict(settings: dict, wanted: str, scripts: list[Path]) -> None:
    """Leave the project's own choice as it is, or less of it."""
    if wanted == NONE:
        settings["plot_gallery"] = False
    elif wanted != ALL:
        by_name = {script.stem: script for script in scripts}
        check_lesson(wanted, list(by_name))
        settings["plot_gallery"] = executable_script(str(by_name[wanted]), settings)
        settings["filename_pattern"] = re.escape(f"{os.sep}{wanted}.py") + "$"


def all_scripts(settings: dict, sourcedir: Path) -> dict[Path, Path]:
    """Each script that Sphinx-Gallery will look at, and its copy beside the page made of it."""
    scripts = {}
    for source, target in gallery_pairs(settings):
        folder = Path(os.path.normpath(sourcedir / source))
        for section in ("", *get_subsections(sourcedir, folder, settings)):
            for script in sorted((folder / section).glob("*.py")):
                if not re.search(settings["ignore_pattern"], script.name):
                    scripts[script] = sourcedir / target / section / script.name
    return scripts


def _is_current(script: Path, page: Path) -> bool:
    return _sum(page).is_file() and _sum(page).read_text(errors="replace") == script_sum(script)


def _sum(page: Path) -> Path:
    return page.with_name(page.stem + SUM)
