"""The names in a cell of code that mean its own, global, values; and where they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

#: Names in these may mean something else: they have values of their own.
CLOSED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Place(NamedTuple):
    """A name, and where in the text it begins."""

    name: str
    offset: int


def names_in(code: str) -> list[Place]:
    """Each place of a name, in order; none where the code is no Python, say for its line magics.

    >>> [place.name for place in names_in("x = [y for y in z]\\ndef f(a):\\n    return a + x")]
    ['x', 'z']
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return []
    lines = code.split("\n")
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line) + 1)
    found = []
    for node in _global_names(tree, frozenset()):
        line = lines[node.lineno - 1]
        column = len(line.encode()[: node.col_offset].decode("utf-8", "ignore"))
        if line[column:].startswith(node.id):  # within f-strings, older Pythons tell another place
            found.append(Place(node.id, begins[node.lineno - 1] + column))
    return sorted(set(found), key=lambda place: place.offset)


def _global_names(node: ast.AST, bound: frozenset[str]) -> Iterator[ast.Name]:
    if isinstance(node, COMPREHENSIONS):
        targets = (name for part in node.generators for name in ast.walk(part.target) if isinstance(name, ast.Name))
        bound |= {name.id for name in targets}
    if isinstance(node, ast.Name) and node.id not in bound:
        yield node
    if not isinstance(node, CLOSED):
        for child in ast.iter_child_nodes(node):
            yield from _global_names(child, bound)
