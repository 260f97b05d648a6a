"""Read every marked source of a project: the lessons and headers of its galleries, and its pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.lesson import Lesson, read_header, read_page, read_script
from sphinx_polyglot.marks import SourceError
from sphinx_polyglot.source import is_marked

HEADERS = {"GALLERY_HEADER", "README", "readme"}


@dataclass
class Gallery:
    """A folder of scripts, ``source``; Sphinx-Gallery writes its pages to ``target``, below the sources.

    ``lessons`` holds what carries marks, headers included, by path; ``faults`` what
    could not be read. ``files`` is everything in the folder.
    """

    source: Path
    target: str
    files: list[Path] = field(default_factory=list)
    lessons: dict[Path, Lesson] = field(default_factory=dict)
    faults: list[SourceError] = field(default_factory=list)

    @property
    def is_marked(self) -> bool:
        return bool(self.lessons or self.faults)


def read_galleries(srcdir: Path, settings: dict, languages: Sequence[str]) -> list[Gallery]:
    """Read the galleries that ``sphinx_gallery_conf`` names."""
    return [
        _read_gallery(Gallery(Path(os.path.normpath(srcdir / source)), target), languages)
        for source, target in gallery_pairs(settings)
    ]


def read_pages(
    srcdir: Path, galleries: list[Gallery], languages: Sequence[str]
) -> tuple[list[Lesson], list[SourceError]]:
    """The marked pages that are not lessons, and the faults of those that cannot be read."""
    pages, faults = [], []
    generated = tuple(f"{gallery.target}/" for gallery in galleries)
    for path in sorted(srcdir.rglob("*.rst")):
        name = path.relative_to(srcdir).with_suffix("").as_posix()
        if name.startswith(generated):
            continue
        try:
            text = read_text(path)
            if is_marked(text, languages):
                pages.append(read_page(path, name, text, languages))
        except SourceError as fault:
            faults += [fault, *fault.also]
    return pages, faults


def gallery_pairs(settings: dict) -> Iterator[tuple[str, str]]:
    """Pairs of a folder of scripts and the folder of its pages."""
    sources, targets = settings.get("examples_dirs", []), settings.get("gallery_dirs", [])
    sources = [sources] if isinstance(sources, str | Path) else sources
    targets = [targets] if isinstance(targets, str | Path) else targets
    return zip(map(str, sources), map(str, targets), strict=True)


def _read_gallery(gallery: Gallery, languages: Sequence[str]) -> Gallery:
    """Read one folder; a file with a fault does not keep the next from being read."""
    for path in sorted(gallery.source.rglob("*")):
        relative = path.relative_to(gallery.source)
        if not path.is_file() or "__pycache__" in relative.parts:
            continue
        gallery.files.append(path)
        key = f"{gallery.target}/{relative.with_suffix('').as_posix()}"
        try:
            text = read_text(path) if path.suffix in (".py", ".rst", ".txt") else ""
            if is_marked(text, languages):
                read = read_header if path.stem in HEADERS else read_script
                gallery.lessons[path] = read(path, key, text, languages)
                for companion in companion_files(path):
                    read_text(companion)  # it travels as text
        except SourceError as fault:
            gallery.faults += [fault, *fault.also]
    return gallery


def companion_files(script: Path) -> list[Path]:
    """What a lesson needs beside it: the files in a folder of its own name.

    ``50_parallel.py`` finds its worker as ``50_parallel/worker.py``, wherever it runs.
    """
    return sorted(path for path in script.with_suffix("").glob("*") if path.is_file())


def read_text(path: Path) -> str:
    """A file's text, with the ends of lines that Python has.

    Raises:
        SourceError: it is not text.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, "this is not UTF-8; save the file in that encoding") from None
