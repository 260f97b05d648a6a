"""Markdown within a paragraph, written as reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from docutils.utils import punctuation_chars as marks
from markdown_it.tree import SyntaxTreeNode as Node

#: What reStructuredText would take for markup: the signs themselves, and underscores at the end of a word.
SIGNS = re.compile(r"[\\`]|\*(?!\s)|(?<!\s)\*|\|(?!\s)|_(?=_*(?:\W|$))")
#: What may stand right before markup, and right after it.
BEFORE = re.compile(rf"(?!:)[\s{marks.openers}{marks.delimiters}]")
AFTER = re.compile(rf"[\s{marks.closing_delimiters}{marks.delimiters}{marks.closers}]")
#: What would be taken for the role of what stands before it.
SUFFIX = re.compile(r":[\w:.+-]+:")
#: Asterisks that touch a word.
STARS = re.compile(r"(?<![A-Za-z0-9])\*+(?=\S)|(?<=\S)\*+(?![A-Za-z0-9])")
FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
#: The endings of files from which pages are made.
PAGES = {".ipynb", ".md", ".py", ".rst"}

#: Takes what cannot be written, and the remedy.
Tell = Callable[[str], None]


class Piece(NamedTuple):
    """Some text, and what stands on either side of it as markup; ``""`` for plain text."""

    text: str
    mark: str = ""
    is_whole: bool = False  # the text has its own markup


def inline(children: Iterable[Node], tell: Tell) -> str:
    """The text of a paragraph, its line breaks where they are; what cannot be written goes on to ``tell``.

    >>> from markdown_it import MarkdownIt
    >>> tree = Node(MarkdownIt().parseInline("A*b*, **use `x` now**: [here](https://a.org), 2*3, 张`y`量"))
    >>> print(inline(tree.children[0].children, print))
    A\\ *b*, **use** ``x`` **now**: `here <https://a.org>`__, 2\\*3, 张\\ ``y``\\ 量
    """
    children = list(children)
    plain = "".join(
        node.content if node.type == "text" else " " if node.type.endswith("break") else "x" for node in children
    )
    if stars := STARS.search(plain):
        message = f'"{stars[0]}" begins or ends no emphasis, and readers would see it'
        tell(f"{message}; keep punctuation outside of emphasis, or put a backslash before it")
    if FOOTNOTE.search(plain):
        tell("a footnote has no counterpart here; write it as a sentence")
    return _joined(_merged(_pieces(children, "", tell)))


def _pieces(children: Iterable[Node], mark: str, tell: Tell) -> list[Piece]:
    """The pieces, one after the other: in reStructuredText, none stands within another."""
    pieces: list[Piece] = []
    for node in children:
        if node.type in ("strong", "em"):
            pieces += _pieces(node.children, "**" if node.type == "strong" else mark or "*", tell)
        elif node.type in ("text", "text_special"):
            pieces.append(Piece(node.content, mark))
        elif node.type == "softbreak":
            pieces.append(Piece("\n", mark))
        elif node.type == "hardbreak":
            pieces.append(Piece("\n"))
        elif node.type in WHOLE:
            pieces.append(Piece(WHOLE[node.type](node), is_whole=True))
        elif not (node.type == "html_inline" and node.content.startswith("<!--")):
            tell(CANNOT.get(node.type, f'"{node.type}" of Markdown has no counterpart here; write it otherwise'))
    return pieces


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece, and blanks outside of markup."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1][1:] == piece[1:] == (piece.mark, False):
            piece = Piece(merged.pop().text + piece.text, piece.mark)
        merged.append(piece)
    parts: list[Piece] = []
    for piece in merged:
        text = piece.text.strip()
        if not piece.mark or not text:
            parts.append(piece if piece.is_whole else Piece(piece.text))
            continue
        begin = piece.text.index(text)
        parts += [Piece(piece.text[:begin]), Piece(text, piece.mark), Piece(piece.text[begin + len(text) :])]
    return [part for part in parts if part.text]


def _joined(pieces: list[Piece]) -> str:
    """All as one text; where markup would touch a word, an escaped blank parts them."""
    written, after_markup = "", False
    for piece in pieces:
        text = piece.text if piece.is_whole else SIGNS.sub(r"\\\g<0>", piece.text)
        is_markup = bool(piece.mark or piece.is_whole)
        text = f"{piece.mark}{text}{piece.mark}"
        touches = after_markup and (not AFTER.match(text[0]) or SUFFIX.match(text))
        is_quoted = written[-1:].strip() and re.match(r"[*`]+\W", text)  # signs in quotes are none
        if touches or (is_markup and written and (is_quoted or not BEFORE.match(written[-1]))):
            written += "\\ "
        written, after_markup = written + text, is_markup
    return written


def _literal(node: Node) -> str:
    code = node.content.strip()
    if code and (code.strip("`") != code or "``" in code):
        return f":literal:`{_escaped(code)}`"
    return f"``{code}``" if code else ""


def _link(node: Node) -> str:
    """A link to another site, to a label, to a page, or to a file."""
    href, shown = str(node.attrs["href"]), "".join(_shown(node.children)).replace("\n", " ")
    if node.markup == "autolink" and not re.search("[_*`|]$", shown):
        return shown
    address = urlsplit(href)
    if address.scheme or address.netloc:
        href = re.sub("_$", r"\\_", href)
        return f"`{_escaped(shown).replace('<', chr(92) + '<')} <{href}>`__"
    path, label = PurePosixPath(unquote(address.path)), unquote(address.fragment)
    if label or not path.suffix:
        role, target = "ref", label or str(path)
    elif path.suffix in PAGES:
        role, target = "doc", str(path.with_suffix(""))
    else:
        role, target = "download", str(path)
    return f":{role}:`{_escaped(shown).replace('<', chr(92) + '<')} <{target}>`" if shown else f":{role}:`{target}`"


def _shown(children: Iterable[Node]) -> Iterable[str]:
    """The words of a link, without markup."""
    for node in children:
        yield from [node.content or "\n" * (node.type == "softbreak")] if not node.children else _shown(node.children)


def _escaped(text: str) -> str:
    return re.sub(r"[\\`]", r"\\\g<0>", text)


def _math(node: Node) -> str:
    return f":math:`{node.content.strip()}`"


def _role(node: Node) -> str:
    return f":{node.meta['name']}:`{node.content}`"


#: What becomes markup as a whole.
WHOLE = {
    "code_inline": _literal,
    "link": _link,
    "math_inline": _math,
    "math_inline_double": _math,
    "myst_role": _role,
}
CANNOT = {
    "image": "an image stands within a paragraph; give it a paragraph of its own",
    "html_inline": "HTML stands within a paragraph; write it in Markdown",
}
