"""Inside the process of one lesson: have Sphinx-Gallery run it, and note what it says.

``python -m sphinx_polyglot.running.inside folder`` finds its job there, and leaves what came of it there.
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import os
import pickle
import sys
import traceback
from pathlib import Path

from sphinx_polyglot.gallery import drawings
from sphinx_polyglot.gallery.worker import worker
from sphinx_polyglot.running.job import Job, Outcome, Said

#: In the folder: the job, what came of it, and the copy of the project's folders in which the lesson runs.
JOB, OUTCOME, ROOT = "job", "outcome", "root"
#: A new interpreter has nothing of these to be reset; Matplotlib shall find the settings of our drawings instead.
RESET, STYLE = {"matplotlib", "seaborn"}, "matplotlibrc"

leave = os._exit  # before it tells of itself


def main(folder: Path) -> None:
    """Run the job in the folder."""
    job: Job = pickle.loads((folder / JOB).read_bytes())
    sys.path[:] = job.search_path
    os.environ.update(job.environment)
    root, outcome = folder / ROOT, Outcome()
    os.chdir(root)
    logging.getLogger("sphinx").addHandler(Listener(outcome))
    _tell_of_exits()
    worker.begin(job.timeout)
    try:
        outcome.raised = _generate(job, root)
    except SystemExit as end:
        outcome.ended = f"the lesson ends the program with exit code {end.code!r}; remove that call"
        outcome.ended += f"\n{traceback.format_exc()}"
    except BaseException as error:
        outcome.ended = f"the lesson was ended by {type(error).__name__}: {error}\n{traceback.format_exc()}"
    worker.end()
    (folder / OUTCOME).write_bytes(pickle.dumps(outcome))


def _generate(job: Job, root: Path) -> str:
    """Have Sphinx-Gallery write the lesson's page; return the traceback if the lesson raises."""
    from sphinx_gallery.gen_rst import generate_file_rst

    settings = pickle.loads(job.settings)
    resets = settings["reset_modules"]
    resets = [resets] if isinstance(resets, str) or callable(resets) else resets
    if "matplotlib" in resets:
        (root.parent / STYLE).write_text(drawings.style(settings["image_scrapers"]), "utf-8")
        os.environ["MATPLOTLIBRC"] = str(root.parent / STYLE)
    settings |= {
        "src_dir": str(root / job.srcdir),
        "reset_modules": [reset for reset in resets if reset not in RESET],
        "filename_pattern": "",  # somebody else has chosen
        "plot_gallery": True,
        "abort_on_example_error": False,
    }
    script = root / job.script
    *_, variables = generate_file_rst(script.name, root / job.pages, script.parent, settings)
    return variables.get("formatted_exception", "")


class Listener(logging.Handler):
    """Keeps the warnings."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(logging.WARNING)
        self.outcome = outcome

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one, with arguments as text."""
        arguments = record.args if isinstance(record.args, tuple) else ()
        subtype = getattr(record, "subtype", None) or ""
        self.outcome.said.append(Said(record.levelno, str(record.msg), tuple(map(str, arguments)), subtype))


def _end_children() -> None:
    """End what ``multiprocessing`` would wait for: the lesson has ended."""
    multiprocessing = sys.modules.get("multiprocessing")
    for child in multiprocessing.active_children() if multiprocessing else ():
        child.kill()


def _tell_of_exits() -> None:
    """``os._exit`` ends the process before anything can be told: note the line first. Children may use it."""
    lesson = os.getpid()

    def noted(status: int) -> None:
        if os.getpid() == lesson and worker.words:
            worker.words.write(f"os._exit({status})\n")
            worker.words.flush()
            faulthandler.dump_traceback(worker.words)
        leave(status)

    os._exit = noted


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    _end_children()
    atexit._run_exitfuncs()  # no public name for what an end does first
    sys.stdout.flush()
    sys.stderr.flush()
    leave(0)  # taking the interpreter down takes time, and some libraries then complain
