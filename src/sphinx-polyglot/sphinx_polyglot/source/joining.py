"""Put what sidecars hold beside its originals in the blocks and comments of their script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages, drafts_of, translated_of
from sphinx_polyglot.source.marks import Block, Line, Mark, Segment
from sphinx_polyglot.source.matching import match, shared_words
from sphinx_polyglot.source.origins import digest_of
from sphinx_polyglot.source.sidecar import Sidecar


def join(blocks: list[Block], sidecar: Sidecar, remarks: list[SourceError]) -> list[Block]:
    """The blocks of a script, the title's first, with the translations that the sidecar has for them.

    What finds no original goes on to ``remarks``.
    """
    code = sidecar.language
    places = [index for index, block in enumerate(blocks) if block.prose and code not in block.marks]
    originals = [index for index in places if index and sidecar.source in blocks[index].marks]
    texts = [blocks[index].prose[sidecar.source] for index in originals]
    found = match(
        [segment.digest for segment in sidecar.blocks],
        [digest_of(lines) for lines in texts],
        lambda translation, original: shared_words(sidecar.blocks[translation].lines, texts[original]),
    )
    pairs = [(segment, originals[found[index]]) for index, segment in enumerate(sidecar.blocks) if index in found]
    lost = [segment for index, segment in enumerate(sidecar.blocks) if index not in found]
    if sidecar.head:
        pairs += [(sidecar.head, 0)] if 0 in places else []
        lost += [] if 0 in places else [sidecar.head]
    joined = list(blocks)
    for segment, index in pairs:
        joined[index] = _with(joined[index], segment)
    remarks += [_lost(sidecar, segment) for segment in lost]
    return joined


def _with(block: Block, segment: Segment) -> Block:
    marks = {**block.marks, segment.language: Mark(segment.number, segment.digest)}
    return replace(block, prose={**block.prose, segment.language: segment.lines}, marks=marks)


def _lost(sidecar: Sidecar, segment: Segment) -> SourceError:
    message = f"the script has no block without {sidecar.language} of which this is the translation"
    return SourceError(sidecar.path, segment.number, f"{message}; remove it, or move it beside its neighbours there")


def join_comments(
    comments: list[dict[str, Line]],
    sidecar: Sidecar,
    languages: Sequence[str],
    path: Path,
    faults: list[SourceError],
) -> list[SourceError]:
    """Put translated comments in their places; return remarks on those whose original is gone or has changed.

    Where it has changed, it stands in. Comments of the script that lack one are added to ``faults``.
    """
    code, source = sidecar.language, sidecar.source
    waiting = [comment for comment in comments if list(comment.values()).count(comment[code]) > 1]
    now, told = list(dict.fromkeys(comment[source][0] for comment in waiting)), list(sidecar.comments)
    found = match(told, now, lambda one, other: shared_words([(told[one], 0)], [(now[other], 0)]))
    former = {now[place]: told[index] for index, place in found.items()}
    for comment in waiting:
        text, number = comment[source]
        if former.get(text) == text:
            comment[code] = sidecar.comments[text]
        elif text not in former and code not in drafts_of(languages):
            message = f"neither this comment nor {sidecar.path.name} has {code}"
            remedy = f'add "# {source}: {text}" there, and "# {code}: …" below it'
            faults.append(SourceError(path, number, f"{message}; {remedy}"))
    return [remark for index, text in enumerate(told) for remark in _changed(sidecar, text, now, found.get(index))]


def _changed(sidecar: Sidecar, text: str, now: Sequence[str], place: int | None) -> Iterator[SourceError]:
    """What is to be told of a translated comment that does not stand below its original as that is now."""
    if place is None:
        message = f'no comment of the script has "{text}" in {sidecar.source}; remove it here'
    elif now[place] != text:
        message = f'{sidecar.source}, which stands in, says "{now[place]}" now, not "{text}"; correct both lines here'
    else:
        return
    yield SourceError(sidecar.path, sidecar.comments[text][1], message)


def lacking(blocks: Iterable[Block], sidecar: Sidecar, languages: Sequence[str], path: Path) -> Iterator[SourceError]:
    """Blocks that have a language neither in the script nor in its sidecar; a draft may lack some."""
    if sidecar.language in drafts_of(languages):
        return
    for block in blocks:
        if block.prose and sidecar.source in block.marks and sidecar.language not in block.marks:
            mark = f'"# %% {sidecar.language} {digest_of(block.prose[sidecar.source])}"'
            message = f"neither this block nor {sidecar.path.name} has {sidecar.language}"
            yield SourceError(path, block.line, f"{message}; add {mark} and its text there")


def excused(languages: Sequence[str], sidecars: Iterable[Sidecar]) -> Sequence[str]:
    """The same languages, those of sidecars as drafts: a script may lack them."""
    beside = {sidecar.language: sidecar.source for sidecar in sidecars}
    if not beside:
        return languages
    return Languages(languages, {**drafts_of(languages), **beside}, translated_of(languages))
