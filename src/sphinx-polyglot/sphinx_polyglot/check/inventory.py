"""Take prose apart: what every language must share, and the words that are its own.

Formulas, links, images, literals and numbers are the same in each language; what
remains is plain text, line for line, for those who look at terms and typography.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sphinx_polyglot.source.marks import Line

#: Stands in plain text for a literal or a formula: a word in foreign letters.
OPAQUE = "\ufffc"

DIRECTIVE = re.compile(r"(\s*)\.\. ([\w:-]+)::\s*(.*)")
OPTION = re.compile(r"\s+:[\w-]+:( .*|$)")
TARGET = re.compile(r"\s*\.\. _([^:`]+|`[^`]+`):\s*(.*)")
COMMENT = re.compile(r"(\s*)\.\.( (?!\[|_|\|).*|$)")
#: Directives whose body is not prose.
VERBATIM = {"math": "formula", "code-block": "code", "code": "code", "sourcecode": "code", "doctest": "code"} | {
    name: "directive" for name in ("toctree", "literalinclude", "raw", "include", "minigallery", "csv-table")
}
IMAGES = {"image", "figure"}

LITERAL = re.compile(r"``(.+?)``(?!`)", re.DOTALL)
ROLE = re.compile(r":([\w:+-]+):`((?:[^`\\]|\\.)*)`|(?<![`A-Za-z0-9_])`((?:[^`\\]|\\.)+)`_{0,2}", re.DOTALL)
#: Roles whose text is none of a language's words, and what they are.
OPAQUE_ROLES = {"math": "formula", "printed": "printed", "minutes": "link"}
SUFFIX = re.compile(r":[\w:+-]+:")
URL = re.compile(r"\b(?:https?|ftp)://[^\s<>`，。；：！？、（）]+[^\s<>`，。；：！？、（）.,;:!?)]")
TITLED = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
#: Emphasis, and what may stand in prose without being any.
EMPHASIS = re.compile(
    r"\\\*|\*\*(?=\S)(?:(?!\n\s*\n)[^*])+?(?<=\S)\*\*|\*(?=[^\s*])(?:(?!\n\s*\n)[^*])*?(?<=[^\s*])\*|\[\*\]_"
)
STAR = re.compile(r"(?<![A-Za-z0-9])\*+(?=\S)|(?<=\S)\*+(?![A-Za-z0-9])")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: A name with capitals inside, such as NumPy, which every language writes alike.
NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]*[a-z][A-Z][A-Za-z]*")


@dataclass(frozen=True)
class Item:
    """One thing that every language of a block has: its kind, its value, the author's line."""

    kind: str
    value: str
    line: int


@dataclass
class Inventory:
    """The items of a block in one language, its plain text, single backquotes without a role, lone asterisks."""

    items: list[Item] = field(default_factory=list)
    plain: list[Line] = field(default_factory=list)
    bare: list[Line] = field(default_factory=list)
    stars: list[Line] = field(default_factory=list)


def inventory(lines: list[Line]) -> Inventory:
    """Take the prose of one block in one language apart.

    >>> found = inventory([("Of 3 views, ``x`` and :ref:`one <a>`", 7), ("are :math:`x^2`.", 8)])
    >>> [(item.kind, item.value, item.line) for item in found.items]
    [('formula', 'x^2', 8), ('link', 'ref a', 7), ('literal', 'x', 7), ('number', '3', 7)]
    >>> [text.replace(OPAQUE, "□") for text, _ in found.plain]
    ['Of 3 views, □ and one', 'are □.']
    """
    found = Inventory()
    if not lines:
        return found
    texts = _without_directives(lines, found.items)
    text = "\n".join(texts)
    numbers = [number for _, number in lines]
    text = _take(LITERAL, _literal, text, numbers, found.items)
    found.bare = [(match[3], numbers[text.count("\n", 0, match.start())]) for match in _without_role(text)]
    for pattern, read in ((ROLE, _role), (URL, _url)):
        text = _take(pattern, read, text, numbers, found.items)
    found.stars = list(_without_partner(text, numbers))
    _take(NUMBER, _number, text, numbers, found.items)
    _take(NAME, _name, text, numbers, found.items)
    found.items.sort(key=lambda item: (item.kind, item.line))
    found.plain = [(line.replace("*", ""), number) for line, number in zip(text.split("\n"), numbers, strict=True)]
    return found


def _take(pattern: re.Pattern, read: Callable, text: str, numbers: list[int], items: list[Item]) -> str:
    """Note what ``pattern`` finds; leave what ``read`` shows of it, and every line break."""

    def replace(match: re.Match[str]) -> str:
        kind, value, shown = read(match)
        items.append(Item(kind, " ".join(value.split()), numbers[text.count("\n", 0, match.start())]))
        return shown + "\n" * (match[0].count("\n") - shown.count("\n"))

    return pattern.sub(replace, text)


def _without_partner(text: str, numbers: list[int]) -> Iterator[Line]:
    """Asterisks that touch a word and neither begin nor end emphasis."""
    rest = EMPHASIS.sub(lambda match: "\n" * match[0].count("\n") or "x", text)
    for match in STAR.finditer(rest):
        yield match[0], numbers[rest.count("\n", 0, match.start())]


def _literal(match: re.Match[str]) -> tuple[str, str, str]:
    return "literal", match[1], OPAQUE


def _role(match: re.Match[str]) -> tuple[str, str, str]:
    """A role, or a link as in ```text <address>`_``; what is shown stays in the text."""
    if kind := OPAQUE_ROLES.get(match[1]):
        return kind, match[2], OPAQUE
    content = match[2] if match[1] else match[3]
    titled = TITLED.fullmatch(content)
    shown, target = titled.groups() if titled else (content if match[1] in (None, "term") else "", content)
    return "link", f"{match[1]} {target}" if match[1] else target, shown or OPAQUE


def _without_role(text: str) -> Iterator[re.Match[str]]:
    """What stands in single backquotes and is neither a link nor of any role."""
    for match in ROLE.finditer(text):
        if match[3] and not match[0].endswith("_") and not SUFFIX.match(text, match.end()):
            yield match


def _url(match: re.Match[str]) -> tuple[str, str, str]:
    return "link", match[0], OPAQUE


def _number(match: re.Match[str]) -> tuple[str, str, str]:
    return "number", match[0].replace(",", ""), match[0]


def _name(match: re.Match[str]) -> tuple[str, str, str]:
    return "name", match[0], match[0]


def _without_directives(lines: list[Line], items: list[Item]) -> list[str]:
    """The texts, blank where a directive stood; its body stays where that is prose."""
    texts = [text for text, _ in lines]
    index = 0
    while index < len(lines):
        text, number = lines[index]
        index += 1
        if found := DIRECTIVE.match(text):
            end = _end_of_body(texts, index, len(found[1]))
            index = _read_directive(found, texts, index, end, number, items)
        elif found := TARGET.match(text):
            items.append(Item("link", found[2], number) if found[2] else Item("label", found[1], number))
            texts[index - 1] = ""
        elif found := COMMENT.match(text):
            end = _end_of_body(texts, index, len(found[1]))
            texts[index - 1 : end] = [""] * (end - index + 1)
        elif text.rstrip().endswith("::"):
            texts[index - 1] = text.rstrip()[:-1]
            end = _end_of_body(texts, index, len(text) - len(text.lstrip()))
            items.append(Item("code", _code(texts[index:end]), number))
            texts[index:end] = [""] * (end - index)
            index = end
    return texts


def _read_directive(found: re.Match, texts: list[str], index: int, end: int, number: int, items: list[Item]) -> int:
    """Note a directive; blank its head, and its body unless that is prose. Return where prose goes on."""
    _, name, argument = found.groups()
    kind = VERBATIM.get(name)
    if kind:
        body = _code(texts[index:end]) if kind == "code" else " ".join(" ".join(texts[index:end]).split())
        items.append(Item(kind, f"{argument} {body}".strip() if name != "toctree" else name, number))
        texts[index - 1 : end] = [""] * (end - index + 1)
        return end
    if name in IMAGES or name == "only":
        items.append(Item("image" if name in IMAGES else "only", argument, number))
        argument = ""
    else:
        items.append(Item("directive", name, number))
    texts[index - 1] = argument
    while index < end and OPTION.match(texts[index]):
        texts[index] = ""
        index += 1
    return index


def _end_of_body(texts: list[str], index: int, indent: int) -> int:
    """Where the lines end that are indented deeper than ``indent``, or blank."""
    while index < len(texts) and (not texts[index].strip() or texts[index][: indent + 1].isspace()):
        index += 1
    return index


def _code(texts: list[str]) -> str:
    """Code without its comments, which speak the reader's language."""
    bare = (re.sub(r"(^|\s)#.*", "", text).strip() for text in texts)
    return " ⏎ ".join(text for text in bare if text)
