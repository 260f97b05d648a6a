"""The words around a draft's text, such as "Next", that neither Sphinx nor the project translates."""

from __future__ import annotations

import os
import re
from gettext import NullTranslations
from pathlib import Path

from babel.messages.pofile import normalize
from sphinx.application import Sphinx
from sphinx.locale import get_translator
from sphinx.util import logging

from sphinx_polyglot.words import CATALOGUE

#: What a format such as "%b %d, %Y" holds, and a name that is a link.
PLACE = re.compile(r"%\(\w+\)\w|%\w|<a [^>]*>[^<]*</a>")

logger = logging.getLogger(__name__)


class Untranslated(NullTranslations):
    """Asked last, where no catalogue has the words; it keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def gettext(self, message: str) -> str:
        """The words as they are."""
        if re.search(r"[^\W\d_]", PLACE.sub("", message)):
            self.words.add(message)
        return message


def listen(app: Sphinx) -> None:
    """``builder-inited``: note what is asked for in vain; the words are written in English."""
    app.polyglot_untranslated = {name: Untranslated() for name in ("sphinx", CATALOGUE)}
    if app.env.polyglot.languages and not app.config.language.startswith("en"):
        for name, words in app.polyglot_untranslated.items():
            get_translator(name).add_fallback(words)


def report(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: what the pages that were written show in English."""
    if exception is not None:
        return
    for name, untranslated in app.polyglot_untranslated.items():
        if words := sorted(untranslated.words):
            catalogue = Path(
                app.srcdir, (app.config.locale_dirs or ["locales"])[0], app.config.language, f"LC_MESSAGES/{name}.po"
            )
            entries = "\n".join(f"msgid {normalize(word)}" for word in words)
            path = Path(os.path.relpath(catalogue, app.confdir)).as_posix()
            logger.info("in English for want of a translation; add these to %s:\n%s", path, entries)
