"""Translations put back into the sources, each where it belongs and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import digest
from sphinx_polyglot.exchange.matching import Found, matched
from sphinx_polyglot.exchange.rewriting import Translation, rewritten
from sphinx_polyglot.exchange.tidy import trimmed, underlined
from sphinx_polyglot.exchange.units import TITLE, Pair, Unit


@dataclass
class TakenIn:
    """What becomes of catalogues: new texts of sources, how many translations each has taken, and what was refused.

    ``same`` counts translations that the sources have already, ``open`` texts that have none yet, and ``fuzzy``
    those that a translator has to look at once more.
    """

    texts: dict[Path, str] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    faults: list[SourceError] = field(default_factory=list)
    same: int = 0
    open: int = 0
    fuzzy: int = 0


@dataclass(frozen=True)
class How:
    """Whether fuzzy translations are taken, and whether those of the sources that changed since may be lost."""

    fuzzy: bool = False
    overwrite: bool = False


def take_in(found: Iterable[Found], units: Sequence[Unit], pair: Pair, languages: Sequence[str], how: How) -> TakenIn:
    """Put the translations of a pair of languages into the texts of their sources; no file is written."""
    into = TakenIn()
    wanted: dict[Path, dict[str, Translation]] = defaultdict(dict)
    for (path, entry), unit in matched(_usable(found, how, into), units, into.faults):
        translation = Translation(path, entry, unit, _mended(entry.target, unit))
        others = wanted[unit.origin.path]
        if not entry.target:
            into.open += 1
        elif fault := _refusal(translation, others.get(unit.part), how):
            into.faults.append(translation.fault(fault))
        elif _is_same(translation, how):
            into.same += 1
        else:
            others[unit.part] = translation
    for path, translations in wanted.items():
        if translations:
            changed, taken = rewritten(path, translations.values(), pair, languages, into.faults)
            if taken:
                into.texts[path], into.counts[path] = changed, taken
    return into


def _is_same(translation: Translation, how: How) -> bool:
    """Whether the source has this, or something newer; one that was stale, and no longer is fuzzy, is confirmed."""
    entry, unit = translation.entry, translation.unit
    is_kept = bool(unit.target) and not (entry.is_new or how.overwrite)
    return (translation.text == unit.target or is_kept) and (entry.fuzzy or not unit.is_stale)


def _usable(found: Iterable[Found], how: How, into: TakenIn) -> Iterator[Found]:
    """The entries without blank lines around a translation, and without one that is fuzzy unless it is asked for."""
    for path, entry in found:
        left_out = entry.fuzzy and not how.fuzzy
        into.fuzzy += left_out
        yield path, replace(entry, target="" if left_out else trimmed(entry.target))


def _mended(text: str, unit: Unit) -> str:
    if unit.part == TITLE:
        return text.strip()
    return text if unit.origin.path.suffix == ".md" else underlined(text)


def _refusal(translation: Translation, other: Translation | None, how: How) -> str:
    """Why a translation is not taken, and the remedy."""
    entry, unit, text = translation.entry, translation.unit, translation.text
    if other and other.text != text:
        return f"{other.path}:{other.entry.line} translates the same text in another way; leave one of them"
    changed = unit.target and entry.base and digest(unit.target) != entry.base
    if changed and entry.is_new and text != unit.target and not how.overwrite:
        message = f"{unit.told}: its translation was changed there since the export, too"
        return f"{message}; make them one, or import with --overwrite"
    if "\n" in text and (unit.part == TITLE or unit.place.is_comment):
        return f"{'a title' if unit.part == TITLE else 'a comment'} is one line, as at {unit.told}; write it as one"
    return ""
