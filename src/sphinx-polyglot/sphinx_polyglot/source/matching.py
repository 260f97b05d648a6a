"""Find the original of each translation that lies in a file of its own: by digest, else by its place between others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from sphinx_polyglot.source.marks import Line

#: How well a translation goes with an original, by their places.
Likeness = Callable[[int, int], float]


def match(told: Sequence[str], now: Sequence[str], likeness: Likeness) -> dict[int, int]:
    """For each translation its original; those that find none are left out.

    ``told`` are the digests in the marks of translations, ``now`` those of the originals, each in its file's order.

    >>> match(["a", "old", "c", "gone"], ["a", "b", "c"], lambda translation, original: 0)
    {0: 0, 2: 2, 1: 1}
    >>> match(["a", "b", "c"], ["c", "a", "b"], lambda translation, original: 0)
    {0: 1, 1: 2, 2: 0}
    """
    in_order = SequenceMatcher(None, told, now, autojunk=False).get_matching_blocks()
    anchors = [(begin + more, place + more) for begin, place, size in in_order for more in range(size)]
    found = dict(anchors)
    found |= _moved(told, now, found)
    taken = set(found.values())
    for (begin, first), (end, last) in pairwise([(-1, -1), *anchors, (len(told), len(now))]):
        translations = [index for index in range(begin + 1, end) if index not in found]
        originals = [index for index in range(first + 1, last) if index not in taken]
        found |= dict(_pairs(translations, originals, likeness))
    return found


def _moved(told: Sequence[str], now: Sequence[str], found: dict[int, int]) -> dict[int, int]:
    """Those whose original stands elsewhere in the order."""
    free = defaultdict(list)
    for index, digest in enumerate(now):
        if index not in set(found.values()):
            free[digest].append(index)
    rest = [index for index in range(len(told)) if index not in found and told[index]]
    return {index: free[told[index]].pop(0) for index in rest if free[told[index]]}


def _pairs(translations: list[int], originals: list[int], likeness: Likeness) -> Iterable[tuple[int, int]]:
    """As many pairs as there can be, in order; where one side has more, those that are most alike."""
    if len(translations) == len(originals):
        return zip(translations, originals, strict=True)
    best = [(0.0, ())] * (len(originals) + 1)
    for translation in reversed(translations):
        above, best = best, [(0.0, ())]
        for place in range(len(originals) - 1, -1, -1):
            score, pairs = above[place + 1]
            paired = score + 1 + likeness(translation, originals[place]), ((translation, originals[place]), *pairs)
            best.insert(0, max(paired, best[0], above[place], key=lambda found: found[0]))
    return best[0][1]


def shared_words(one: Iterable[Line], other: Iterable[Line]) -> float:
    """How much two texts have in common, from 0 to 1: names, numbers and code are the same in every language.

    >>> shared_words([("La forme : ``x`` a 3", 1)], [("The shape: ``x`` has 3", 1)])
    0.4
    """
    words = [set(re.findall(r"\w+", " ".join(text for text, _ in lines))) for lines in (one, other)]
    return len(words[0] & words[1]) / max(map(len, words), default=1) if all(words) else 0.0
