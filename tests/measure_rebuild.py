"""Time a build that has nothing to do, both languages, against plain Sphinx-Gallery, one language.

Run ``python tests/measure_rebuild.py``; it prints the median ratio of five interleaved
pairs. The plain project holds the same lessons in English, made from the same scripts.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sphinx_polyglot.source.lesson import PLACEHOLDER, read_header, read_script

REPOSITORY = Path(__file__).parent.parent
LANGUAGES = ["zh", "en"]


def english(lesson) -> str:
    """A lesson in English alone, as someone without our extension would write it."""

    def prose(part: str, prefix: str) -> str:
        return "\n".join((prefix + text).rstrip() for text, _ in lesson.project(part, "en"))

    text = "\n".join(line for line, _ in lesson.staged())
    text = re.sub(r"⟦[^⟧]+:(title|0)⟧", lambda match: prose(match[1], ""), text)
    text = re.sub(r"^# ⟦[^⟧]+:(\d+)⟧", lambda match: prose(match[1], "# "), text, flags=re.MULTILINE)
    return PLACEHOLDER.sub(lambda match: prose(match[2], ""), text)


def plain_project(root: Path) -> list[str]:
    """Write the same lessons as an ordinary Sphinx-Gallery project; return its build command."""
    for path in sorted((REPOSITORY / "gallery").iterdir()):
        text = path.read_text("utf-8") if path.is_file() else ""
        target = root / "gallery" / path.name
        target.parent.mkdir(exist_ok=True)
        if path.suffix == ".py":
            target.write_text(english(read_script(path, path.stem, text, LANGUAGES)), "utf-8")
        elif path.suffix == ".rst":
            header = read_header(path, path.stem, text, LANGUAGES)
            target.write_text(f"{header.titles['en'][0]}\n{'=' * 40}\n", "utf-8")
    settings = (REPOSITORY / "conf.py").read_text("utf-8")
    settings = re.sub(r"^# Languages.*?(?=^# Lessons)", "", settings, flags=re.MULTILINE | re.DOTALL)
    settings = re.sub(
        r"^(locale|templates|html_static|html_css|html_math|html_favicon).*\n", "", settings, flags=re.MULTILINE
    )
    settings = settings.replace(', "sphinx_polyglot"', "").replace('language = "zh_CN"', 'language = "en"')
    (root / "conf.py").write_text(settings, "utf-8")
    (root / "docs").mkdir()
    (root / "docs/index.rst").write_text("Home\n====\n\n.. toctree::\n\n   lessons/index\n", "utf-8")
    return [sys.executable, "-m", "sphinx", "-c", ".", "docs", "build"]


def seconds(command: list[str], folder: Path) -> float:
    """Wall-clock time of one whole process."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Build both once, then time five pairs."""
    root = Path(tempfile.mkdtemp())
    plain = plain_project(root)
    ours = [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"]
    seconds(plain, root)
    seconds(ours, REPOSITORY)
    pairs = [(seconds(ours, REPOSITORY), seconds(plain, root)) for _ in range(5)]
    for our, their in pairs:
        print(f"ours {our:.2f} s  plain {their:.2f} s  ratio {our / their:.2f}")
    print(f"median ratio {statistics.median(our / their for our, their in pairs):.2f}")
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
