"""Time a prose edit under ``serve``, from the save to the reader's screen, against a build that has nothing to do.

Run ``python tests/measure_serve.py``; it prints the median ratio of five interleaved
pairs. The project is a copy of this one; the screen is Chromium's.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from measure_rebuild import seconds

REPOSITORY = Path(__file__).parent.parent
BUILD = [sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"]
SERVE = [sys.executable, "-u", "-m", "sphinx_polyglot", "serve", "docs", "build/serve", "--port", "0"]
LESSON = "gallery/10_tensors.py"
WORDS = ["这就开始", "慢慢地来", "一步一步", "反反复复", "再来一回"]


def project(root: Path) -> None:
    """Copy what the site is made of, with the outputs that the lessons have by now."""
    for name in ("conf.py", "pyproject.toml", "docs", "gallery", "src"):
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)


def until(lines: Iterator[str], words: str) -> str:
    """The next line of the server that holds these words."""
    return next(line for line in lines if words in line)


def edit(path: Path, page: Page, word: str) -> float:
    """Put a new word into the Chinese prose; return the seconds until it is on the screen."""
    text = path.read_text("utf-8")
    path.write_text(re.sub(rf"学完这一课，(?:(?:{'|'.join(WORDS)})，)?", f"学完这一课，{word}，", text), "utf-8")
    begin = time.perf_counter()
    page.wait_for_function("word => document.body.innerText.includes(word)", arg=word, timeout=120_000)
    return time.perf_counter() - begin


def measured(root: Path, url: str, lines: Iterator[str]) -> Iterator[tuple[float, float]]:
    """Seconds of an edit, and of a build without one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{url}/zh/lessons/10_tensors.html")
        for word in WORDS:
            ours = edit(root / LESSON, page, word)
            until(lines, "English: ready")
            yield ours, seconds(BUILD, root)
        browser.close()


def main() -> None:
    """Build, serve, then time five pairs."""
    root = Path(tempfile.mkdtemp())
    project(root)
    seconds(BUILD, root)
    server = subprocess.Popen(SERVE, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        url = re.search(r"http://[\d.:]+", until(server.stdout, "Ctrl-C ends"))[0]
        until(server.stdout, "English: ready")
        pairs = list(measured(root, url, server.stdout))
    finally:
        server.terminate()
        server.wait()
    for ours, nothing in pairs:
        print(f"prose edit {ours:.2f} s  no change {nothing:.2f} s  ratio {ours / nothing:.2f}")
    print(f"median ratio {statistics.median(ours / nothing for ours, nothing in pairs):.2f}")
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
