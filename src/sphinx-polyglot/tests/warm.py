"""Commands in processes that have imported Sphinx already: a fifth of the time of a new interpreter.

A helper imports what every build needs and then only forks, so each command still has a process of its own
and starts from the same state. Where the process itself is the point (how it starts, how it is ended, what
leads it), tests run a new interpreter instead.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

#: Where the commands are.
#: The smallest project whose theme is that of the tiny course.
CONF = """\
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk", "sphinx_polyglot.mathematics"]
project = "Warm"
html_theme = "furo"
polyglot_languages = {"en": "en"}
sphinx_gallery_conf = {"examples_dirs": [], "gallery_dirs": []}
"""
MAINS = {"sphinx_polyglot": "sphinx_polyglot.__main__", "sphinx": "sphinx.cmd.build"}


def run(module: str, arguments: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess:
    """What ``python -m module arguments`` does in a folder, without a leader."""
    helper = _helper()
    with tempfile.TemporaryDirectory(prefix="warm-") as notes:
        order = [module, arguments, str(folder), environment, notes]
        helper.stdin.write(json.dumps(order) + "\n")
        helper.stdin.flush()
        code = int(helper.stdout.readline())
        output, errors = (Path(notes, name).read_text("utf-8", "replace") for name in ("output", "errors"))
    return subprocess.CompletedProcess([module, *arguments], code, output, errors)


@functools.cache
def _helper() -> subprocess.Popen:
    """One for each process of pytest."""
    helper = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(helper.communicate)
    return helper


def _serve() -> None:
    """Fork for each order, and answer with the exit code."""
    _import_everything()
    _compile_templates()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _obey(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


def _import_everything() -> None:
    from sphinx.application import builtin_extensions
    from sphinx_gallery.scrapers import _import_matplotlib

    import sphinx_polyglot

    _import_matplotlib()  # with the backend that Sphinx-Gallery takes
    ours = [name for _, name, _ in walk_packages(sphinx_polyglot.__path__, "sphinx_polyglot.")]
    for name in (
        *builtin_extensions,
        *ours,
        *MAINS.values(),
        "furo",
        "sphinx.ext.mathjax",
        "sphinx_basic_ng",
        "jupytext",
    ):
        import_module(name)


def _compile_templates() -> None:
    """Have a fork build a site, and keep what it compiled of the theme: each later fork has it."""
    from sphinx_polyglot.cli.bytecode import Templates
    from sphinx_polyglot.cli.ownership import TEMPLATES, WORK

    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        course = Path(folder)
        (course / "notes").mkdir()
        (course / "conf.py").write_text(CONF)
        (course / "index.rst").write_text("Home\n====\n")
        child = os.fork()
        if not child:
            arguments = ["build", ".", "build/html", "--quiet"]
            _obey("sphinx_polyglot", arguments, folder, dict(os.environ), str(course / "notes"))
        os.waitpid(child, 0)
        Templates.remember(course / "build" / WORK / TEMPLATES)


def _obey(module: str, arguments: list[str], folder: str, environment: dict[str, str], notes: str) -> None:
    """In the fork: become the command."""
    from sphinx_polyglot.gallery.worker import worker

    files = [(Path(os.devnull), "r"), (Path(notes, "output"), "w"), (Path(notes, "errors"), "w")]
    for number, (path, mode) in enumerate(files):
        with path.open(mode) as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    paths = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[0:1] = [folder, *filter(None, paths)]
    sys.argv = [module, *arguments]
    worker.notes = Path(notes)  # a leader would have given it this folder
    code: object = 1
    try:
        code = import_module(MAINS[module]).main(arguments)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
