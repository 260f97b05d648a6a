"""What ``launch`` runs in each process that it starts: torchrun in one, the script in the others.

Each of them reads a pipe that only the process which called ``launch`` can write to. That one never writes; once it
lets go of the pipe, or is gone, however that went, the others read its end, and end themselves.
"""

from __future__ import annotations

import faulthandler
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

#: The files in the folder of notes, each with a rank at its end: the process's number, an error's traceback, what the
#: interpreter wrote when it crashed or its time was over, and how one ended that could write nothing itself.
PROCESS, FAILED, STOPPED, ENDED = "process-", "failed-", "stopped-", "ended-"
#: Seconds after the workers' time at which torchrun's is over, too.
LATER = 3


def run_torchrun(arguments: list[str], notes: Path, deadline: float) -> None:
    """torchrun with these arguments, until ``deadline``, in seconds as ``time.time`` counts them."""
    _end_with_launcher(lambda: os.kill(os.getpid(), signal.SIGTERM))  # it ends its workers first
    faulthandler.dump_traceback_later(max(1, deadline + LATER - time.time()), exit=True)
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main

    try:
        main(arguments)
    except ChildFailedError as error:
        for rank, failure in error.failures.items():
            noted = [notes / f"{kind}{rank}" for kind in (FAILED, STOPPED)]
            is_told = any(path.exists() and path.stat().st_size for path in noted)
            if not is_told and failure.exitcode != -signal.SIGTERM:  # torchrun's own, to those that are left
                signaled = f"killed by {failure.signal_name()}, perhaps for want of memory"
                ended = f"ended with exit code {failure.exitcode}, without a traceback"
                (notes / f"{ENDED}{rank}").write_text(signaled if failure.exitcode < 0 else ended)
        raise


def run_script(arguments: list[str], notes: Path, deadline: float) -> None:
    """A script, as Python itself would run it, in a worker of torchrun's; what goes wrong is noted."""
    _end_with_launcher(lambda: os._exit(1))
    rank, script = os.environ["RANK"], arguments[0]
    (notes / f"{PROCESS}{rank}").write_text(str(os.getpid()))
    stopped = open(notes / f"{STOPPED}{rank}", "w")  # noqa: SIM115 (open as long as the process lives)
    faulthandler.enable(stopped)
    # The interpreter's own watch: it also tells of what never gives other threads a turn. None ends here, or torchrun
    # would end the others before they have told; its own time ends all.
    faulthandler.dump_traceback_later(max(1, deadline - time.time()), file=stopped)
    sys.argv = arguments
    sys.path.insert(0, os.path.dirname(script))
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:
        if not isinstance(error, SystemExit) or error.code:
            (notes / f"{FAILED}{rank}").write_text(told(error, script), "utf-8")
            raise
    # As multiprocessing ends its own: a thread of gloo's that still holds a tensor would abort a process whose
    # interpreter is being taken down (https://github.com/pytorch/pytorch/pull/179291).
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def told(error: BaseException, script: str) -> str:
    """The traceback of ``error``, from the first line of ``script`` in it.

    >>> print(told(ValueError("too few"), "many.py"), end="")
    ValueError: too few
    """
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != script:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def _end_with_launcher(end) -> None:
    """Call ``end`` once nobody holds the other end of the pipe."""

    def wait() -> None:
        os.read(0, 1)
        end()

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    role, folder, until, *rest = sys.argv[1:]
    {"torchrun": run_torchrun, "script": run_script}[role](rest, Path(folder), float(until))
