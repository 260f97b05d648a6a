"""What a build tells while lessons run."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tiny import WAIT, Tiny

BUILD = [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html", "--language", "en"]
RUN = r"lesson {} of {}: {} …"


def told(tiny: Tiny) -> list[str]:
    """The lines about lessons of a build in one language."""
    done = tiny.run("docs", "build/html", "--language", "en")
    return [re.sub(r"\d+ s", "T", line) for line in done.stdout.splitlines() if line.startswith("lesson ")]


def test_each_lesson_that_runs_has_two_lines(tiny):
    assert told(tiny) == [
        "lesson 1 of 3: 10_module …",
        "lesson 1 of 3: 10_module … T, 2 left",
        "lesson 2 of 3: 20_data …",
        "lesson 2 of 3: 20_data … T, 1 left",
        "lesson 3 of 3: 30_version …",
        "lesson 3 of 3: 30_version … T, 0 left",
    ]
    assert told(tiny) == []
    tiny.edit("data/words", "one", "four")
    assert told(tiny) == ["lesson 1 of 1: 20_data …", "lesson 1 of 1: 20_data … T, 0 left"]


@pytest.mark.proof
def test_lessons_of_subsections_and_other_galleries_count(tiny):
    tiny.write("gallery/more/GALLERY_HEADER.rst", "%% zh\n更多\n====\n\n说明。\n\n%% en\nMore\n====\n\nNote.\n")
    tiny.write("gallery/more/50_plain.py", '"""\nPlain\n=====\n\nA script without marks.\n"""\nprint(6 * 7)\n')
    tiny.write("gallery/workers/worker.py", "print('no header here, so no lesson')\n")
    tiny.write("examples/README.txt", "Examples\n========\n")
    tiny.write("examples/plot_old.py", '"""\nOld\n===\n\nAn old script.\n"""\nprint(1)\n')
    tiny.edit(
        "conf.py",
        '["../gallery"], "gallery_dirs": ["lessons"]',
        '["../gallery", "../examples"], "gallery_dirs": ["lessons", "examples"]',
    )
    tiny.edit("docs/index.rst", "   lessons/index", "   lessons/index\n   examples/index")
    assert told(tiny)[1::2] == [
        "lesson 1 of 5: 10_module … T, 4 left",
        "lesson 2 of 5: 20_data … T, 3 left",
        "lesson 3 of 5: 30_version … T, 2 left",
        "lesson 4 of 5: 50_plain … T, 1 left",
        "lesson 5 of 5: plot_old … T, 0 left",
    ]


def test_a_lesson_that_fails_is_said_to(tiny):
    tiny.edit("gallery/20_data.py", "value = 1", "value = missing")
    assert told(tiny)[3] == "lesson 2 of 3: 20_data … T, failed"


def test_hooks_of_the_project_are_called_as_well(tiny):
    tiny.write(
        "src/hooks.py",
        'import os\n\n\ndef note(gallery_conf, fname):\n    with open(os.environ["TINY_LOG"], "a") as log:\n'
        '        log.write(f"hook-{fname}\\n")\n',
    )
    tiny.edit("conf.py", '"show_signature": False,', '"show_signature": False, "reset_modules": "hooks.note",')
    tiny.edit("conf.py", "import os\n", 'import os, sys\nsys.path.insert(0, "src")\n')
    assert len(told(tiny)) == 6
    assert (tiny.root / "log").read_text().split()[:3] == ["hook-10_module.py", "10_module", "hook-20_data.py"]


def test_plain_sphinx_build_can_be_quiet(tiny):
    done = tiny.run("-q", "-W", "-c", ".", "-D", "language=en", "docs", "build/plain", module="sphinx")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.proof
@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_on_a_terminal_one_line_grows(tiny):
    wait = f"{WAIT}value = 1"
    tiny.edit("gallery/20_data.py", "value = 1", wait)
    ours, theirs = os.openpty()
    process = subprocess.Popen(BUILD, cwd=tiny.root, env=tiny._environment({}), stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen = ""
    while text := read(ours):
        screen += text
        if re.search(r"\rlesson 2 of 3: 20_data … 2 s +\r", screen):
            (tiny.root / "go").touch()
    os.close(ours)
    assert process.wait() == 0, screen
    line = r"\rlesson 2 of 3: 20_data … \d+ s"
    assert len(re.findall(line, screen)) >= 4
    assert len(re.findall(rf"{line}, 1 left *\r\n", screen)) == 1


def read(terminal: int) -> str:
    """What came to the screen; nothing at the end."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # how Linux says that the other side has closed
        return ""
