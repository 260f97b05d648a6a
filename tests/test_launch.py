"""Scripts that fail, hang and lose each other in real processes: each ends with its own error, and none is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from places import REPOSITORY
from tiny import EXTENSION
from torchhour.launch import LaunchError, launch

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds what is left in /proc")

SCRIPT = """\
import os, signal, sys, time
import torch, torch.distributed as dist
from pathlib import Path

dist.init_process_group("gloo")
rank = dist.get_rank()


def work():
    numbers = torch.ones(1)
    if rank == 1:
        {fault}
    dist.all_reduce(numbers)
    return int(numbers)


os.write(1, f"sum {{work()}}\\n".encode())  # in one piece, which ``print`` does not promise
dist.destroy_process_group()
"""
#: Of a sitting process: tells with a file that it has come so far, then stays.
STAY = "Path(sys.argv[1]).touch(); time.sleep(600)"


@pytest.fixture
def mark(monkeypatch) -> Iterator[str]:
    """In the environment of all that a test starts; afterwards no process has it."""
    word = uuid.uuid4().hex
    monkeypatch.setenv("LAUNCH_MARK", word)
    yield word
    assert marked(word) == {}


def marked(word: str) -> dict[int, str]:
    """The processes with this word in their environment, each with its command, but for this one."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "environ").read_bytes() and int(folder.name) != os.getpid():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
    return found


def wait_for(condition, seconds: float = 60) -> None:
    """Until it is true, or the test fails."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last
        time.sleep(0.05)


def script(folder: Path, fault: str = "pass") -> Path:
    path = folder / "work.py"
    path.write_text(SCRIPT.format(fault=fault), "utf-8")
    return path


def fault_of(path: Path, *arguments: object, timeout: float = 50) -> str:
    """What ``launch`` says of a script that goes wrong."""
    started = time.monotonic()
    with pytest.raises(LaunchError) as raised:
        launch(path, *map(str, arguments), timeout=timeout)
    assert time.monotonic() - started < 60  # the lesson's promise, whatever the script does
    return str(raised.value)


def test_all_goes_well(tmp_path, mark, capfd):
    launch(script(tmp_path))
    launch(script(tmp_path), processes=3)
    out, err = capfd.readouterr()
    assert out == "sum 2\n" * 2 + "sum 3\n" * 3
    assert err == ""


def test_the_error_is_of_the_rank_that_had_it_first(tmp_path, mark):
    message = fault_of(script(tmp_path, "[][0]"))
    assert message.startswith("work.py, rank 1: IndexError: list index out of range\n")
    assert "in work\n    [][0]" in message and "all_reduce" not in message and "runpy" not in message


@pytest.mark.proof
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("sys.exit(3)", "work.py, rank 1: SystemExit: 3\n"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "work.py, rank 1: killed by SIGKILL"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "work.py, rank 1: Fatal Python error: Segmentation fault\n"),
        ("os.abort()", "work.py, rank 1: Fatal Python error: Aborted\n"),
        ("os._exit(4)", "work.py, rank 1: ended with exit code 4, without a traceback"),
    ],
)
def test_other_ends(tmp_path, mark, fault, said):
    message = fault_of(script(tmp_path, fault))
    assert message.startswith(said) and "Extension modules" not in message and "elastic" not in message


@pytest.mark.proof
def test_one_that_leaves_early(tmp_path, mark):
    """The other waits in vain, and says so where it waited."""
    message = fault_of(script(tmp_path, "return 0"))
    assert message.startswith("work.py, rank 0: RuntimeError: ") and "dist.all_reduce(numbers)" in message
    assert "by peer" in message


@pytest.mark.proof
@pytest.mark.parametrize(
    "fault",
    [
        "time.sleep(600)",
        pytest.param("sum(range(10**13))", id="without giving other threads a turn"),
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
        "os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
def test_a_hang_is_told_with_its_place(tmp_path, mark, fault):
    message = fault_of(script(tmp_path, fault), timeout=35)
    assert message.startswith("work.py: still running after 35 s, and stopped here:\n")
    waiting = message.partition("rank 1")[0]
    assert "rank 0" in waiting and "in all_reduce" in waiting and 'work.py", line 13 in work' in waiting
    if "SIGSTOP" not in fault:  # one that is stopped can tell nothing
        assert 'work.py", line 12 in work' in message.partition("rank 1")[2]


@pytest.mark.proof
def test_no_file(tmp_path, mark):
    assert fault_of(tmp_path / "nowhere.py").endswith("nowhere.py: there is no such file; correct the path")


@pytest.mark.proof
def test_a_script_that_is_no_python(tmp_path, mark):
    (tmp_path / "work.py").write_text("a =")
    assert "SyntaxError: invalid syntax" in fault_of(tmp_path / "work.py")


@pytest.mark.proof
def test_a_port_that_is_taken(tmp_path, mark, capfd):
    """The usual port of torchrun's disturbs nothing; a script that insists on a taken one tells so."""
    with socket.socket() as usual, socket.socket() as other:
        with contextlib.suppress(OSError):  # some other program has it already
            usual.bind(("127.0.0.1", 29500))
            usual.listen()
        launch(script(tmp_path))
        assert capfd.readouterr().out == "sum 2\n" * 2
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        insists = script(tmp_path).read_text().replace('"gloo"', '"gloo", init_method=METHOD, rank=RANK, world_size=2')
        head = f'import os\nMETHOD, RANK = "tcp://127.0.0.1:{port}", int(os.environ["RANK"])\n'
        head += 'os.environ["TORCHELASTIC_USE_AGENT_STORE"] = "False"\n'
        (tmp_path / "insists.py").write_text(head + insists)
        message = fault_of(tmp_path / "insists.py", timeout=45)
    assert message.startswith("insists.py, rank 0: ") and "EADDRINUSE" in message and f"port: {port}" in message


@pytest.mark.proof
def test_torchrun_itself_is_killed(tmp_path, mark):
    """With it goes the port at which the ranks met; the workers would be orphans."""
    there = tmp_path / "there"
    run = launching(script(tmp_path, STAY), there)
    wait_for(there.exists)
    [torchrun] = [number for number, command in marked(mark).items() if "launched torchrun" in command]
    os.kill(torchrun, signal.SIGKILL)
    _, err = run.communicate(timeout=45)
    assert run.returncode == 1 and "LaunchError: work.py: torchrun ended with exit code -9" in err


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.proof)]
)
def test_the_launching_process_is_ended(tmp_path, mark, number):
    """As by Ctrl-C, by whoever closes a notebook, or for want of memory."""
    there = tmp_path / "there"
    run = launching(script(tmp_path, STAY), there)
    wait_for(there.exists)
    assert len(marked(mark)) == 4  # itself, torchrun and two workers
    run.send_signal(number)
    run.communicate(timeout=45)
    wait_for(lambda: not marked(mark), 15)


@pytest.mark.proof
def test_a_worker_that_gives_no_turn_ends_with_the_launching_process(tmp_path, mark):
    there = tmp_path / "there"
    run = launching(script(tmp_path, "Path(sys.argv[1]).touch(); sum(range(10**13))"), there)
    wait_for(there.exists)
    run.kill()
    run.communicate(timeout=45)
    wait_for(lambda: not marked(mark), 15)


@pytest.mark.proof
@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0,
    reason="may not make a network of its own",
)
def test_without_a_network(tmp_path, mark):
    """On a machine that has no interface but the loopback one, and whose name leads nowhere."""
    run = f"ip link set lo up && exec {sys.executable} -c 'from torchhour.launch import launch; launch(\"{{}}\")'"
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", run.format(script(tmp_path))],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "sum 2\nsum 2\n", "")


def launching(path: Path, *arguments: object) -> subprocess.Popen:
    """A process that launches a script."""
    code = "import sys; from torchhour.launch import launch; launch(*sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), path, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_is_ended_while_its_lesson_launches(tiny, tmp_path, mark, number):
    there = tmp_path / "there"
    call = f"\nfrom torchhour.launch import launch\nlaunch({str(script(tmp_path, STAY))!r}, {str(there)!r})\n"
    lesson = next((tiny.root / "gallery").glob("10_*.py"))
    lesson.write_text(lesson.read_text("utf-8") + call, "utf-8")
    paths = [str(tiny.root / "src"), str(REPOSITORY / "src"), str(EXTENSION)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    build = subprocess.Popen(
        [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"],
        cwd=tiny.root,
        env={**environment, "TINY_LOG": str(tmp_path / "log")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(there.exists)
    build.send_signal(number)
    build.wait(30)
    wait_for(lambda: not marked(mark), 15)
