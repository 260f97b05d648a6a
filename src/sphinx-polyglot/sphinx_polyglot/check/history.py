"""What a block said when it was translated, from the history that git keeps of its file."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.origins import digest_of
from sphinx_polyglot.source.script import parse_page, parse_script

#: How many versions of a file are looked through, and how many seconds git may take for each question.
VERSIONS, PATIENCE = 100, 20


def former_texts(path: Path, language: str, digests: Collection[str], languages: Languages) -> dict[str, list[str]]:
    """The texts in one language that have these digests, as far as the history of the file has them."""
    found: dict[str, list[str]] = {}
    for text in _versions(path):
        for lines in _blocks(path, text, language, languages):
            digest = digest_of(lines)
            if digest in digests:
                found.setdefault(digest, [line for line, _ in lines])
        if len(found) == len(set(digests)):
            break
    return found


def _versions(path: Path) -> Iterator[str]:
    """A file as it was in each commit, the newest first, whatever it was called; nothing without git."""
    log = ["log", "--follow", f"--max-count={VERSIONS}", "--format=:%H", "--name-only", "-z", "--", path.name]
    commit = ""
    for part in _git(path.parent, *log).replace("\n", "\0").split("\0"):
        if part.startswith(":"):
            commit = part[1:]
        elif part and commit:
            yield _git(path.parent, "show", f"{commit}:{part}").replace("\r\n", "\n").replace("\r", "\n")


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8-sig", "replace") if done.returncode == 0 else ""


def _blocks(path: Path, text: str, language: str, languages: Languages) -> Iterator[list]:
    """The prose of a version in one language; what was wrong in it is no matter now."""
    parse = parse_script if path.suffix == ".py" else parse_page
    try:
        blocks = parse(text, path, languages, [])
    except SourceError:
        return
    yield from (block.prose[language] for block in blocks if block.prose and language in block.marks)
