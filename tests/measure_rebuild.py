"""Time builds of two languages against plain Sphinx-Gallery's of one, as ratios of interleaved pairs.

    python tests/measure_rebuild.py                  the real course, without changes
    python tests/measure_rebuild.py --lessons 200    as many synthetic lessons, from nothing and without changes

The plain project holds the same lessons in English, made from the same scripts.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from places import REPOSITORY
from sphinx_polyglot.source.lesson import PLACEHOLDER, read_script

LANGUAGES = ["zh", "en"]
SECTIONS = 12
#: The heading of a section, and its sentence, which has a formula.
TEXTS = {
    "zh": ("第 {0} 节", "第 {0} 件事：看看 :math:`x_{{{0}}}^2 + {1}`，再打印。"),
    "en": ("Section {0}", "Thing {0}: see :math:`x_{{{0}}}^2 + {1}`, then print."),
}
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
OURS = """
project = "Synthetic"
extensions = ["sphinx_polyglot", "sphinx_polyglot.cjk", "sphinx_polyglot.mathematics"]
polyglot_languages = {"zh": "zh_CN", "en": "en"}
"""
#: What the real course imports in its ``conf.py``, and stand-ins for roles that the plain project lacks.
PLAIN = """
project = "Plain"
extensions = ["sphinx_gallery.gen_gallery"]
"""
PLAIN_COURSE = """
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


def plain_project(root: Path, scripts: list[Path], settings: str) -> list[str]:
    """Write the same lessons as an ordinary Sphinx-Gallery project; return its build command."""
    write(root / "gallery/GALLERY_HEADER.rst", "Lessons\n=======\n")
    for path in scripts:
        lesson = read_script(path, path.stem, path.read_text("utf-8"), LANGUAGES)
        write(root / "gallery" / path.name, english(lesson))
    write(root / "conf.py", PLAIN + settings + GALLERY)
    write(root / "docs/index.rst", "Home\n====\n\n.. toctree::\n\n   lessons/index\n")
    return [sys.executable, "-m", "sphinx", "-c", ".", "docs", "build/html"]


def synthetic_project(root: Path, lessons: int) -> None:
    """Lessons of twelve paragraphs with a formula each, twelve cells of one line, and four headings."""
    for number in range(lessons):
        name = f"l{number:03}"
        parts = [f'"""\n%% zh\n第 {number} 课\n{"=" * 12}\n\n引言 :math:`a_0`。\n']
        parts += [f'%% en\nLesson {number}\n{"=" * 12}\n\nIntroduction :math:`a_0`.\n"""']
        for section in range(1, SECTIONS + 1):
            titled = section % 3 == 1
            for code, (title, text) in TEXTS.items():
                parts.append(f"# %% {code}")
                if titled:
                    parts.append(f"# .. _{name}-{section}:\n#\n# {title.format(section)}\n# {'-' * 12}\n#")
                parts.append(f"# {text.format(section, number)}")
            parts.append(f"\nprint({number} + {section})\n")
        write(root / f"gallery/{number:03}_{name}.py", "\n".join(parts))
    write(root / "gallery/GALLERY_HEADER.rst", "%% zh\n课程\n====\n\n%% en\nLessons\n=======\n")
    index = "%% zh\n首页\n====\n\n%% en\nHome\n====\n\n%% end\n\n.. toctree::\n\n   lessons/index\n"
    write(root / "docs/index.rst", index)
    write(root / "conf.py", OURS + GALLERY)


def write(path: Path, text: str) -> None:
    """A file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def seconds(command: list[str], folder: Path, anew: bool = False) -> float:
    """Wall-clock time of one whole process; ``anew`` removes what it made before."""
    if anew:
        for made in ("build", "docs/lessons"):
            shutil.rmtree(folder / made, ignore_errors=True)
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def tell(what: str, pairs: list[tuple[float, float]]) -> None:
    """Each pair, and the median of the ratios."""
    for our, their in pairs:
        print(f"{what}: ours {our:.2f} s  plain {their:.2f} s  ratio {our / their:.2f}")
    print(f"{what}: median ratio {statistics.median(our / their for our, their in pairs):.2f}", flush=True)


def main() -> None:
    """Build both, then time pairs in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lessons", type=int, default=0, help="so many synthetic ones, instead of the real course")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root, plain_root = REPOSITORY, Path(folder, "plain")
        ours = [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"]
        if options.lessons:
            root = Path(folder, "ours")
            synthetic_project(root, options.lessons)
        settings = "" if options.lessons else PLAIN_COURSE
        plain = plain_project(plain_root, sorted((root / "gallery").glob("*.py")), settings)
        anew = bool(options.lessons)
        pairs = [(seconds(ours, root, anew), seconds(plain, plain_root, anew)) for _ in range(1 + anew)]
        if options.lessons:
            tell("from nothing", pairs)
        pairs = [(seconds(ours, root), seconds(plain, plain_root)) for _ in range(options.pairs)]
        tell("no change", pairs)


if __name__ == "__main__":
    main()
