"""However a build ends, it is told, and nothing of it goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from sphinx_polyglot.gallery.worker import PLACES, VARIABLE
from sphinx_polyglot.running.ending import last_words
from tiny import EXTENSION, Tiny, tiny_course

#: A worker without Sphinx: a lesson of one line, seven lines down in the author's file.
WORKER = """\
import json, sys
from sphinx_polyglot.running.inside import _tell_of_exits
from sphinx_polyglot.gallery.worker import PLACES, worker
worker.note(PLACES, json.dumps({"stage.py": ["gallery/20_data.py", [7]]}))
_tell_of_exits()
worker.begin(1)
exec(compile(sys.argv[1], "stage.py", "exec"))
"""


def words_of(lesson: str, folder) -> str:
    """What is told of a process that ended while this lesson ran."""
    paths = os.pathsep.join([str(EXTENSION), os.environ.get("PYTHONPATH", "")])
    reading, holding = os.pipe()
    environment = {**os.environ, "PYTHONPATH": paths, VARIABLE: f"{reading}:{folder}"}
    command = [sys.executable, "-c", WORKER, lesson]
    done = subprocess.run(command, env=environment, pass_fds=[reading], capture_output=True, check=False)
    for end in (reading, holding):
        os.close(end)
    assert (folder / PLACES).exists(), done.stderr
    return last_words(folder, done.returncode)


@pytest.mark.parametrize(
    ("lesson", "message"),
    [
        ("import os; os._exit(0)", "the lesson ended its process with os._exit(0); remove that call"),
        ("import ctypes; ctypes.string_at(0)", "the lesson crashed Python (Segmentation fault); find out what"),
        ("import time; time.sleep(60)", "the lesson ran longer than polyglot_timeout allows; make it shorter, or"),
    ],
)
def test_an_early_end_is_told_with_the_authors_line(tmp_path, lesson, message):
    assert words_of(lesson, tmp_path).startswith(f"gallery/20_data.py:7: {message}")


def test_a_killed_process_is_told_with_the_lesson(tmp_path):
    told = words_of("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tmp_path)
    assert told.startswith("gallery/20_data.py: the lesson's process ended before its time, with SIGKILL, perhaps")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Tiny:
    """One lesson."""
    course = tiny_course(tmp_path_factory.mktemp("supervised"))
    course.new_interpreter = True
    for name in ("10_module", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    return course


def lesson(course: Tiny, code: str) -> None:
    """Have the lesson end in this code."""
    text = (course.root / "gallery/20_data.py").read_text("utf-8")
    course.write("gallery/20_data.py", f"{text.split('value = 1')[0]}value = 1\n{code}\n")


def lives(number: int) -> bool:
    """Tell whether a process is at work; one that has ended and is not fetched yet is not."""
    try:
        with open(f"/proc/{number}/stat") as state:
            return state.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_lesson_that_ends_the_program_is_told(course):
    lesson(course, "import sys\nsys.exit(0)")
    shutil.rmtree(course.root / "build", ignore_errors=True)  # another test's site
    done = course.build()
    assert done.returncode == 1
    line = (course.root / "gallery/20_data.py").read_text("utf-8").split("\n").index("sys.exit(0)") + 1
    assert f"gallery/20_data.py:{line}: the lesson ends the program with exit code 0; remove that call" in done.stderr
    assert not (course.root / "build/html").exists()


CHILD = "subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)'])"
FORKED = "multiprocessing.get_context('fork').Process(target=time.sleep, args=(600,))\nchild.start()"
LEAVES = f"""\
import multiprocessing, subprocess, sys, threading, time
child = {CHILD}
threading.Thread(target=time.sleep, args=(600,)).start()
with open(os.environ["TINY_LOG"] + ".child", "w") as log:
    log.write(str(child.pid))
"""


@pytest.mark.everyday(1)
@pytest.mark.parametrize("leaves", [LEAVES, LEAVES.replace(CHILD, FORKED)], ids=["subprocess", "multiprocessing"])
def test_what_a_lesson_leaves_running_is_ended(course, leaves):
    lesson(course, leaves)
    done = course.build()  # returns, though the thread sleeps
    assert done.returncode == 0, done.stderr
    child, last = int((course.root / "log.child").read_text()), time.monotonic() + 10
    while lives(child) and time.monotonic() < last:  # it is killed; the system may take its time
        time.sleep(0.02)
    assert not lives(child)


def begun(course: Tiny) -> subprocess.Popen[str]:
    """A build that has come to its lesson, and to the child that it starts."""
    build = subprocess.Popen(
        [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"],
        cwd=course.root,
        env=course._environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    note = course.root / "log.child"
    while not note.exists() or not note.read_text():
        assert build.poll() is None
        time.sleep(0.02)
    return build


def test_who_asks_twice_does_not_wait(course):
    """A build that will not end has some seconds; the second signal takes them away."""
    (course.root / "log.child").unlink(missing_ok=True)
    lesson(course, f"{LEAVES}time.sleep(600)  # twice")
    conf = (course.root / "conf.py").read_text("utf-8")
    course.write("conf.py", f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{conf}")
    build = begun(course)
    course.write("conf.py", conf)
    build.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert build.poll() is None
    build.send_signal(signal.SIGTERM)
    build.communicate()
    assert build.returncode == -signal.SIGTERM
    assert not lives(int((course.root / "log.child").read_text()))


@pytest.mark.everyday(1)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_no_process(course, number):
    (course.root / "log.child").unlink(missing_ok=True)
    lesson(course, f"{LEAVES}time.sleep(600)  # {number}")
    build, note = begun(course), course.root / "log.child"
    build.send_signal(number)
    told = build.communicate()[1]  # ends when the last process has let go of it
    assert build.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert not lives(int(note.read_text()))
    if number == signal.SIGINT:
        assert "gallery/20_data.py:" in told
        assert "interrupted; the last good site stays" in told
