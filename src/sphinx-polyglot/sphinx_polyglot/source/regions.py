"""Lines of a cell that readers need not read, folded to the words that say what they do.

    # region
    # zh: 画这幅图的代码
    # en: The code that draws this figure
    figure, axis = plt.subplots()
    # endregion

Editors fold such regions, too. They stand between statements, as often as one likes.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

BEGIN, END = re.compile(r"# region\s*"), re.compile(r"# endregion\s*")
WORDS = re.compile(r"# (\S.*)")


class Part(NamedTuple):
    """Some lines of a cell; ``words`` say what they do where they are folded, ``line`` is their first in the cell."""

    code: str
    words: str
    line: int


class RegionError(ValueError):
    """What is wrong with a region, and the remedy; ``line`` is the place in the cell, from 0 on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parts(code: str) -> list[Part]:
    """The cell's parts, in order; one that folds nothing is its only one.

    Raises:
        RegionError: a region does not end, does not say what it does, or is no whole statements.

    >>> parts("# region\\n# Draw\\nx = 1\\n# endregion\\ny = x")
    [Part(code='x = 1', words='Draw', line=2), Part(code='y = x', words='', line=4)]
    """
    lines = code.split("\n")
    if not any(BEGIN.fullmatch(line) or END.fullmatch(line) for line in lines):
        return [Part(code, "", 0)]
    found, first, words, begun = [], 0, "", -1
    for number, line in enumerate(lines):
        if BEGIN.fullmatch(line):
            if begun >= 0:
                raise RegionError('this region begins inside another; end that with "# endregion" before', number)
            named = WORDS.fullmatch(lines[number + 1]) if number + 1 < len(lines) else None
            if not named:
                message = 'this region does not say what it does; write it below, "# en: …", in each language'
                raise RegionError(message, number)
            found.append(Part("\n".join(lines[first:number]), "", first))
            first, words, begun = number + 2, named[1], number
        elif END.fullmatch(line):
            if begun < 0:
                raise RegionError('no region ends here; write "# region" where it begins, or remove this', number)
            found.append(Part("\n".join(lines[first:number]), words, first))
            first, words, begun = number + 1, "", -1
    if begun >= 0:
        raise RegionError('this region does not end in its cell; write "# endregion" where it does', begun)
    found.append(Part("\n".join(lines[first:]), "", first))
    found = [part for part in found if part.code.strip()]
    for part in found:
        _check_statements(part)
    return found


def _check_statements(part: Part) -> None:
    try:
        ast.parse(part.code)
    except SyntaxError:
        message = "a region begins or ends inside a statement here; put it around whole statements"
        raise RegionError(message, part.line) from None
