"""A tiny course: three lessons, built in a warm process."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

import warm

#: The project of the extension.
EXTENSION = Path(__file__).parent.parent

CONF = """\
import os
project = "Tiny"
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk", "sphinx_polyglot.mathematics"]
language = "zh_CN"
html_theme = "furo"
nitpicky = True
html_copy_source = False
polyglot_languages = dict(pair.split(":") for pair in os.environ.get("TINY_LANGUAGES", "zh:zh_CN,en:en").split(","))
polyglot_drafts = dict(pair.split(":") for pair in os.environ.get("TINY_DRAFTS", "").split(",") if pair)
polyglot_baseurl = os.environ.get("TINY_BASEURL", "")
polyglot_default_language = "en"
polyglot_fail_on_warning = True
polyglot_source_dirs = ["src"]
polyglot_inputs = {"reader": ["data"]}
sphinx_gallery_conf = {
    "examples_dirs": ["../gallery"], "gallery_dirs": ["lessons"], "filename_pattern": r"\\.py$",
    "within_subsection_order": "FileNameSortKey", "abort_on_example_error": True, "notebook_extensions": set(),
    "download_all_examples": False, "write_computation_times": False, "show_signature": False,
    "min_reported_time": float("inf"), "remove_config_comments": True,
}
"""

LESSON = '''\
"""
%% zh
{zh}
====

本课讲**{zh}**。

%% en
{en}
====================

About **{en}**.
"""
import os
{imports}

with open(os.environ["TINY_LOG"], "a") as log:
    log.write("{name}\\n")

# %% zh
# .. _{name}-one:
#
# 第一节
# ------
#
# 正文。
#
# %% en
# .. _{name}-one:
#
# First section
# -------------
#
# Text.

# zh: 中文注释
# en: English comment
value = 1
print(value)
'''

#: Has a lesson wait until there is a file ``go`` in the course's folder.
WAIT = """\
import time
while not os.path.exists(os.path.join(os.path.dirname(os.environ["TINY_LOG"]), "go")):
    time.sleep(0.1)
"""


@dataclass
class Tiny:
    """Three lessons: one imports a module, one reads data, one uses a distribution."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    #: Build as a user does, in a new interpreter, with all that leads it: for tests of the process itself.
    new_interpreter: bool = False
    #: How many lessons a build runs at the same time.
    jobs: int = 1

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace one text in a file of the project."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def run(self, *arguments: str, module: str = "sphinx_polyglot", **environment: str) -> CompletedProcess[str]:
        """Run ``python -m sphinx_polyglot`` or another module, in a process that has imported it already."""
        environment = self._environment(environment)
        if not self.new_interpreter:
            return warm.run(module, [*arguments], self.root, environment)
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def build(self, output: str = "build/html", **environment: str) -> CompletedProcess[str]:
        """Build the site."""
        return self.run("docs", output, "--jobs", str(self.jobs), **environment)

    def built(self, **environment: str) -> list[str]:
        """Build, check that all went well, and return which lessons ran, in order."""
        log = self.root / "log"
        log.write_text("")
        done = self.build(**environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return log.read_text().split()

    def page(self, name: str) -> str:
        """A page of the built site."""
        return (self.root / "build/html" / name).read_text("utf-8")

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        paths = [str(self.root / "src"), str(self.root / "site"), str(EXTENSION)]
        own = {"TINY_LOG": str(self.root / "log"), "PYTHONPATH": os.pathsep.join(paths), "NO_COLOR": "1"}
        return {**os.environ, **own, **self.environment, **more}


def tiny_course(root: Path) -> Tiny:
    """Write the tiny course into an empty folder."""
    tiny = Tiny(root)
    tiny.write("conf.py", CONF)
    tiny.write(
        "docs/index.rst", "%% zh\n首页\n====\n%% en\nHome page\n=========\n%% end\n\n.. toctree::\n\n   lessons/index\n"
    )
    tiny.write(
        "gallery/GALLERY_HEADER.rst",
        "%% zh\n全部课程\n========\n\n说明。\n\n%% en\nAll lessons\n===========\n\nNote.\n",
    )
    tiny.write(
        "src/near.py", '"""Near."""\nfrom far import deep\n\n\ndef call():\n    """Call."""\n    return deep()\n'
    )
    tiny.write("src/far.py", '"""Far."""\n\n\ndef deep():\n    """Deep."""\n    return 1\n')
    tiny.write(
        "src/reader.py",
        'from pathlib import Path\n\ntext = (Path(__file__).parent.parent / "data/words").read_text()\n',
    )
    tiny.write("data/words", "one two three")
    tiny.write("site/tinydist.py", "")
    tiny.write("site/tinydist-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinydist\nVersion: 1.0\n")
    for name, zh, en, imports in (
        ("10_module", "模块", "Modules", "import near"),
        ("20_data", "数据", "Data", "import reader"),
        ("30_version", "版本", "Versions", "import tinydist"),
    ):
        tiny.write(f"gallery/{name}.py", LESSON.format(name=name, zh=zh, en=en, imports=imports))
    return tiny


@contextlib.contextmanager
def put_back(tiny: Tiny) -> Iterator[Tiny]:
    """A course that others use, too: whatever is done to it, and built of it, is as before afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "kept")
        shutil.copytree(tiny.root, kept, symlinks=True)
        yield tiny
        shutil.rmtree(tiny.root)
        shutil.copytree(kept, tiny.root, symlinks=True)
