"""Files that authors write: their text, and what to pass over."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.marks import Line

#: What a lesson may be written in besides a script.
NOTEBOOKS = (".ipynb", ".md")
#: Files and folders that nobody wrote.
LEFT = re.compile(r"\..+|__pycache__|#.*#|.*(?:~|\.(?:bak|orig|rej|swp|tmp|pyc))")


def numbered(text: str) -> list[Line]:
    """The lines of a text, each with its number."""
    return [(line, number) for number, line in enumerate(text.split("\n"), 1)]


def is_left(relative: Path) -> bool:
    """Whether this is what Jupyter, Python, editors and version control leave beside the sources.

    >>> is_left(Path(".ipynb_checkpoints/10_a-checkpoint.py")), is_left(Path("10_a.py~")), is_left(Path("10_a.py"))
    (True, True, False)
    """
    return any(LEFT.fullmatch(part) for part in relative.parts)


def companion_files(script: Path) -> list[Path]:
    """What a lesson needs beside it: the files in a folder of its own name.

    ``50_parallel.py`` finds its worker as ``50_parallel/worker.py``, wherever it runs.
    """
    return sorted(path for path in script.with_suffix("").glob("*") if path.is_file() and not is_left(Path(path.name)))


def read_text(path: Path) -> str:
    """A file's text, with the ends of lines that Python has, and without a mark of its byte order.

    Raises:
        SourceError: it cannot be read, or is not text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        return plain_ends(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, "this is not UTF-8; save the file in that encoding") from None


def read_exactly(path: Path) -> str:
    """A file's text with its own ends of lines and, if it has one, the mark of its byte order."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write_exactly(path: Path, text: str) -> None:
    """Put a text in the place of the former one, in one step: if the disk is full, nothing is lost."""
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        fresh.chmod(path.stat().st_mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def plain_ends(text: str) -> str:
    """A text whose lines end as Python has them, whichever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(path, 1, f"this cannot be read: {error.strerror}; make it a readable file, or remove it")
