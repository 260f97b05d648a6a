"""Code whose comments say what each line gives, run line by line: ``torch.zeros(2, 3)  # 2×3 float32``.

A comment is a value as Python writes it, the name of an error, or a shape, a data type or a device. Letters
in a shape stand for sizes: each keeps the size that it had first in its block or, within a function, in its call.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

#: A shape, a data type or a device; a number alone is a value.
WORD = re.compile(r"[A-Z]|\w+(?:×\w+)+|u?int\d+|b?float\d+|bool|cpu")


def run_blocks(blocks: list[str]) -> dict[str, Any]:
    """The names that the blocks leave when they run one after the other, as one file.

    Raises AssertionError for the first line that gives something else than its comment says, and for lines
    that did not run.

    >>> run_blocks(["import torch", "x = torch.ones(2, 3)  # 2×3 float32", "x.sum()  # 6.0"])["x"].ndim
    2
    >>> run_blocks(["import torch", "x = torch.ones(2, 3)  # 3×2"])
    Traceback (most recent call last):
    AssertionError: line 2 gives 2×3, not 3×2
    """
    code = "\n".join(blocks)
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    blank = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines = {t.start[0] for t in tokens if t.type not in blank}
    block_of = [number for number, block in enumerate(blocks) for _ in block.split("\n")]

    watch = Watch(comments, block_of)
    tree = ast.fix_missing_locations(Rewrite(comments).visit(ast.parse(code)))
    names: dict[str, Any] = {"_watch": watch}
    exec(compile(tree, "page", "exec"), names)
    if left := sorted(lines - watch.ran):
        raise AssertionError(f"lines {left} were never run")
    if left := sorted(comments.keys() - watch.checked):
        raise AssertionError(f"nothing tells whether the comments of lines {left} are true")
    return names


class Watch:
    """What the rewritten code calls while it runs."""

    def __init__(self, comments: dict[int, str], block_of: list[int]) -> None:
        self.comments, self.block_of = comments, block_of
        self.ran: set[int] = set()
        self.checked: set[int] = set()
        self.sizes: dict[int, dict[str, str]] = {}

    def run(self, first: int, last: int) -> None:
        self.ran |= set(range(first, last + 1))

    def begin(self, line: int, value: Any) -> None:
        """A function's argument: in this call, letters stand for its sizes."""
        self.sizes.pop(self.block_of[line - 1], None)
        self.gives(line, value)

    def gives(self, line: int, value: Any) -> Any:
        comment, sizes = self.comments[line], self.sizes.setdefault(self.block_of[line - 1], {})
        words = comment.split() if all(map(WORD.fullmatch, comment.split())) else []
        got = " ".join(shown(value, word) for word in words) or repr(plain(value))
        if got != comment and not (words and fits(comment, got, sizes)):
            raise AssertionError(f"line {line} gives {got}, not {comment}")
        self.checked.add(line)
        return value

    def raises(self, line: int, function: Any) -> None:
        try:
            function()
        except Exception as error:
            if type(error).__name__ != self.comments[line]:
                raise AssertionError(f"line {line} raises {error!r}") from error
            self.checked.add(line)
        else:
            raise AssertionError(f"line {line} raises nothing")

    def layers(self, network: nn.Sequential, first: int, lines: list[int]) -> None:
        """The shapes beside the layers of a network; the first is that of what goes in."""
        sizes = self.comments[first].split("×")
        x = torch.rand([5 if size.isalpha() else int(size) for size in sizes])
        self.gives(first, x)
        for layer, line in zip(network, lines, strict=True):
            x = layer(x)
            if line in self.comments:
                self.gives(line, x)


class Rewrite(ast.NodeTransformer):
    """Make each statement note that it runs, and hand on what it gives where a comment stands."""

    def __init__(self, comments: dict[int, str]) -> None:
        self.comments = comments

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.stmt):  # what it has inside is about to change
            body = getattr(node, "body", None)
            node.head_end = body[0].lineno - 1 if body else node.end_lineno
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list):
                setattr(node, field, [new for old in statements for new in self.watched(old)])
        return node

    def watched(self, node: ast.stmt) -> Iterator[ast.stmt]:
        first, last = node.lineno, node.end_lineno
        yield parsed(f"_watch.run({first}, {node.head_end})")
        comment = self.comments.get(first if hasattr(node, "body") else last, "")
        if isinstance(node, ast.FunctionDef) and comment:
            node.body.insert(0, parsed(f"_watch.begin({first}, {node.args.args[-1].arg})"))
            yield node
        elif isinstance(node, ast.Expr) and comment.endswith("Error"):
            yield parsed(f"_watch.raises({last}, lambda: ({ast.unparse(node.value)}))")
        elif isinstance(node, ast.Expr | ast.Return) and comment and node.value:
            node.value = parsed(f"_watch.gives({last}, ({ast.unparse(node.value)}))").value
            yield node
        elif isinstance(node, ast.Assign | ast.AugAssign):
            yield node
            target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
            if comment:
                yield parsed(f"_watch.gives({last}, ({target}))")
            elif isinstance(node.value, ast.Call) and first in self.comments:
                lines = [argument.end_lineno for argument in node.value.args]
                yield parsed(f"_watch.layers({target}, {first}, {lines})")
        else:
            yield node


def parsed(code: str) -> ast.stmt:
    return ast.parse(code).body[0]


def plain(value: Any) -> Any:
    """Tensors and arrays as numbers and lists."""
    return value.tolist() if hasattr(value, "tolist") else value


def shown(value: Any, word: str) -> str:
    """What a value has where a comment has this word, written as comments write it.

    >>> shown(torch.zeros(2, 3), "3×2"), shown(torch.zeros(2, 3), "int64"), shown(torch.zeros(2), "cpu")
    ('2×3', 'float32', 'cpu')
    """
    if word == "cpu" or isinstance(value, torch.device):
        return str(getattr(value, "device", value))
    if word.islower():
        return str(getattr(value, "dtype", value)).removeprefix("torch.")
    return "×".join(map(str, getattr(value, "shape", value)))


def fits(comment: str, got: str, sizes: dict[str, str]) -> bool:
    """Whether both are the same, with letters for sizes; ``sizes`` has those that are known, and learns others.

    >>> fits("N×10 int64", "8×10 int64", {}), fits("N×10", "8×10", {"N": "5"})
    (True, False)
    """
    pairs = list(zip(re.split("[× ]", comment), re.split("[× ]", got), strict=False))
    same = re.sub(r"[^× ]", "", comment) == re.sub(r"[^× ]", "", got)
    return same and all(sizes.setdefault(c, g) == g if c.isupper() else c == g for c, g in pairs)
