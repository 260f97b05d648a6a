"""Each term of the glossary is shown by some page: lessons could not link to it otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx_polyglot.check.terms import Glossary
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import read_text

SHOWN = re.compile(r"^\s*\.\. polyglot-glossary::[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def theme_faults(glossary: Glossary, pages: Iterable[Path]) -> Iterator[SourceError]:
    """Terms that no page shows, if any page shows some; one without a theme shows all of them."""
    themes = list(dict.fromkeys(theme for path in pages for theme in _themes(path)))
    if not themes or "" in themes:
        return
    for term in glossary.terms:
        if term.theme not in themes:
            has = f'has the theme "{term.theme}", which no page shows' if term.theme else "has no theme"
            message = f'the term "{term.key}" {has}; give it a theme, one of {", ".join(themes)}'
            yield SourceError(glossary.path, term.line, message)


def _themes(path: Path) -> list[str]:
    try:
        return SHOWN.findall(read_text(path))
    except SourceError:  # told where pages are read
        return []
