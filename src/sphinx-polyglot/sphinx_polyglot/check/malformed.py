"""The tables of the glossary's file: what each holds, and what is wrong with one that does not."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from sphinx_polyglot.languages import drafts_of

#: What a term's table may hold beside its names, and what that is.
FIELDS = {"also": dict, "avoid": dict, "compared": bool, "text": dict, "theme": str}
SHAPES = {
    "also": 'also.zh = ["…"]',
    "avoid": 'avoid.zh = ["…"]',
    "compared": "compared = false",
    "text": 'text.zh = "…"',
    "theme": 'theme = "…"',
}


def malformed(table: object, languages: Sequence[str], explained: bool) -> str:
    """What is wrong with a term, and the remedy; where one is explained, all are.

    >>> malformed({"en": ["loss"], "themes": "training"}, ["en"], False)
    'has "themes", which means nothing; write "theme", or remove it'
    """
    if not isinstance(table, dict):
        return "is no table; write its key in brackets, and below it what it is called"
    for name, kind in FIELDS.items():
        if name != "text" and not isinstance(table.get(name, kind()), kind):
            return f"has something else as {name}; write {SHAPES[name]}"
    for name in ("also", "avoid"):
        if not all(map(_is_list_of_names, table.get(name, {}).values())):
            return f"has something else as {name}; write {SHAPES[name]}"
    for name in table:
        if name not in FIELDS and name not in languages and (meant := get_close_matches(name, FIELDS, 1, 0.8)):
            return f'has "{name}", which means nothing; write "{meant[0]}", or remove it'
    return _lacking(table, languages, explained)


def is_renderings(table: object) -> bool:
    """Tell whether a table gives for each rendering to avoid what to write instead."""
    return isinstance(table, dict) and all(
        isinstance(better, str) and rendering.strip() for rendering, better in table.items()
    )


def _lacking(table: dict, languages: Sequence[str], explained: bool) -> str:
    """What a term does not have in some language, and the remedy; what a draft lacks may be missing, but not empty."""
    what, remedies = [], []
    text, drafts = table.get("text", {}), drafts_of(languages)
    for language in languages:
        if not _is_list_of_names(table.get(language)) and (language in table or language not in drafts):
            what.append(f"a list of names in {language}")
            remedies.append(f'{language} = ["…"]')
        if explained and not _is_sentence(text, language, language in drafts):
            what.append(f"a sentence in {language}")
            remedies.append(f'text.{language} = "…"')
    return f"lacks {' and '.join(what)}; add {' and '.join(remedies)}" if what else ""


def _is_sentence(text: object, language: str, may_lack: bool) -> bool:
    if not isinstance(text, dict) or language not in text:
        return may_lack and isinstance(text, dict)
    return isinstance(text[language], str) and bool(text[language].strip())


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name.strip() for name in value)
