r"""The words of Markdown: text in, text out.

They are chosen such that CommonMark, JupyterLab and nbconvert read them alike. CommonMark closes
``**`` only where its neighbours allow it: not in ``**注意：**不要``. There, bold text is ``<strong>``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from roman_numerals import RomanNumeral


class Emphasis(NamedTuple):
    """Emphasized text; its neighbours decide how it is written."""

    mark: str
    tag: str
    text: str

    def between(self, before: str, after: str) -> str:
        """Asterisks where CommonMark would open and close them, tags where it would not.

        >>> Emphasis("**", "strong", "Note:").between("", " "), Emphasis("**", "strong", "注意：").between("", "不")
        ('**Note:**', '<strong>注意：</strong>')
        """
        opens = not _is_mark(self.text[:1]) or _is_blank(before) or _is_mark(before)
        closes = not _is_mark(self.text[-1:]) or _is_blank(after) or _is_mark(after)
        if opens and closes and "*" not in (before, after, self.text[:1], self.text[-1:]):
            return f"{self.mark}{self.text}{self.mark}"
        return f"<{self.tag}>{self.text}</{self.tag}>"


def bold(text: str) -> str:
    """A line of bold text."""
    return Emphasis("**", "strong", text).between("", "")


def escape(text: str) -> str:
    r"""Text, with what Markdown, HTML or MathJax would take for markup made harmless.

    >>> escape("2*3, [a], <b>, a < b, x_train, _y_, AT&T, &lt;")
    '2\\*3, \\[a\\], \\<b>, a < b, x_train, \\_y\\_, AT&T, &amp;lt;'
    >>> escape("$5")
    '<span>\\$</span>5'
    """
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("\\", "&#92;")
    text = re.sub(r"[*`\[\]~]|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", text)
    text = text.replace("$", r"<span>\$</span>")  # MathJax looks for pairs in the shown text, not across elements
    return re.sub(r"\s+", " ", text)


def entities(text: str) -> str:
    r"""Text on one line of HTML in which nothing is markup, lines kept.

    >>> entities("*a*\n|b|")
    '&#42;a&#42;&#10;&#124;b&#124;'
    """
    return re.sub(r"[^\w ]|_", lambda mark: f"&#{ord(mark[0])};", text)


def code_span(text: str, in_table: bool = False) -> str:
    """Code in a line of text, whatever backquotes it holds, and bars that would end a cell.

    >>> code_span("x"), code_span("a`b"), code_span("`"), code_span("a|b", in_table=True)
    ('`x`', '``a`b``', '`` ` ``', '<code>a&#124;b</code>')
    """
    text = re.sub(r"\s+", " ", text)
    if in_table and "|" in text:
        return f"<code>{entities(text)}</code>"
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text.strip() else ""


def fenced(text: str, language: str) -> str:
    """A block of code that no line of its own ends.

    >>> fenced("x = 1", "python")
    '```python\\nx = 1\\n```'
    """
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def quoted(text: str) -> str:
    """A quotation.

    >>> quoted("one\\n\\ntwo")
    '> one\\n>\\n> two'
    """
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def itemized(marks: Iterable[str], items: Iterable[str]) -> str:
    r"""A list; an item of several paragraphs sets all items apart.

    >>> itemized(["1.", "2."], ["one", "two\n- inner"])
    '1. one\n2. two\n   - inner'
    >>> itemized(["-", "-"], ["one", "two\n\nmore"])
    '- one\n\n- two\n\n  more'
    """
    pairs = zip(marks, items, strict=True)
    texts = [f"{mark} " + re.sub(r"\n(?=[^\n])", "\n" + " " * (len(mark) + 1), text) for mark, text in pairs]
    return ("\n\n" if any("\n\n" in text for text in texts) else "\n").join(texts)


def counted(kind: str, number: int) -> str:
    """How an item is counted in a list without plain numbers.

    >>> counted("loweralpha", 2), counted("upperroman", 4)
    ('b', 'IV')
    """
    text = RomanNumeral(number).to_lowercase() if "roman" in kind else chr(ord("a") + (number - 1) % 26)
    return text.upper() if kind.startswith("upper") else text


def _is_blank(letter: str) -> bool:
    return not letter.strip()


def _is_mark(letter: str) -> bool:
    return bool(letter) and unicodedata.category(letter)[0] in "PS"
