"""Comments that were meant as prose: an empty line without a number sign ended it, and no page would tell."""

from __future__ import annotations

import ast
import re
from itertools import takewhile

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.marks import Line, Syntax

#: What tools read.
PRAGMA = re.compile(
    r"(?i)(?:(?:end)?region|fmt|isort|mypy|noqa|pragma|pylint|pyright|ruff|spdx|type)\b|sphinx_gallery_|!|-\*-"
)
WORD = re.compile(r"[^\W\d_]{2,}")
HAN = re.compile("[\u3400-\u9fff]")
SENTENCE = re.compile(r"[.!?:。！？：…][\"'”’)）*`]*$")


def stray_fault(syntax: Syntax, code: list[Line]) -> SourceError | None:
    """The comment with which ``code`` begins, if prose comes just before it and it seems to be more of that.

    A comment on the line below it is left alone, unless it is a sentence or Chinese: such a comment is
    for readers, and would be shown in one language only.
    """
    pair = re.compile(rf"# (?:{'|'.join(map(re.escape, syntax.words))}): ")
    run = list(takewhile(lambda line: line[0].startswith("#") and not pair.match(line[0]), code))
    texts = [text.lstrip("#").strip() for text, _ in run]
    below = code[len(run)][0].strip() if len(run) < len(code) else ""
    if not _is_prose(texts, on_code=bool(below) and not below.startswith("#")):
        return None
    message = "an empty line ended the prose above, so that this is a comment in one language"
    remedy = f'put "#" on the empty line, or write the comment as "# {syntax.words[0]}: …" and so on'
    return SourceError(syntax.path, run[0][1], f"{message}; {remedy}")


def _is_prose(texts: list[str], on_code: bool) -> bool:
    texts = [text for text in texts if text and not PRAGMA.match(text)]
    words = sum(len(WORD.findall(text)) for text in texts)
    han = any(map(HAN.search, texts))
    if not (words or han) or _is_code("\n".join(texts)):
        return False
    return bool(not on_code or han or (words > 2 and (len(texts) > 1 or SENTENCE.search(texts[-1]))))


def _is_code(text: str) -> bool:
    """Whether this is code that is commented out, rather than a word or two."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = (ast.Name, ast.Tuple, ast.Constant, ast.Attribute)
    return not all(
        isinstance(statement, ast.AnnAssign) or isinstance(getattr(statement, "value", None), names)
        for statement in statements
    )
