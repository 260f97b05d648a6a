"""The formats of catalogues, each known by its files' ending."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.exchange import po, xliff
from sphinx_polyglot.exchange.catalogue import Catalogue

#: By the name of a format, how its files end.
ENDINGS = {"po": ".po", "xliff": ".xlf"}
#: What reads and writes files of an ending.
FORMATS = {".po": po, ".xlf": xliff, ".xliff": xliff}


def read_catalogue(path: Path) -> Catalogue:
    """What a file holds.

    Raises:
        ConfigError: the library that reads it is missing.
        SourceError: it cannot be read.
    """
    return FORMATS[path.suffix].read(path)


def write_catalogues(fresh: dict[Path, Catalogue]) -> None:
    """Write each file as its ending says."""
    texts = {path: FORMATS[path.suffix].written(catalogue) for path, catalogue in fresh.items()}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def catalogues_in(paths: Iterable[Path]) -> list[Path]:
    """The catalogues among these files, and in these folders.

    Raises:
        ConfigError: there is none.
    """
    found = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = [file for file in inside if file.is_file() and file.suffix in FORMATS]
        if not files:
            raise ConfigError(f"{path}: no catalogue is there; name a folder or a file that export wrote")
        found += files
    return found
