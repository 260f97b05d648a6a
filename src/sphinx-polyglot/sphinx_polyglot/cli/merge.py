"""Come over to scripts of marks: the verb ``merge``, for a script or a whole gallery."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.gallery.folders import HEADERS
from sphinx_polyglot.moving.files import refuse_existing, scripts_of, write_new
from sphinx_polyglot.moving.merging import Merged, merged


def merge(arguments: Sequence[str], output: Path, code_of: str = "", confdir: Path | None = None) -> int:
    """Write one script, or one gallery, of copies given as ``code=path``; return an exit code, 1 if none is written.

    The languages stand in the order of the arguments, or in that of the ``conf.py`` in ``confdir``.
    """
    sources = _in_order(dict(argument.partition("=")[::2] for argument in arguments), confdir)
    if fault := _fault(arguments, sources, code_of):
        print(fault, file=sys.stderr)
        return 1
    is_gallery = next(path for path in sources.values() if path.suffix != ".po").is_dir()
    files, faults = _files(sources, output) if is_gallery else ({output: sources}, [])
    written = _merged(files, code_of, faults)
    number = sum(len(result.differences) for result in written.values())
    if number and not code_of:
        choice = " or ".join(f"--code-of {code}" for code, path in sources.items() if path.suffix != ".po")
        faults.append(f"lines of code that differ: {number}; choose whose stay with {choice}")
    if faults:
        print(*faults, "nothing is written", sep="\n", file=sys.stderr)
        return 1
    for path, result in written.items():
        write_new(path, result.text)
        print(*result.notes, *result.faults, f"{path} is written, {_left(result)}", sep="\n")
    return 0


def _merged(files: Mapping[Path, Mapping[str, Path]], code_of: str, faults: list) -> dict[Path, Merged]:
    """What is to be written where; differences of code are told, faults go on to ``faults``."""
    results = {}
    for path, parts in files.items():
        try:
            refuse_existing(path)
            results[path] = merged(parts, path, code_of)
            _tell_differences(results[path], parts)
        except SourceError as error:
            faults.append(error)
    return results


def _in_order(paths: Mapping[str, str], confdir: Path | None) -> dict[str, Path]:
    codes = list(read_configuration(confdir.resolve()).settings.languages) if confdir else []
    order = sorted(paths, key=lambda code: codes.index(code) if code in codes else len(codes))
    return {code: Path(paths[code]) for code in order}


def _fault(arguments: Sequence[str], sources: Mapping[str, Path], code_of: str) -> str:
    """What speaks against the arguments, and the remedy."""
    for argument in arguments:
        code, _, path = argument.partition("=")
        if not (code.isidentifier() and path):
            return f'"{argument}" names no language and path; write it like en=gallery/one.py'
        if not Path(path).exists():
            return f"{path}: there is no such file or folder; correct the path of {code}"
    scripts = [code for code, path in sources.items() if path.suffix != ".po"]
    if len(sources) < 2 or len(sources) < len(arguments):
        return "two languages or more are merged; give each once, like en=gallery/one.py zh=gallery_zh/one.py"
    if not scripts or sources[scripts[0]].is_dir() and _has_catalogues(sources[scripts[0]]):
        return "catalogues alone hold no code; give the scripts of one language, too, like en=gallery"
    if code_of and code_of not in scripts:
        return f"--code-of {code_of} names none of the copies; write one of {', '.join(scripts)}"
    return ""


def _has_catalogues(folder: Path) -> bool:
    return any(folder.rglob("*.po")) and not any(folder.rglob("*.py"))


def _files(sources: Mapping[str, Path], output: Path) -> tuple[dict[Path, dict[str, Path]], list[SourceError]]:
    """The files of a gallery with those that each is made of, and faults: a file without its partner."""
    faults, files = [], {}
    folders = {code: path for code, path in sources.items() if path.is_dir() and not _has_catalogues(path)}
    names = {code: {path.relative_to(folder) for path in scripts_of(folder)} for code, folder in folders.items()}
    for name in sorted(set().union(*names.values())):
        lacking = [code for code in names if name not in names[code]]
        there = next(code for code in names if code not in lacking)
        if lacking:
            message = f"there is no {name} in {' and in '.join(str(folders[code]) for code in lacking)}"
            faults.append(SourceError(folders[there] / name, 1, f"{message}; copy it there, or move it away"))
        else:
            files[output / name] = {code: _part(path, name, code in folders) for code, path in sources.items()}
    if not files and not faults:
        faults = [SourceError(path, 1, "this folder holds no script; name a gallery's") for path in folders.values()]
    for parts in files.values():
        lost = [path for path in parts.values() if not path.exists()]
        faults += [SourceError(path, 1, "there is no such catalogue; make it with sphinx-intl") for path in lost]
    return files, faults


def _part(path: Path, name: Path, is_folder: bool) -> Path:
    """The file of this name in a folder of scripts or of catalogues; a single catalogue is that of all."""
    if is_folder:
        return path / name
    stem = "index" if name.stem in HEADERS else name.stem
    return path if path.is_file() else path / name.parent / f"{stem}.po"


def _tell_differences(result: Merged, sources: Mapping[str, Path]) -> None:
    """Both places and both lines of each difference of code."""
    for difference in result.differences:
        for code, line in zip(difference.languages, difference.lines, strict=True):
            place = f"{sources[code]}:{line[1]}" if line else f"{sources[code]}"
            print(f"{place}: {line[0] if line else '(no such line)'}", file=sys.stderr)
        print(file=sys.stderr)


def _left(result: Merged) -> str:
    number = len(result.notes) + len(result.faults)
    return f"with {number} thing{'s' if number > 1 else ''} to look at" if number else "whole"
