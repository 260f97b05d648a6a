"""Translations in a file beside their script: ``20_autograd.fr.py`` holds the French of ``20_autograd.py``.

It has no code. Its docstring holds the title and what follows it, a block is ``# %% fr 3f2a9c41``, and a comment in the
code stands below its original, ``# en: …`` and ``# fr: …``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sphinx_polyglot.errors import LineOf, SourceError
from sphinx_polyglot.languages import translated_of
from sphinx_polyglot.source.files import numbered
from sphinx_polyglot.source.marks import COMMENT, Line, Segment, Syntax, segments
from sphinx_polyglot.source.script import comment_lines, docstring_lines, docstring_of, parsed


@dataclass
class Sidecar:
    """A file of translations, taken apart; ``comments`` are by their original text."""

    path: Path
    language: str
    source: str
    head: Segment | None = None
    blocks: list[Segment] = field(default_factory=list)
    comments: dict[str, Line] = field(default_factory=dict)


def sidecar_language(path: Path, languages: Sequence[str]) -> str:
    """The language that a file is named after, as in ``20_autograd.fr.py``; empty for a script.

    >>> sidecar_language(Path("10_a.fr.py"), ["en", "fr"]), sidecar_language(Path("10_a.py"), ["en", "fr"])
    ('fr', '')
    """
    code = Path(path.stem).suffix.removeprefix(".") if path.suffix == ".py" else ""
    return code if code in languages else ""


def sidecar_files(script: Path, languages: Sequence[str]) -> dict[str, Path]:
    """The files beside a script that hold translations, by their language."""
    files = {code: script.with_name(f"{script.stem}.{code}.py") for code in translated_of(languages)}
    return {code: path for code, path in files.items() if path.is_file()}


def alone_faults(path: Path, languages: Sequence[str]) -> list[SourceError]:
    """Why a file that is named after a language is no sidecar, if it is none."""
    code = sidecar_language(path, languages)
    script = path.with_name(f"{Path(path.stem).stem}.py")
    if code not in translated_of(languages):
        message = f"the file is named after {code}, which is translated from no language"
        return [SourceError(path, 1, f"{message}; add it to polyglot_translated in conf.py, or rename the file")]
    if not script.is_file():
        message = f"there is no {script.name} beside it, of which it could be the translation"
        return [SourceError(path, 1, f"{message}; rename the file, or remove it")]
    return []


def parse_sidecar(text: str, path: Path, language: str, source: str, faults: list[SourceError]) -> Sidecar:
    """Take a sidecar apart; what is neither prose nor a comment with its original goes on to ``faults``.

    Raises:
        SourceError: it is not Python.
    """
    docstring, comments = docstring_of(parsed(text, path)), comment_lines(text, path)
    lines = [(line, LineOf(number, path)) for line, number in numbered(text)]
    end = docstring.end_lineno if docstring else 0
    sidecar = Sidecar(path, language, source)
    syntax = Syntax(path, (language,), "", translated={language: source})
    head = docstring_lines(lines[docstring.lineno - 1 : end]) if docstring else []
    for segment in segments(head, syntax, faults):
        _take_head(sidecar, segment, faults)
    for segment in segments(lines[end:], replace(syntax, prefix="# "), faults, comments):
        if segment.language and segment.lines:
            sidecar.blocks.append(segment)
        elif segment.language:
            faults.append(SourceError(path, segment.number, "no text stands below this mark; write it, or remove it"))
        else:
            _take_comments(sidecar, segment.lines, faults)
    return sidecar


def _take_head(sidecar: Sidecar, segment: Segment, faults: list[SourceError]) -> None:
    if segment.language and segment.lines and not sidecar.head:
        sidecar.head = segment
    elif segment.lines:
        mark = f'"%% {sidecar.language}"'
        message = f"the docstring is not one block; write {mark} once, above all of its text"
        faults.append(SourceError(sidecar.path, segment.lines[0][1], message))


def _take_comments(sidecar: Sidecar, lines: Iterable[Line], faults: list[SourceError]) -> None:
    """Pairs of a comment and its translation below it; anything else is told once."""
    original, told = "", False
    for text, number in lines:
        found = COMMENT.match(text)
        code = found[2] if found else ""
        if code == sidecar.language and original:
            sidecar.comments[original] = (found[3], number)
        elif text.strip() and code != sidecar.source and not told:
            told = True
            message = f'this is neither prose below a mark "# %% {sidecar.language}" nor a comment below its original'
            remedy = f'write it as "# {sidecar.source}: …" and "# {sidecar.language}: …", or remove it'
            faults.append(SourceError(sidecar.path, number, f"{message}; {remedy}"))
        original = found[3] if found and code == sidecar.source else ""
