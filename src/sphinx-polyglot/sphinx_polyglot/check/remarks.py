"""Remarks that stand only where they are true, ``.. only:: cifar10``: some build must set such a tag."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from sphinx_polyglot.check.inventory import Item
from sphinx_polyglot.errors import SourceError

TAG = re.compile(r"[^\W\d]\w*")
#: What stands between tags, and tags that Sphinx sets.
OF_SPHINX = {"and", "or", "not", "True", "False", "html", "dirhtml", "singlehtml", "epub", "latex", "text", "gettext"}


def tag_faults(path: Path, items: Iterable[Item], tags: Collection[str]) -> Iterator[SourceError]:
    """Tags that no build sets, of which Sphinx says nothing: the remark would stand nowhere."""
    for item in (item for item in items if item.kind == "only"):
        for tag in TAG.findall(item.value):
            if tag not in OF_SPHINX and tag not in tags:
                known = get_close_matches(tag, tags, 1) or sorted(tags)
                remedy = f"write {' or '.join(known)}, or add it" if known else "add it"
                message = f'no build sets the tag "{tag}"; {remedy} to polyglot_tags in conf.py'
                yield SourceError(path, item.line, message)
