"""The extension's own words, such as "Download", in the language that is built.

They have a catalogue of their own, ``locale/…/sphinx_polyglot.po``. A project adds a language, or
says something otherwise, in a file of that name below its ``locale_dirs``. Both are compiled into
one beside Sphinx's own caches: what is installed may not be writable.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import get_translation

CATALOGUE = "sphinx_polyglot"
OWN = Path(__file__).parent / "locale"

_ = get_translation(CATALOGUE)


def load(app: Sphinx, config: Config) -> None:
    """``config-inited``: have Sphinx know the catalogue; without one, the words are English."""
    folders = [OWN, *(Path(app.srcdir, name) for name in config.locale_dirs)]
    inside = Path(config.language, "LC_MESSAGES", f"{CATALOGUE}.po")
    known = [folder / inside for folder in folders if (folder / inside).is_file()]
    compiled = Path(app.doctreedir, "words")
    if known:
        path = (compiled / inside).with_suffix(".mo")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, _merged(known))
    app.add_message_catalog(CATALOGUE, str(compiled))


def said_in(language: str, word: str) -> str:
    """One of our words in any language; English where it has none.

    >>> said_in("zh_CN", "Script"), said_in("tlh", "Script")
    ('脚本', 'Script')
    """
    path = OWN / language / "LC_MESSAGES" / f"{CATALOGUE}.po"
    return str(_merged([path]).get(word).string) if path.is_file() else word


def _merged(paths: list[Path]) -> Catalog:
    """All entries; those of a later file count."""
    merged = Catalog()
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string:
                    merged.delete(message.id)
                    merged.add(message.id, message.string)
    return merged
