"""Read every marked source of a project: the lessons and headers of its galleries, and its pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.util.matching import get_matching_files
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.gallery.folders import HEADERS, gallery_pairs
from sphinx_polyglot.languages import translated_of
from sphinx_polyglot.source.cells import marked_cells
from sphinx_polyglot.source.files import NOTEBOOKS, companion_files, is_left, numbered, read_text, unreadable
from sphinx_polyglot.source.hidden import hidden_faults
from sphinx_polyglot.source.lesson import Lesson, read_header, read_page, read_script
from sphinx_polyglot.source.notebook import read_notebook
from sphinx_polyglot.source.script import has_docstring, is_marked, is_marked_script
from sphinx_polyglot.source.sidecar import Sidecar, alone_faults, parse_sidecar, sidecar_files, sidecar_language

UNUSABLE = re.compile(r"[^\w.()+,-]")


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

    def staged_name(self, path: Path) -> Path:
        """What a file is called among those that Sphinx-Gallery is given: it runs scripts alone."""
        name = path.relative_to(self.source)
        return name.with_suffix(".py") if path in self.lessons and path.suffix in NOTEBOOKS else name


def read_galleries(srcdir: Path, settings: dict, languages: Sequence[str]) -> list[Gallery]:
    """Read the galleries that ``sphinx_gallery_conf`` names."""
    ignored = settings.get("ignore_pattern", DEFAULT_GALLERY_CONF["ignore_pattern"])
    return [
        _read_gallery(Gallery(Path(os.path.normpath(srcdir / source)), target), languages, ignored)
        for source, target in gallery_pairs(settings)
    ]


def page_files(srcdir: Path, settings: dict, left_out: Sequence[str] = ()) -> list[Path]:
    """The files of the pages that are not lessons; patterns say what is ``left_out``."""
    generated = tuple(f"{target}/" for _, target in gallery_pairs(settings))
    found = sorted(get_matching_files(srcdir, ["**.rst"], left_out))
    return [srcdir / name for name in found if not (name.startswith(generated) or is_left(Path(name)))]


def read_pages(srcdir: Path, files: Iterable[Path], languages: Sequence[str]) -> tuple[list[Lesson], list[SourceError]]:
    """The marked ones among the pages, and the faults of all."""
    pages, faults = [], []
    for path in files:
        name = path.relative_to(srcdir).with_suffix("").as_posix()
        try:
            text = read_text(path)
            faults += hidden_faults(path, numbered(text))
            if not text.strip():
                faults.append(SourceError(path, 1, "the page is empty; write it, or remove the file"))
            if is_marked(text, languages):
                pages.append(read_page(path, name, text, languages, faults))
        except SourceError as fault:
            faults += [fault, *fault.also]
    return pages, faults


def _read_gallery(gallery: Gallery, languages: Sequence[str], ignored: str) -> Gallery:
    """Read one folder; a file with a fault does not keep the next from being read."""
    for path in sorted(gallery.source.rglob("*")):
        if is_left(path.relative_to(gallery.source)) or path.is_dir() or not (path.is_file() or path.is_symlink()):
            continue
        if sidecar_language(path, languages):
            gallery.faults += alone_faults(path, languages)
            continue
        gallery.files.append(path)
        try:
            _read_file(gallery, path, languages)
            if path.suffix == ".py" and path not in gallery.lessons and not re.search(ignored, path.name):
                gallery.faults += _unmarked_faults(gallery, path)
        except SourceError as fault:
            gallery.faults += [fault, *fault.also]
    gallery.faults += _twin_faults(gallery)
    return gallery


def _twin_faults(gallery: Gallery) -> Iterator[SourceError]:
    """Two files of which the same page would be made."""
    seen: dict[Path, Path] = {}
    for path in sorted(gallery.files, key=lambda path: (path.suffix in NOTEBOOKS, path)):
        other = seen.setdefault(gallery.staged_name(path), path)
        if other != path:
            message = f"{other.name} beside it is the same lesson; remove one of them, or give it another name"
            yield SourceError(path, 1, message)


def _read_file(gallery: Gallery, path: Path, languages: Sequence[str]) -> None:
    """Read one file of a gallery; what is neither a script nor a notebook nor a header is only opened."""
    text = read_text(path) if path.suffix in (".py", ".rst", ".txt") else _opened(path)
    gallery.faults += hidden_faults(path, numbered(text))
    key = f"{gallery.target}/{path.relative_to(gallery.source).with_suffix('').as_posix()}"
    if path.suffix == ".py" and is_marked_script(text, path, languages):
        sidecars = _read_sidecars(path, languages, gallery.faults)
        gallery.lessons[path] = read_script(path, key, text, languages, gallery.faults, sidecars)
    elif path.suffix in NOTEBOOKS and path.stem not in HEADERS and (cells := marked_cells(path, languages)):
        gallery.lessons[path] = read_notebook(path, key, cells, languages, gallery.faults)
    elif path.suffix != ".py" and path.stem in HEADERS and is_marked(text, languages):
        gallery.lessons[path] = read_header(path, key, text, languages, gallery.faults)
    if path in gallery.lessons and path.stem not in HEADERS:
        gallery.faults += name_faults(path)
        for companion in companion_files(path):
            read_text(companion)  # it travels as text


def _read_sidecars(script: Path, languages: Sequence[str], faults: list[SourceError]) -> list[Sidecar]:
    """The sidecars of a script; one that cannot be read is told, and counts as empty."""
    found = []
    for code, path in sidecar_files(script, languages).items():
        source = translated_of(languages)[code]
        try:
            text = read_text(path)
            faults += hidden_faults(path, numbered(text))
            found.append(parse_sidecar(text, path, code, source, faults))
        except SourceError as fault:
            faults += [fault, *fault.also]
            found.append(Sidecar(path, code, source))
    return found


def _opened(path: Path) -> str:
    """Nothing of the file, but the reason if it cannot be read."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise unreadable(path, error) from None
    return ""


def _unmarked_faults(gallery: Gallery, path: Path) -> Iterator[SourceError]:
    """What Sphinx-Gallery would stop at, without a place; it shows scripts of folders with a header."""
    if path.parent != gallery.source and not any(other.stem in HEADERS for other in path.parent.iterdir()):
        return
    yield from name_faults(path)
    if not has_docstring(read_text(path), path):
        message = "the script has no docstring; begin it with one that holds the title"
        yield SourceError(path, 1, f"{message}, or move it into a folder of its own")


def name_faults(path: Path) -> Iterator[SourceError]:
    """Names of scripts and notebooks from which no page can be made."""
    kind = "notebook" if path.suffix in NOTEBOOKS else "script"
    if path.stem == "index":
        message = "its page would take the place of the gallery's own, which is called index"
        yield SourceError(path, 1, f"{message}; give the {kind} another name")
    if odd := UNUSABLE.search(path.name):
        what = "a space" if odd[0].isspace() else f'"{odd[0]}"'
        message = f"the name of the {kind} holds {what}, which a link to its page cannot"
        yield SourceError(path, 1, f"{message}; use letters, digits, - and _")
