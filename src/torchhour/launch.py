"""Start a script in several processes with torchrun, see its errors, and leave no process behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from torchhour import launched

#: Seconds after its time at which torchrun is killed, if nothing else has ended it; and after its end, at which
#: its workers are.
LAST, LEFT = 6, 2
#: What PyTorch says where the loopback interface has no name, as without a network; it changes nothing.
NAMELESS = re.compile(r"^\[W.*The hostname of the client socket cannot be retrieved.*\n", re.MULTILINE)
#: Where torchrun begins to write into its log.
LOGGED = re.compile(r"^[WE]\d{4} .*\btorch/distributed/elastic/", re.MULTILINE)
#: A line of a traceback as PyTorch writes it for a rank whose own is noted.
OF_RANK = re.compile(r"^\[rank\d+\]:.*\n", re.MULTILINE)
#: Where the interpreter, when it crashes, begins to tell the place of a thread; of the one that crashed.
THREAD, CRASHED = re.compile(r"^Thread ", re.MULTILINE), "\nCurrent thread "


class LaunchError(RuntimeError):
    """A script could not be started, failed or hung; the message has its own error, of the rank that had it first."""


def launch(script: ModuleType | str | Path, *arguments: str | Path, processes: int = 2, timeout: float = 120) -> None:
    """Run ``torchrun --standalone --nproc-per-node=PROCESSES SCRIPT ARGUMENTS``, and print what it prints.

    ``script`` is the path of a file, or a module that is a script. The processes talk over the loopback interface,
    at a port that the system chose, and compute with one thread each. Once this returns or raises, all of them
    have ended; and they end where this process is killed.

    Raises ``LaunchError`` where a process fails, or any still runs after ``timeout`` seconds: its message has that
    process's rank and traceback.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     script = Path(folder, "count.py")
    ...     _ = script.write_text('import os\\nif os.environ["RANK"] == "0": print("of", os.environ["WORLD_SIZE"])')
    ...     launch(script, processes=2)
    of 2
    """
    script = Path(script.__file__ if isinstance(script, ModuleType) else script).absolute()
    if not script.is_file():
        raise LaunchError(f"{script}: there is no such file; correct the path")
    with tempfile.TemporaryDirectory(prefix="launch-", ignore_cleanup_errors=True) as folder:
        notes, until = Path(folder), time.time() + timeout
        torchrun = ["--standalone", "--local-addr=127.0.0.1", f"--nproc-per-node={processes}", "--shutdown-timeout=2"]
        torchrun += [f"--log-dir={notes / 'logs'}", "--module", launched.__name__]
        command = [sys.executable, "-m", launched.__name__, "torchrun", notes, until, *torchrun]
        command += ["script", notes, until, script, *arguments]
        with _held(command, notes, timeout) as process:
            for line in process.stdout:
                print(line, end="")
            code = process.wait()
        words = (notes / "errors").read_text("utf-8", "replace")
        if code:
            words = _fault(notes, timeout) or f": torchrun ended with exit code {code}, and wrote:\n\n{words[-4000:]}"
            raise LaunchError(f"{script.name}{words}")
        print(NAMELESS.sub("", words), end="", file=sys.stderr)


@contextlib.contextmanager
def _held(command: list[object], notes: Path, timeout: float) -> Iterator[subprocess.Popen]:
    """The process that runs ``command``; when the ``with`` block is left, however, it and its children have ended."""
    leash, other = os.pipe()
    over = threading.Event()
    with os.fdopen(other, "wb") as hold, open(notes / "errors", "w") as errors:
        try:
            process = subprocess.Popen(
                list(map(str, command)),
                stdin=leash,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=os.environ | _settings(),
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # what ends our group, with Ctrl-C or a kill, leaves it time to end its own
            )
        finally:
            os.close(leash)
        threading.Thread(target=_end, args=(process, hold, over, notes, timeout + LAST), daemon=True).start()
        try:
            yield process
        finally:
            hold.close()
            process.stdout.read()  # all of them can write here: it is at its end when the last one is gone
            process.wait()
            over.set()


def _end(process: subprocess.Popen, hold: BinaryIO, over: threading.Event, notes: Path, timeout: float) -> None:
    """Wait for the end of torchrun, and kill it if it takes longer; then see that its workers end, too."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout)
    process.kill()
    hold.close()
    if not over.wait(LEFT):
        for path in notes.glob(f"{launched.PROCESS}*"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(path.read_text()), getattr(signal, "SIGKILL", signal.SIGTERM))


def _settings() -> dict[str, str]:
    """Variables of the environment: where this package is found, one thread, and the loopback interface."""
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    settings = {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
    names = {name for _, name in socket.if_nameindex()}
    if loopback := names & {"lo", "lo0"}:  # on Linux, on macOS; a machine without a network has no other
        settings["GLOO_SOCKET_IFNAME"] = loopback.pop()
    return settings


def _fault(notes: Path, timeout: float) -> str:
    """What went wrong first, as it was noted; empty where nothing was."""
    for path in notes.glob(f"{launched.ENDED}*"):
        return f", {_rank(path)}: {path.read_text()}"
    found = [path for kind in (launched.FAILED, launched.STOPPED) for path in notes.glob(f"{kind}*")]
    found = [path for path in sorted(found, key=lambda path: path.stat().st_mtime_ns) if path.stat().st_size]
    if not found:
        return ""
    words = found[0].read_text("utf-8", "replace").strip()  # the others failed because they waited for this one
    if words.startswith("Timeout"):
        places = "\n".join(f"{_rank(path)}, from its last call to its first:\n{_place(path)}" for path in sorted(found))
        remedy = "find out what these lines wait for, or give them a longer timeout"
        return f": still running after {timeout:g} s, and stopped here:\n\n{places}\n\n{remedy}"
    if found[0].name.startswith(launched.FAILED):
        return f", {_rank(found[0])}: {words.splitlines()[-1]}\n\n{words}"
    said, written = words.partition("\n")[0], (notes / "errors").read_text("utf-8", "replace")
    parts = [LOGGED.split(OF_RANK.sub("", written))[0].strip(), _place(found[0]), said]
    return f", {_rank(found[0])}: {said}\n\n" + "\n\n".join(filter(None, parts))


def _rank(path: Path) -> str:
    return f"rank {path.name.rpartition('-')[2]}"


def _place(path: Path) -> str:
    """Where the thread that crashed was, else the main one, which ``faulthandler`` tells last; not how it started."""
    words = path.read_text("utf-8", "replace")
    thread = THREAD.split(words.partition(CRASHED)[2] or words)
    frames = [line for line in thread[0 if CRASHED in words else -1].splitlines() if line.startswith("  File")]
    return "\n".join(line for line in frames if "<frozen runpy>" not in line and launched.__file__ not in line)
