"""Lessons run side by side, on a cluster, alone or not at all: the pages are the same, none knows of the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults import differences, generated, site, six_lessons
from tiny import CONF, EXTENSION, Tiny, tiny_course

#: A cell that goes on once the other lesson has come to its own.
MEET = """\
import time
open(os.environ["TINY_LOG"] + ".{own}", "w").close()
waited = 0
while not os.path.exists(os.environ["TINY_LOG"] + ".{other}"):
    time.sleep(0.02)
    waited += 1
    assert waited < 3000, "alone"
del waited
"""
#: What a lesson may do to the process that it runs in.
SPOIL = """\
import builtins, warnings
os.environ["SPOILT"], builtins.spoilt = "1", 1
os.chdir("/")
warnings.simplefilter("error")
"""
CLEAN = """\
print(os.environ.get("SPOILT"), "spoilt" in dir(__builtins__), os.getcwd() == "/")
"""
WORKER_DIES = """\
import signal
with open(os.environ["TINY_LOG"], "a") as log:
    log.write("dies\\n")
if {always} or open(os.environ["TINY_LOG"]).read().count("dies") == 1:
    os.kill(os.getppid(), signal.SIGKILL)
"""


def insert(course: Tiny, name: str, code: str) -> None:
    """Put code into a lesson."""
    course.edit(f"gallery/{name}.py", "value = 1\n", f"{code}value = 1\n")


def ran(course: Tiny) -> list[str]:
    """Which lessons ran, sorted: two at once come in any order."""
    log = course.root / "log"
    names = sorted(log.read_text().split()) if log.exists() else []
    log.write_text("")
    return names


@pytest.fixture
def meeting(tiny) -> Tiny:
    """Two lessons that wait for each other."""
    insert(tiny, "10_module", MEET.format(own="10", other="20"))
    insert(tiny, "20_data", MEET.format(own="20", other="10"))
    return tiny


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask cluster of two workers on this machine."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    os.environ["PYTHONPATH"], before = str(EXTENSION), os.environ.get("PYTHONPATH")
    try:
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            yield cluster.scheduler_address
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def test_two_lessons_at_once(meeting):
    meeting.jobs = 2
    assert sorted(meeting.built()) == ["10_module", "20_data", "30_version"]
    assert meeting.built() == []


@pytest.mark.proof
def test_pages_are_those_of_lessons_run_in_turn(tmp_path):
    serial, parallel = (six_lessons(tmp_path / name) for name in ("serial", "parallel"))
    parallel.jobs = 2
    serial.built()
    parallel.built()
    assert differences(generated(serial), generated(parallel)) == []
    assert differences(site(serial), site(parallel)) == []


def test_a_lesson_that_wants_to_be_alone(tiny):
    """It measures time, say: while it runs, no other does."""
    note = "with open(os.environ['TINY_LOG'], 'a') as log:\n    log.write('{0}-end\\n')\n"
    for name in ("10_module", "20_data", "30_version"):
        alone = "# sphinx_gallery_parallel = False\n" if name == "20_data" else ""
        insert(tiny, name, f"{alone}import time\ntime.sleep(0.3)\n{note.format(name)}")
    tiny.jobs = 3
    assert tiny.built()[:2] == ["20_data", "20_data-end"]
    assert "sphinx_gallery_parallel" not in tiny.page("en/lessons/20_data.html")


def test_no_lesson_sees_what_another_did(tiny):
    insert(tiny, "10_module", SPOIL)
    insert(tiny, "20_data", CLEAN)
    tiny.built()
    assert "None False False" in tiny.page("en/lessons/20_data.html")


@pytest.mark.proof
def test_the_end_of_a_process_is_quiet(tiny):
    """What a lesson asked for is done; the interpreter is not taken down, of which some libraries complain."""
    at_exit = "import atexit, builtins\natexit.register(print, 'Goodbye.')\n"
    complaint = "class Leaked:\n    def __del__(self):\n        os.write(2, b'leaked')\nbuiltins.leaked = Leaked()\n"
    insert(tiny, "10_module", at_exit + complaint)
    done = tiny.build()
    assert done.returncode == 0
    assert "Goodbye." in done.stdout + done.stderr
    assert "leaked" not in done.stdout + done.stderr


@pytest.mark.everyday(1)
@pytest.mark.parametrize("fault", ["raise ValueError('broken')", "os.kill(os.getpid(), 9)", "os._exit(0)"])
def test_the_rest_finishes(tiny, fault):
    insert(tiny, "10_module", f"{fault}\n")
    tiny.jobs = 2
    done = tiny.build()
    line = (tiny.root / "gallery/10_module.py").read_text("utf-8").split("\n").index(fault) + 1
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert f"gallery/10_module.py:{line}" in told or "9" in fault and "gallery/10_module.py: " in told
    assert ran(tiny) == ["10_module", "20_data", "30_version"]
    tiny.edit("gallery/10_module.py", f"{fault}\n", "")
    assert tiny.built() == ["10_module"]


def test_the_number_of_lessons_is_checked(tiny):
    done = tiny.run("docs", "build/html", "--jobs", "0")
    assert done.returncode == 2
    assert "0 is no number of lessons; write 1 or more" in done.stderr


def test_a_cluster(meeting, cluster, tmp_path):
    """Its two workers run two lessons at once, and write what this process writes."""
    done = meeting.run("docs", "build/html", "--cluster", cluster)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ran(meeting) == ["10_module", "20_data", "30_version"]
    of_cluster = generated(meeting), site(meeting)
    assert meeting.built() == []
    for path in sorted(meeting.root.glob("docs/lessons/*.md5")):
        path.unlink()
    assert len(meeting.built()) == 3
    assert differences(of_cluster[0], generated(meeting)) == []
    assert differences(of_cluster[1], site(meeting)) == []


def test_a_worker_that_dies_once(tiny, cluster):
    """The cluster gives its lesson to another one."""
    insert(tiny, "20_data", WORKER_DIES.format(always=False))
    done = tiny.run("docs", "build/html", "--cluster", cluster)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ran(tiny).count("dies") == 2
    assert {path.name for path in (tiny.root / "build/html/en/lessons").glob("[123]*.html")} == {
        "10_module.html",
        "20_data.html",
        "30_version.html",
    }


@pytest.mark.proof
def test_a_lesson_that_ends_each_worker(tiny, cluster):
    insert(tiny, "20_data", WORKER_DIES.format(always=True))
    done = tiny.run("docs", "build/html", "--cluster", cluster)
    assert done.returncode == 1
    assert "gallery/20_data.py: the worker that ran this lesson was lost (KilledWorker" in done.stderr
    assert {"10_module", "30_version"} <= set(ran(tiny))
    tiny.edit("gallery/20_data.py", WORKER_DIES.format(always=True), "")
    assert tiny.built() == ["20_data"]


@pytest.mark.proof
def test_a_cluster_that_does_not_answer(tiny):
    pytest.importorskip("distributed", reason="Dask is not installed")
    done = tiny.run("docs", "build/html", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "no cluster answers at tcp://127.0.0.1:9" in done.stderr
    assert "start its scheduler, or correct the address" in done.stderr
    assert "Traceback" not in done.stderr


# The store


def with_store(root: Path, store: Path) -> Tiny:
    """Three lessons whose outputs are kept."""
    course = tiny_course(root)
    course.write("conf.py", (root / "conf.py").read_text("utf-8") + f"polyglot_store = {str(store)!r}\n")
    return course


def test_a_second_clone_runs_nothing(tmp_path):
    first, second = (with_store(tmp_path / name, tmp_path / "store") for name in ("first", "second"))
    assert len(first.built()) == 3
    assert second.built() == []
    assert differences(generated(first), generated(second)) == []
    assert differences(site(first), site(second)) == []
    second.edit("gallery/20_data.py", "value = 1", "value = 2")
    assert second.built() == ["20_data"]
    second.edit("gallery/20_data.py", "value = 2", "value = 1")
    assert second.built() == []


@pytest.mark.proof
def test_a_damaged_entry_is_not_taken(tmp_path):
    first, second = (with_store(tmp_path / name, tmp_path / "store") for name in ("first", "second"))
    first.built()
    for number, entry in enumerate(sorted((tmp_path / "store").iterdir())):
        content = entry.read_bytes()
        entry.write_bytes([b"", content[:-1], content[:60] + b"?" + content[61:]][number % 3])
    assert len(second.built()) == 3
    assert differences(site(first), site(second)) == []


@pytest.mark.proof
def test_a_store_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    (tmp_path / "store").write_text("a file")
    assert len(with_store(tmp_path / "course", tmp_path / "store").built()) == 3


def test_what_fails_is_not_kept(tmp_path):
    course = with_store(tmp_path / "course", tmp_path / "store")
    course.edit("gallery/20_data.py", "value = 1", "value = missing")
    assert course.build().returncode == 1
    assert len(list((tmp_path / "store").iterdir())) == 2


@pytest.mark.proof
def test_an_address_of_fsspec(tiny, tmp_path):
    tiny.write("conf.py", f"{CONF}polyglot_store = 'file://{tmp_path}/kept'\n")
    tiny.built()
    assert len(list((tmp_path / "kept").iterdir())) == 3
    tiny.write("conf.py", f"{CONF}polyglot_store = 'nowhere://x'\n")
    tiny.edit("gallery/20_data.py", "value = 1", "value = 2")
    done = tiny.build()
    assert done.returncode == 1
    assert "polyglot_store is nowhere://x: " in done.stderr and "correct the address" in done.stderr
