"""A lesson between its source and its pages: placeholders go in, prose comes out.

What Sphinx-Gallery runs holds the code and, for each stretch of prose, only a
placeholder such as ``⟦10_tensors:2⟧``: the prose before the third cell of code.
A placeholder is numbered by the code before it, so a paragraph or a heading
more or less changes none of them, and Sphinx-Gallery has nothing to run again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_polyglot.errors import SourceError, hand_on, place
from sphinx_polyglot.languages import drafts_of
from sphinx_polyglot.source.files import NOTEBOOKS
from sphinx_polyglot.source.joining import excused, join, join_comments, lacking
from sphinx_polyglot.source.marks import COMMENT, Block, Line, Prose
from sphinx_polyglot.source.origins import Translation, translations_of
from sphinx_polyglot.source.script import parse_page, parse_script
from sphinx_polyglot.source.sidecar import Sidecar

PLACEHOLDER = re.compile(r"⟦([^⟦⟧:]+):(title|c?\d+)⟧")
UNDERLINE = re.compile(r"([=\-~^\"'#*+_`])\1+\s*")


@dataclass
class Lesson:
    """One bilingual script, or a gallery's header, taken apart.

    ``cells`` are the stretches of code; ``prose[n]`` stands before ``cells[n]``, and
    one more after the last. ``comments`` are the comments written in every language,
    ``blocks`` the prose as its author cut it, and ``translations`` what is known of their origins.
    ``sidecars`` are the files beside the script with more of its prose, and ``remarks``
    what in them finds no place.
    """

    path: Path
    key: str
    titles: dict[str, Line]
    prose: list[Prose]
    cells: list[list[Line]] = field(default_factory=list)
    comments: list[dict[str, Line]] = field(default_factory=list)
    blocks: list[Prose] = field(default_factory=list)
    translations: list[Translation] = field(default_factory=list)
    sidecars: list[Path] = field(default_factory=list)
    remarks: list[SourceError] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code alone, as one text."""
        return "\n".join(text for cell in self.cells for text, _ in cell)

    def staged(self, fingerprint: str = "") -> list[Line]:
        """The script that Sphinx-Gallery runs; each line with the author's line number.

        ``fingerprint`` stands in a comment of the last block, so that a change of
        what the lesson depends on changes the script.
        """
        title = f"⟦{self.key}:title⟧"
        head = ['r"""', title, "=" * len(title), "", f"⟦{self.key}:0⟧", '"""']
        lines = [(text, self.titles[next(iter(self.titles))][1]) for text in head]
        for index, cell in enumerate(self.cells, 1):
            end = cell[-1][1]
            lines += [("", 0), *cell, ("", end), ("# %%", end), (f"# ⟦{self.key}:{index}⟧", end)]
        if fingerprint and not self.cells:
            lines += [("", 0), ("# %%", 0)]
        if fingerprint:
            lines += [("#", 0), (f"# .. depends on {fingerprint}", 0)]
        return lines

    def staged_header(self) -> list[Line]:
        """The header file of a gallery, staged."""
        return [(text, number) for text, number in self.staged() if text not in ('r"""', '"""')]

    def project(self, part: str, language: str) -> list[Line]:
        """The author's lines that stand where the placeholder ``part`` is."""
        if part == "title":
            return [self.titles[language]]
        if part.startswith("c"):
            return [self.comments[int(part[1:])][language]]
        return self.prose[int(part)].get(language, [])


def read_script(
    path: Path,
    key: str,
    text: str,
    languages: Sequence[str],
    found: list[SourceError] | None = None,
    sidecars: Sequence[Sidecar] = (),
) -> Lesson:
    """Take a marked script apart, with its ``sidecars``; faults go on to ``found``, without that list they are raised.

    Raises:
        SourceError: a mark is misspelt, a language or a title is missing.
    """
    faults: list[SourceError] = []
    written, remarks = excused(languages, sidecars), []
    blocks = parse_script(text, path, written, faults)
    for sidecar in sidecars:
        blocks = join(blocks, sidecar, remarks)
        faults += lacking(blocks, sidecar, languages, path)
    lesson = lesson_of(blocks, path, key, written, faults)
    lesson.translations = list(translations_of(blocks, path, languages))
    for sidecar in sidecars:
        lesson.sidecars.append(sidecar.path)
        remarks += join_comments(lesson.comments, sidecar, languages, path, faults)
    lesson.remarks = remarks
    hand_on(faults, found)
    return lesson


def lesson_of(
    cut: Sequence[Block], path: Path, key: str, languages: Sequence[str], faults: list[SourceError]
) -> Lesson:
    """The lesson of which these are the blocks, the title first; what is wrong is added to ``faults``."""
    head, *blocks = cut
    titles, intro = _split_titles(head, path, languages, faults)
    lesson = Lesson(path, key, titles, [dict(intro)], blocks=[intro])
    for block in blocks:
        if block.prose is None:
            lesson.cells.append(_stage_comments(lesson, list(block.code), languages, faults))
            lesson.prose.append({})
        else:
            _append(lesson.prose[-1], block.prose)
            lesson.blocks.append(block.prose)
    return lesson


def read_page(
    path: Path, key: str, text: str, languages: Sequence[str], found: list[SourceError] | None = None
) -> Lesson:
    """Take a marked page apart; what stands for every language is left out. Faults as in ``read_script``."""
    faults: list[SourceError] = []
    blocks = [block for block in parse_page(text, path, languages, faults) if block.prose]
    first, *others = blocks or [Block(1, {})]
    titles, intro = _split_titles(first, path, languages, faults)
    prose = [intro, *(block.prose for block in others)]
    hand_on(faults, found)
    return Lesson(path, key, titles, prose, blocks=prose, translations=list(translations_of(blocks, path, languages)))


def read_header(
    path: Path, key: str, text: str, languages: Sequence[str], found: list[SourceError] | None = None
) -> Lesson:
    """Take a gallery's marked header apart. Faults as in ``read_script``."""
    faults: list[SourceError] = []
    blocks = parse_page(text, path, languages, faults)
    if len(blocks) != 1 or not blocks[0].prose:
        message = "a gallery's header is one block; give each language once and nothing else"
        faults.append(SourceError(path, 1, message))
    head = next((block for block in blocks if block.prose), Block(1, {}))
    titles, intro = _split_titles(head, path, languages, faults)
    hand_on(faults, found)
    return Lesson(
        path, key, titles, [intro], blocks=[intro], translations=list(translations_of([head], path, languages))
    )


def _split_titles(
    block: Block, path: Path, languages: Sequence[str], faults: list[SourceError]
) -> tuple[dict[str, Line], Prose]:
    """Titles and what follows them; of a block that is not there, which was told, they are empty."""
    titles: dict[str, Line] = {}
    rest: Prose = {}
    told: set[str] = set()
    for language in languages:
        lines = block.prose.get(language, [("", block.line)])
        titled = len(lines) > 1 and UNDERLINE.fullmatch(lines[1][0])
        titles[language] = (lines[0][0].strip(), lines[0][1])
        rest[language] = lines[2 if titled else 1 :]
        if block.prose and not titled and place(path, lines[0][1]) not in told:
            told.add(place(path, lines[0][1]))
            is_markdown = str(path).endswith(NOTEBOOKS)
            remedy = 'put "# " before its first line' if is_markdown else 'underline its first line with "==="'
            message = f"{language} does not begin with a title; {remedy}"
            faults.append(SourceError(path, lines[0][1], message))
    return titles, rest


def _append(prose: Prose, more: Prose) -> None:
    """Join two blocks with no code between them."""
    for language, lines in more.items():
        gap = [("", lines[0][1])] if prose.get(language) else []
        prose[language] = prose.get(language, []) + gap + lines


def _stage_comments(
    lesson: Lesson, cell: list[Line], languages: Sequence[str], missing: list[SourceError]
) -> list[Line]:
    """Put a placeholder for each comment that is written in every language."""
    staged: list[Line] = []
    index = 0
    while index < len(cell):
        text, number = cell[index]
        found = COMMENT.match(text)
        if not found or found[2] not in languages:
            staged.append(cell[index])
            index += 1
            continue
        written = comment_run(cell[index:], languages)
        staged.append((f"{found[1]}# ⟦{lesson.key}:c{len(lesson.comments)}⟧", number))
        lesson.comments.append(_complete_comment(written, lesson.path, languages, missing))
        index += len(written)
    return staged


def comment_run(lines: list[Line], languages: Sequence[str]) -> dict[str, Line]:
    """The comment that begins here, in each language in which it is written."""
    written: dict[str, Line] = {}
    for text, number in lines:
        match = COMMENT.match(text)
        if not match or match[2] not in languages or match[2] in written:
            break
        written[match[2]] = (match[3], number)
    return written


def _complete_comment(
    written: dict[str, Line], path: Path, languages: Sequence[str], missing: list[SourceError]
) -> dict[str, Line]:
    """The comment in every language; what is lacking is filled, and told unless the language is a draft."""
    drafts = drafts_of(languages)
    first = next(iter(written.values()))
    for code in languages:
        if code not in written and drafts.get(code) not in written:
            message = f'the comment has {" and ".join(written)} but no {code}; add a line "# {code}: …" below it'
            missing.append(SourceError(path, first[1], message))
    return {code: written.get(code) or written.get(drafts.get(code, "")) or first for code in languages}
