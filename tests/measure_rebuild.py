"""Time builds of the real course without changes against plain Sphinx-Gallery's of one language, in turn.

    python tests/measure_rebuild.py

The plain project holds the same lessons in English, made from the same scripts. ``make bench`` times synthetic
projects, and edits.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from places import REPOSITORY
from sphinx_polyglot.source.lesson import PLACEHOLDER, read_script

LANGUAGES = ["zh", "en"]
GALLERY = """
sphinx_gallery_conf = {
    "examples_dirs": "../gallery", "gallery_dirs": "lessons", "filename_pattern": r"\\.py$",
    "within_subsection_order": "FileNameSortKey", "min_reported_time": float("inf"), "remove_config_comments": True,
    "notebook_extensions": set(), "download_all_examples": False, "write_computation_times": False,
    "show_signature": False,
}
html_theme = "furo"
html_copy_source = False
"""
#: With what the course imports in its ``conf.py``, and stand-ins for roles that the plain project lacks.
PLAIN = """
project = "Plain"
extensions = ["sphinx_gallery.gen_gallery"]

from docutils import nodes
from docutils.parsers.rst import roles
from torchhour import device
from torchhour.data import names

device.kind(), names.digits(), names.cifar10()


def setup(app):
    app.add_role("term", roles.GenericRole("term", nodes.inline), override=True)
"""


def english(lesson) -> str:
    """A lesson in English alone, as someone without our extension would write it."""

    def prose(part: str, prefix: str) -> str:
        return "\n".join((prefix + text).rstrip() for text, _ in lesson.project(part, "en"))

    text = "\n".join(line for line, _ in lesson.staged())
    text = re.sub(r"⟦[^⟧]+:(title|0)⟧", lambda match: prose(match[1], ""), text)
    text = re.sub(r"^# ⟦[^⟧]+:(\d+)⟧", lambda match: prose(match[1], "# "), text, flags=re.MULTILINE)
    return PLACEHOLDER.sub(lambda match: prose(match[2], ""), text)


def plain_project(root: Path, scripts: list[Path]) -> list[str]:
    """Write the same lessons as an ordinary Sphinx-Gallery project; return its build command."""
    write(root / "gallery/GALLERY_HEADER.rst", "Lessons\n=======\n")
    for path in scripts:
        lesson = read_script(path, path.stem, path.read_text("utf-8"), LANGUAGES)
        write(root / "gallery" / path.name, english(lesson))
    write(root / "conf.py", PLAIN + GALLERY)
    write(root / "docs/index.rst", "Home\n====\n\n.. toctree::\n\n   lessons/index\n")
    return [sys.executable, "-m", "sphinx", "-c", ".", "docs", "build/html"]


def write(path: Path, text: str) -> None:
    """A file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def seconds(command: list[str], folder: Path) -> float:
    """Wall-clock time of one whole process."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Build both, then time pairs in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root, plain_root = REPOSITORY, Path(folder)
        ours = [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"]
        plain = plain_project(plain_root, sorted((root / "gallery").glob("*.py")))
        for command, place in ((ours, root), (plain, plain_root)):
            seconds(command, place)
        pairs = [(seconds(ours, root), seconds(plain, plain_root)) for _ in range(options.pairs)]
    for our, their in pairs:
        print(f"no change: ours {our:.2f} s  plain {their:.2f} s  ratio {our / their:.2f}")
    print(f"no change: median ratio {statistics.median(our / their for our, their in pairs):.2f}")


if __name__ == "__main__":
    main()
