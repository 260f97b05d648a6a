"""The files of a gallery that is merged or split; what is there already is never written over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.gallery.folders import HEADERS
from sphinx_polyglot.source.files import is_left

#: Suffixes of the headers that galleries have.
OF_HEADERS = (".rst", ".txt")


def scripts_of(folder: Path) -> Iterator[Path]:
    """The scripts and headers of a gallery."""
    for path in folder.rglob("*"):
        header = path.stem in HEADERS and path.suffix in OF_HEADERS
        if (path.suffix == ".py" or header) and path.is_file() and not is_left(path.relative_to(folder)):
            yield path


def refuse_existing(path: Path) -> None:
    """Raise ``SourceError`` where something is."""
    if path.exists():
        raise SourceError(path, 1, "this is there already and stays as it is; name another place, or move it away")


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
