"""Characters that no reader sees, though they change what is read or run; and what only programs write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.lesson import PLACEHOLDER
from sphinx_polyglot.source.marks import Line

#: Control characters, those of no width, those that turn the order of others, and fillers.
HIDDEN = re.compile(
    "[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: What Arabic and Hebrew need where they stand beside Latin letters.
DIRECTIONS = "\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
#: What joins and parts letters of Persian and of Indian scripts, and the parts of an emoji.
JOINERS = "\u200c\u200d"
#: A blank that no line breaks at, beside another one; French has it beside a word.
DOUBLE_BLANK = re.compile(" \u00a0|\u00a0 ")
#: Where one version of a conflict begins, and where the other ends.
CONFLICT = re.compile(r"[# ]*([<>|])\1{6}(?: |$)")


def hidden_faults(path: Path, lines: Iterable[Line], is_code: bool = False) -> Iterator[SourceError]:
    """Faults of lines as their author wrote them, at most one of a kind in a line; a script is code.

    >>> for fault in hidden_faults(Path("a.py"), [("x = 1  # \u202e", 3)]):
    ...     print(fault)
    a.py:3: U+202E (RIGHT-TO-LEFT OVERRIDE) does not show; remove it, or write "\\u202e" in a string of code
    """
    for text, number in lines:
        code = (is_code or path.suffix == ".py") and not text.lstrip().startswith("#")
        found = next((match for match in HIDDEN.finditer(text) if not _is_needed(text, match.start(), code)), None)
        if found:
            yield SourceError(path, number, f"{_told(found[0])} does not show; {_remedy(found[0])}")
        if "\ufffd" in text:
            message = "U+FFFD stands for a letter that was lost when a program misread this file"
            yield SourceError(path, number, f"{message}; write the letter again")
        if not code and DOUBLE_BLANK.search(text):
            yield SourceError(path, number, "U+00A0 (NO-BREAK SPACE) stands beside a blank; remove one of them")
        if CONFLICT.match(text):
            yield SourceError(path, number, "a merge left both its versions here; keep one, and remove its marks")
        if placeholder := PLACEHOLDER.search(text):
            message = f'"{placeholder[0]}" would be replaced by the text of another place'
            yield SourceError(path, number, f"{message}; write other brackets")


def _is_needed(text: str, place: int, code: bool) -> bool:
    """Whether a language or an emoji needs what is hidden here."""
    if text[place] in DIRECTIONS:
        return not code and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in HIDDEN.sub("", text))
    return text[place] in JOINERS and place > 0 and text[place - 1] > "\u02ff"


def _told(letter: str) -> str:
    name = unicodedata.name(letter, "a control character")
    return f"U+{ord(letter):04X} ({name})"


def _remedy(letter: str) -> str:
    escape = f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
    return f'remove it, or write "{escape}" in a string of code'


def text_faults(path: Path) -> list[SourceError]:
    """The same of a whole file, or why it cannot be read."""
    try:
        return list(hidden_faults(path, numbered(read_text(path))))
    except SourceError as fault:
        return [fault]
