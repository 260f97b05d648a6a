"""Code in fewer elements: a token whose colour is that of the code around it needs none of its own.

Punctuation and names are half of all elements of a lesson's page; a phone lays out each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pygments.token import STANDARD_TYPES

CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
#: Where code stands, and what is said of it; what Pygments says of one kind of token has a class more.
CODE = re.compile(r"(.*)\.highlight", re.DOTALL)
TOKEN = re.compile(rf"{CODE.pattern} \.(\w+)", re.DOTALL)
COLOUR = re.compile(r"(?<![\w-])color:\s*([^;]+)")
#: A class that needs no other beside it.
ALONE = re.compile(r"(?:^|[\s,>+~(])[\w*]*\.(\w+)(?=$|[\s,>+~:)\[])")
BLOCK = re.compile(r'<div class="highlight">(?:<button[^>]*>[^<]*</button>)?<pre>.*?</pre>', re.DOTALL)


def drop_plain_tokens(site: Path) -> None:
    """Take the elements of plain tokens out of the code of all pages of a site."""
    plain = plain_tokens(path.read_text("utf-8") for path in sorted(site.rglob("*.css")))
    if not plain:
        return
    span = re.compile(rf'<span class="(?:{"|".join(sorted(plain))})">([^<]*)</span>')
    for path in site.rglob("*.html"):
        page = path.read_text("utf-8")
        path.write_text(BLOCK.sub(lambda found: span.sub(r"\1", found[0]), page), "utf-8")


def plain_tokens(sheets: Iterable[str]) -> set[str]:
    """The classes of tokens that look, by all these sheets, like the code that they stand in.

    >>> light = ".highlight { color: #111 } .highlight .n { color: #111 } .highlight .k { color: red }"
    >>> dark = ".d .highlight { color: #eee } .d .highlight .n { color: #eee } .d .highlight .k { color: #eee }"
    >>> plain_tokens([light + dark])
    {'n'}
    >>> plain_tokens([light, ".parameter.n { margin: 0 }"]), plain_tokens([light, ".note span.n { margin: 0 }"])
    ({'n'}, set())
    """
    plain, other = set(), set()
    for sheet in sheets:
        colours: dict[str, str] = {}
        for selector, said in RULE.findall(COMMENT.sub("", sheet)):
            selector, said = selector.strip(), said.strip(" ;\n")
            colour = COLOUR.search(said)
            code, token = CODE.fullmatch(selector), TOKEN.fullmatch(selector)
            if code and colour:
                colours[code[1]] = colour[1].strip()
            if token and said == f"color: {colours.get(token[1])}":
                plain.add(token[2])
            else:
                other.update(ALONE.findall(selector))
    return (plain - other) & CLASSES
