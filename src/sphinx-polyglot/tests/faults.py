"""A course for the fault tests: lessons that take a while and draw, and real ways to break their build."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tiny import CONF, LESSON, Tiny, tiny_course

#: Has a build kill its own process group when it is about to write, rename or remove a file of the
#: project whose path ends as ``FAULT_AT``, the ``FAULT_NTH`` time; a file that it would write is cut
#: to nothing, as a kill between opening and writing leaves it. ``FAULT_COUNT`` gets the number of times.
SITECUSTOMIZE = """\
import atexit, os, signal, sys
here, target, nth, times = os.getcwd() + os.sep, os.environ.get("FAULT_AT"), int(os.environ.get("FAULT_NTH", 0)), 0
if "FAULT_NO_EXCHANGE" in os.environ:  # as on a system that cannot exchange two folders in one step
    from sphinx_polyglot.cli import publish
    publish.EXCHANGE.clear()
def kill(event, arguments):
    global times
    if event == "open":
        at_work = isinstance(arguments[1], str) and arguments[1][:1] in "wax"
    else:
        at_work = event in ("os.rename", "os.remove", "shutil.rmtree")
    if at_work and any(str(path).startswith(here) and str(path).endswith(target) for path in arguments[:2]):
        times += 1
        if times == nth:
            if event == "open":
                os.close(os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
            os.killpg(0, signal.SIGKILL)
def count():
    with open(os.environ["FAULT_COUNT"], "w") as file:
        file.write(str(times))
if target is not None and "SPHINX_POLYGLOT_WORKER" in os.environ:  # in the process that builds
    sys.addaudithook(kill)
    if "FAULT_COUNT" in os.environ:
        atexit.register(count)
"""

#: For figures that only have to be there.
WITHOUT_CAPTIONS = 'suppress_warnings = ["polyglot.caption"]\n'

FIGURES = """\
import subprocess
import sys

import matplotlib.pyplot as plt

subprocess.run([sys.executable, "-S", "-c", "import time; time.sleep({seconds})"], check=True)
"""

DRAW = """

# %% zh
# .. _{name}-{number}:
#
# 图 {number}
# ---------
#
# %% en
# .. _{name}-{number}:
#
# Figure {number}
# -------------
#
figure, axes = plt.subplots()
[line] = axes.plot([0, {number}], [{height}, 1])
"""

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Next"
msgstr "{next}"
"""


def six_lessons(root: Path, is_shared: bool = False) -> Tiny:
    """Extend the tiny course to six lessons, three of them with figures and a worker.

    ``is_shared``: two run at the same time, and a folder beside the course keeps what they write.
    """
    course = tiny_course(root)
    settings = 'locale_dirs = ["locale"]\nhtml_static_path = ["docs/_static"]\nhtml_css_files = ["site.css"]\n'
    settings += WITHOUT_CAPTIONS
    if is_shared:
        course.jobs = 2
        settings += f'polyglot_store = "{root}.store"\n'
    course.write("conf.py", CONF + settings)
    course.write("docs/_static/site.css", "body { color: black }\n" * 1000)
    course.write("site/sitecustomize.py", SITECUSTOMIZE)
    return edition(course, "first")


def edition(course: Tiny, name: str) -> Tiny:
    """Write the sources of one edition: the second draws less and otherwise, and renames a lesson."""
    first = name == "first"
    for path in course.root.glob("gallery/[3-6]*.py"):
        path.unlink()
    _lesson(course, "30_version" if first else "35_version", "版本", "Versions", 0, "import tinydist")
    _lesson(course, "40_line", "直线", "Line", 1, FIGURES.format(seconds=1.5))
    _lesson(course, "50_lines", "几条直线", "Lines", 3 if first else 2, FIGURES.format(seconds=1), 2 if first else 3)
    _lesson(course, "60_last", "最后", "Last" if first else "The last", 2, FIGURES.format(seconds=2))
    course.write("docs/locale/zh_CN/LC_MESSAGES/sphinx.po", CATALOGUE.format(next="下一页" if first else "往后"))
    return course


def _lesson(course: Tiny, name: str, zh: str, en: str, figures: int, imports: str, height: int = 2) -> None:
    text = LESSON.format(name=name, zh=zh, en=en, imports=imports)
    text += "".join(DRAW.format(name=name, number=number, height=height) for number in range(1, figures + 1))
    course.write(f"gallery/{name}.py", text)


def wipe(course: Tiny) -> None:
    """Leave no trace of any build."""
    shutil.rmtree(course.root / "build", ignore_errors=True)
    shutil.rmtree(course.root / "docs/lessons", ignore_errors=True)
    for path in course.root.glob("docs/locale/*/LC_MESSAGES/*.mo"):
        path.unlink()


def start(course: Tiny, **environment: str) -> subprocess.Popen[str]:
    """Begin a build in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html", "--jobs", str(course.jobs)],
        cwd=course.root,
        env=course._environment(environment),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(build: subprocess.Popen[str]) -> bool:
    """Kill the whole process group of a build; tell whether it was still at work."""
    at_work = build.poll() is None
    if at_work:
        os.killpg(build.pid, signal.SIGKILL)
    build.communicate()
    return at_work


def kill_at(course: Tiny, path: str, nth: int = 1, **environment: str) -> None:
    """Have a build kill itself at a file, and check that it came so far."""
    build = start(course, FAULT_AT=path, FAULT_NTH=str(nth), **environment)
    told = build.communicate()[1]
    assert build.returncode == 1 and "SIGKILL" in told, told


@contextlib.contextmanager
def full_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A real file system of that size on a folder; it can be made larger by mounting again."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here, only root may: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def make_room(folder: Path) -> None:
    """Make a full disk large enough."""
    subprocess.run(["mount", "-o", "remount,size=100m", str(folder)], check=True)


def tree(folder: Path) -> dict[str, bytes] | None:
    """Every file below a folder and its content; nothing if there is no such folder."""
    if not folder.exists():
        return None
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def site(course: Tiny) -> dict[str, bytes] | None:
    """What readers see."""
    return tree(course.root / "build/html")


def generated(course: Tiny) -> dict[str, bytes]:
    """What Sphinx-Gallery made of the lessons, but for how long each took and when files were zipped."""
    files = tree(course.root / "docs/lessons") or {}
    return {name: content for name, content in files.items() if not name.endswith((".cost.json", ".zip"))}


def differences(one: dict[str, bytes] | None, other: dict[str, bytes] | None) -> list[str]:
    """The names of the files in which two trees differ, as ``diff -r`` would tell."""
    one, other = one or {}, other or {}
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@dataclass
class Clean:
    """What a clean build makes of a course, and how long it takes; ``masked`` takes away what differs in each."""

    site: dict[str, bytes]
    generated: dict[str, bytes]
    seconds: float = 0.0
    masked: Callable[[dict[str, bytes] | None], dict[str, bytes]] = lambda files: files or {}

    def is_shown(self, course: Tiny) -> bool:
        return differences(self.masked(site(course)), self.site) == []

    def check_next_build(self, course: Tiny) -> None:
        """The next build goes well, and equals this one."""
        course.built()
        assert differences(self.masked(site(course)), self.site) == []
        assert differences(self.masked(generated(course)), self.generated) == []


def clean_build(course: Tiny, masked: Callable = Clean.masked) -> Clean:
    begin = time.monotonic()
    course.built()
    return Clean(masked(site(course)), masked(generated(course)), time.monotonic() - begin, masked)
