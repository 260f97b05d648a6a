"""How each language is set: its script, its punctuation, and in Chinese its spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sphinx_polyglot.check.inventory import OPAQUE
from sphinx_polyglot.cjk.typography import HAN
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.marks import Line

FULL_WIDTH = {",": "，", ".": "。", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）", '"': "“”"}
_FULL = "，。；：！？、（）《》〈〉「」『』【】"
_WIDE = HAN + OPAQUE
_NARROW = rf"A-Za-z0-9%°$\u0370-\u03ff{OPAQUE}"
_BULLET = re.compile(r"^\s*(?:[-*+]|\(?[0-9a-zA-Z#]{1,2}[.)])\s")
_HALF = re.compile(
    rf"(?<=[{_WIDE}{_FULL}])\s*([,;:!?()\"])"
    rf"|([,;:!?()\"])\s*(?=[{_WIDE}])"
    rf"|(?<=[{HAN}{_FULL}])\s*(\.)(?!\.)"
    rf"|(?<={OPAQUE})(\.)(?=\s|$)"
)
_TIGHT = re.compile(rf"[{HAN}][{_NARROW}]|[{_NARROW}][{HAN}]")
_LOOSE = re.compile(rf"(?<=\S)\s+([{_FULL}])|([{_FULL}])\s+(?=\S)")
_DOUBLED = re.compile(r"[，。；：！？、,;:][，。；：！？、,;:]+|。\.|\.[，。；：！？、]|(?<!\.)\.\.(?!\.)")
_WORD = re.compile(r"[A-Za-z]{2,}")
_ONE_HAN = re.compile(f"[{HAN}]")
#: A stretch of so many words without one Han character is not Chinese.
_FOREIGN_WORDS = 4


def setting_faults(path: Path, name: str, plain: list[Line]) -> Iterator[SourceError]:
    """Faults in how prose is set, at most one of a kind in a line.

    ``name`` is Sphinx's name of its language.

    >>> for fault in setting_faults("a.py", "zh_CN", [("张量,即tensor。。", 3)]):
    ...     print(fault)
    a.py:3: "。。": two marks in a row; leave one
    a.py:3: half-width "," in "张量,即"; write "，"
    a.py:3: "即t": Han and Latin touch; put a space between them
    """
    for text, number in plain:
        text = _BULLET.sub("", text, count=1)
        if doubled := _DOUBLED.search(text):
            yield SourceError(path, number, f'"{doubled[0]}": two marks in a row; leave one')
            text = text.replace(doubled[0], doubled[0][0])
        if is_chinese(name):
            yield from _chinese_faults(path, text, number)
        elif wide := re.search(f"[{_FULL}]", text) if _writes_latin(name) else None:
            yield SourceError(path, number, f'full-width "{wide[0]}" in {name}; write its half-width mark')


def _chinese_faults(path: Path, text: str, number: int) -> Iterator[SourceError]:
    if half := _HALF.search(text):
        mark = next(filter(None, half.groups()))
        around = _shown(text[max(half.start() - 2, 0) : half.end() + 1])
        yield SourceError(path, number, f'half-width "{mark}" in "{around}"; write "{FULL_WIDTH[mark]}"')
    if tight := _TIGHT.search(text):
        yield SourceError(path, number, f'"{_shown(tight[0])}": Han and Latin touch; put a space between them')
    if loose := _LOOSE.search(text):
        yield SourceError(path, number, f'a space beside "{loose[1] or loose[2]}", which brings its own; remove it')


def script_faults(path: Path, language: str, name: str, plain: list[Line]) -> Iterator[SourceError]:
    """The first paragraph that is written in another language's script.

    >>> for fault in script_faults("a.py", "en", "en", [("张量", 3)]):
    ...     print(fault)
    a.py:3: this is not written in en; exchange it with its counterpart, or correct the mark above it
    """
    for paragraph in _paragraphs(plain):
        text = " ".join(text for text, _ in paragraph)
        han, words = len(_ONE_HAN.findall(text)), len(_WORD.findall(text))
        foreign = words >= _FOREIGN_WORDS and not han if is_chinese(name) else _writes_latin(name) and han > words
        if foreign:
            message = (
                f"this is not written in {language}; exchange it with its counterpart, or correct the mark above it"
            )
            yield SourceError(path, paragraph[0][1], message)
            return


def is_chinese(name: str) -> bool:
    """Tell whether Sphinx's name of a language is one of Chinese."""
    return name.partition("_")[0] in ("zh", "yue")


def _writes_latin(name: str) -> bool:
    return not is_chinese(name) and name.partition("_")[0] not in ("ja", "ko")


def _paragraphs(plain: list[Line]) -> list[list[Line]]:
    stretches = groupby(plain, key=lambda line: bool(line[0].strip()))
    return [list(lines) for filled, lines in stretches if filled]


def _shown(text: str) -> str:
    return text.replace(OPAQUE, "`…`")
