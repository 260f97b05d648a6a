"""Languages built beside the first: what they say comes in order, and however they end, it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_polyglot.cli.beside import Beside
from sphinx_polyglot.errors import SourceError
from tiny import EXTENSION, Tiny

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork; languages come one by one")


def test_what_it_says_comes_when_it_is_asked_for(capfd):
    with Beside(lambda: print("of the fork") or print("a fault", file=sys.stderr) or 3) as process:
        print("of this process", flush=True)
        assert process.join() == 3
    said = capfd.readouterr()
    assert said.out.split("\n") == ["of this process", "of the fork", ""]
    assert said.err == "a fault\n"


def test_an_exception_is_explained(capfd):
    def fail() -> int:
        raise SourceError("docs/index.rst", 3, "this is not UTF-8; save the file in that encoding")

    with Beside(fail) as process:
        assert process.join() == 1
    assert capfd.readouterr().err == "docs/index.rst:3: this is not UTF-8; save the file in that encoding\n"


def test_a_crash_is_told(capfd):
    with Beside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as process:
        assert process.join() == signal.SIGKILL
    assert "ended before its time, with SIGKILL; build again" in capfd.readouterr().err


def test_nothing_goes_on_when_this_process_fails(tmp_path, capfd):
    with pytest.raises(ValueError, match="of this process"), Beside(lambda: time.sleep(0.3) or write(tmp_path)):
        raise ValueError("of this process")
    assert (tmp_path / "written").exists()  # and not later
    assert capfd.readouterr() == ("", "")


def write(folder: Path) -> int:
    (folder / "written").write_text("")
    print("unheard")
    return 0


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


@pytest.mark.proof
def test_many_languages_take_turns_where_they_write_in_one_place(tiny: Tiny):
    for _ in range(2):
        codes = {"zh": "zh_CN", "en": "en", "fr": "fr", "de": "de", "es": "es"}
        drafts = {"TINY_DRAFTS": "fr:en,de:en,es:en", "TINY_LANGUAGES": ",".join(map(":".join, codes.items()))}
        done = tiny.build(**drafts)
        assert done.returncode == 0, done.stdout + done.stderr
        places = [done.stdout.index(f"── {name} ──") for name in ("中文", "English", "Français", "Deutsch", "Español")]
        assert places == sorted(places)
        assert all(
            "About <strong>Modules" in tiny.page(f"{code}/lessons/10_module.html") for code in ("fr", "de", "es")
        )


@pytest.mark.everyday(1)
@pytest.mark.parametrize("thread", [True, False])
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


def test_a_lesson_that_changed_while_others_ran_does_not_run_in_a_copy(tiny):
    """PyTorch's threads are not in the copy, and it would wait for them for ever."""
    path = 'os.path.dirname(os.environ["TINY_LOG"]) + "/src/far.py"'
    change = f'import os\nwith open({path}, "a") as far:\n    far.write("\\nchanged = True\\n")\n'
    tiny.edit("gallery/30_version.py", "import os\n", change)
    done = tiny.build()
    assert done.returncode == 1
    told = "gallery/10_module.py:1: this, or what it depends on, was changed while the lessons ran; build again"
    assert told in done.stderr, done.stderr
    assert (tiny.root / "log").read_text().split() == ["10_module", "20_data", "30_version"]
