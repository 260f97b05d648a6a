"""Which unit a translation is for: the one of its name if that still says the same, else the one that does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.exchange.catalogue import Entry
from sphinx_polyglot.exchange.units import Unit

Found = tuple[Path, Entry]


def matched(found: Iterable[Found], units: Iterable[Unit], faults: list[SourceError]) -> list[tuple[Found, Unit]]:
    """Each translation with its unit; one whose text is gone, or stands in several places, goes on to ``faults``."""
    by_id = {unit.id: unit for unit in units}
    pairs, moved = [], defaultdict(list)
    for path, entry in found:
        unit = by_id.get(entry.id)
        if unit and unit.source == entry.source:
            pairs.append(((path, entry), unit))
        else:
            moved[entry.source].append((path, entry))
    taken = {unit.id for _, unit in pairs}
    free = defaultdict(list)
    for unit in by_id.values():
        if unit.id not in taken:
            free[unit.source].append(unit)
    for text, waiting in moved.items():
        pairs += _moved(waiting, free[text], by_id, faults)
    return pairs


def _moved(
    waiting: list[Found], free: list[Unit], by_id: dict[str, Unit], faults: list[SourceError]
) -> list[tuple[Found, Unit]]:
    """In the same lesson first, then anywhere; texts that repeat keep their order if none is missing."""
    pairs = []
    lessons = {entry.id.rpartition(":")[0] for _, entry in waiting}
    for lesson in sorted(lessons):
        here = [one for one in waiting if one[1].id.rpartition(":")[0] == lesson]
        there = [unit for unit in free if unit.origin.key == lesson] or free
        if len(here) == len(there):
            pairs += zip(here, there, strict=True)
        else:
            faults += [_refused(one, there, by_id) for one in here if one[1].is_new]
    return pairs


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
