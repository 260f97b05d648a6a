"""What stands around the lessons and pages, and is to be checked with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_polyglot.catalogue import catalogue_faults
from sphinx_polyglot.hidden import hidden_faults
from sphinx_polyglot.marks import Languages, SourceError
from sphinx_polyglot.reading import read_text
from sphinx_polyglot.source import numbered, parse_page


@dataclass(frozen=True)
class Around:
    """The files of the glossary and of the zip's guide, and where which of Sphinx's languages are translated;
    the role of single backquotes.
    """

    glossary: str = ""
    guide: str = ""
    locale_dirs: Sequence[str] = ()
    languages: Sequence[str] = ()
    default_role: str | None = None


def around_faults(confdir: Path, srcdir: Path, codes: Languages, around: Around) -> Iterator[SourceError]:
    """Languages that the guide lacks, and translations that cannot be read; a guide that is not there is told later."""
    guide = confdir / around.guide
    try:
        if around.guide and guide.is_file():
            text = read_text(guide)
            yield from hidden_faults(guide, numbered(text))
            parse_page(text, guide, codes)
    except SourceError as fault:
        yield from (fault, *fault.also)
    for language in around.languages:
        yield from catalogue_faults(srcdir, around.locale_dirs, language)
