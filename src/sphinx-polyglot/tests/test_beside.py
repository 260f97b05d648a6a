"""Languages built beside the first: what they say comes in order, and however they end, it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sphinx_polyglot.cli.beside import Beside
from sphinx_polyglot.errors import SourceError
from tiny import EXTENSION, Tiny

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork; languages come one by one")


def test_what_it_says_comes_when_it_is_asked_for(capfd):
    process = Beside(lambda: print("of the fork") or print("a fault", file=sys.stderr) or 3)
    print("of this process", flush=True)
    assert process.join() == 3
    said = capfd.readouterr()
    assert said.out.split("\n") == ["of this process", "of the fork", ""]
    assert said.err == "a fault\n"


def test_an_exception_is_explained(capfd):
    def fail() -> int:
        raise SourceError("docs/index.rst", 3, "this is not UTF-8; save the file in that encoding")

    assert Beside(fail).join() == 1
    assert capfd.readouterr().err == "docs/index.rst:3: this is not UTF-8; save the file in that encoding\n"


def test_a_crash_is_told(capfd):
    assert Beside(lambda: os.kill(os.getpid(), signal.SIGKILL)).join() == signal.SIGKILL
    assert "ended before its time, with SIGKILL; build again" in capfd.readouterr().err


def test_it_ends_when_nobody_waits_for_it():
    begun = time.monotonic()
    process = Beside(lambda: time.sleep(60) or 0)
    process.kill()
    process.kill()  # no harm
    assert time.monotonic() - begun < 30


THREAD = """
import threading
from sphinx_polyglot.cli.beside import can_fork

found, ended = [can_fork()], threading.Event()
left = threading.Thread(target=ended.wait)
left.start()
found.append(can_fork())
ended.set()
left.join()
print(found, can_fork())
"""


def test_no_fork_beside_a_thread_that_a_lesson_left():
    """In a new interpreter: pytest's workers have threads of their own."""
    done = subprocess.run([sys.executable, "-c", THREAD], capture_output=True, text=True, check=True, cwd=EXTENSION)
    assert done.stdout == "[True, False] True\n"


#: Each language has a fault of its own, of which Sphinx warns.
FAULTS = """

def setup(app):
    from sphinx.util import logging
    say = logging.getLogger("faults").warning
    language = app.config.language
    app.connect("builder-inited", lambda app: language in {faulty} and say("fault of %s", language))
"""


@pytest.mark.parametrize(
    ("faulty", "told", "untold"),
    [
        (["en"], ["fault of en", "English has warnings"], ["中文 has warnings"]),
        (["zh_CN", "en"], ["fault of zh_CN", "中文 has warnings"], ["fault of en", "English has warnings"]),
    ],
)
def test_the_first_language_with_a_fault_ends_the_build(tiny: Tiny, faulty, told, untold):
    tiny.write("conf.py", (tiny.root / "conf.py").read_text("utf-8") + FAULTS.format(faulty=faulty))
    done = tiny.build()
    assert done.returncode == 1
    assert all(text in done.stderr for text in told) and not any(text in done.stderr for text in untold)
    assert not (tiny.root / "build/html").exists()


@pytest.mark.parametrize("thread", [False, True])
def test_all_languages_are_there_side_by_side_or_not(tiny: Tiny, thread):
    if thread:
        tiny.edit(
            "gallery/10_module.py",
            "import os\n",
            "import os, threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n",
        )
    assert tiny.built() == ["10_module", "20_data", "30_version"]
    assert "模块" in tiny.page("zh/lessons/10_module.html")
    assert "Modules" in tiny.page("en/lessons/10_module.html")
    assert tiny.built() == []
