"""Which unit a translation is for: one that says what it translates, by its name or else by its place among these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import Entry, digest
from sphinx_polyglot.exchange.units import Unit

Found = tuple[Path, Entry]


def matched(found: Iterable[Found], units: Iterable[Unit], faults: list[SourceError]) -> list[tuple[Found, Unit]]:
    """Each translation with its unit; one whose text is gone, or stands in several places, goes on to ``faults``."""
    by_id, by_text, wanted = {}, defaultdict(list), defaultdict(list)
    for unit in units:
        by_id[unit.id] = unit
        by_text[unit.origin.key, unit.source].append(unit)
    for one in found:
        wanted[one[1].id.rpartition(":")[0], one[1].source].append(one)
    pairs = []
    for (key, text), entries in wanted.items():
        others = [by_text[place] for place in list(by_text) if place[1] == text and place not in wanted]
        there = by_text.get((key, text)) or [unit for moved in others for unit in moved]
        left = _paired(entries, there, pairs)
        faults += [_refused(one, there, by_id) for one in left if one[1].is_new]
    return pairs


def _paired(entries: list[Found], there: list[Unit], pairs: list[tuple[Found, Unit]]) -> list[Found]:
    """Pair what has one text, and give back what finds no unit.

    First by name where the translation is the one that went out; then in their order if none is missing, as
    where a comment that repeats has moved on; else by name.
    """
    by_id = {unit.id: unit for unit in there}
    sure = [(one, by_id[one[1].id]) for one in entries if _is_as_exported(one[1], by_id.get(one[1].id))]
    names = {unit.id for _, unit in sure}
    left = [one for one in entries if one[1].id not in names]
    free = [unit for unit in there if unit.id not in names]
    if len(left) == len(free):
        pairs += [*sure, *zip(left, free, strict=True)]
        return []
    pairs += [*sure, *((one, by_id[one[1].id]) for one in left if one[1].id in by_id)]
    return [one for one in left if one[1].id not in by_id]


def _is_as_exported(entry: Entry, unit: Unit | None) -> bool:
    return unit is not None and entry.base in ("", digest(unit.target))


def _refused(one: Found, there: list[Unit], by_id: dict[str, Unit]) -> SourceError:
    path, entry = one
    if len(there) > 1:
        places = ", ".join(unit.told for unit in there)
        message = f"the text that this translates stands in several places: {places}; write the translation there"
        return SourceError(path, entry.line, message)
    now = by_id.get(entry.id)
    what = f"{now.told} says something else now" if now else f"{entry.id} is gone"
    remedy = "export again, and translate what changed"
    return SourceError(path, entry.line, f"the text that this translates is in no source any more: {what}; {remedy}")
