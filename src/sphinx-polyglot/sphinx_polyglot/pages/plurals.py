"""Sphinx's words for scripts without ``new Function``, which a strict Content-Security-Policy forbids."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sphinx.application import Sphinx

CALL = re.compile(r"\s*Documentation\.addTranslations\((\{.*\})\);\s*", re.DOTALL)


def write_plurals(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: what that call would do, the rule of plurals written out."""
    path = Path(app.outdir, "_static/translations.js")
    if not exception and app.builder.format == "html" and path.is_file():
        path.write_text(written_out(path.read_text("utf-8")), "utf-8", newline="\n")


def written_out(script: str) -> str:
    """The script, or the same if it calls nothing of the kind.

    >>> script = 'Documentation.addTranslations({"locale": "fr", "messages": {"a": "b"}, "plural_expr": "(n > 1)"});'
    >>> print(written_out(script), end="")
    Object.assign(Documentation.TRANSLATIONS, {"a": "b"});
    Documentation.PLURAL_EXPR = n => Number((n > 1));
    Documentation.LOCALE = "fr";
    """
    if not (found := CALL.fullmatch(script)):
        return script
    catalogue = json.loads(found[1])
    messages = json.dumps(catalogue["messages"], ensure_ascii=False)
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {messages});\n"
        f"Documentation.PLURAL_EXPR = n => Number({catalogue['plural_expr']});\n"
        f"Documentation.LOCALE = {json.dumps(catalogue['locale'])};\n"
    )
