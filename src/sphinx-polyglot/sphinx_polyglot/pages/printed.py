"""What a lesson printed, quoted in its prose: ``:printed:`accuracy``` says 75.3% below an ``accuracy = 75.3%``.

    :printed:`accuracy`          the value of a line such as ``accuracy = 75.3%``
    :printed:`loss:.2f`          its number, written in this format of Python's
    :printed:`plane, right`      of a printed table, the cell in the row ``plane`` and the column ``right``

It takes the nearest output above that prints it. It is text like any other: in the search, in notebooks.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from sphinx_polyglot.gallery.selection import has_run
from sphinx_polyglot.gallery.upstream import OUTPUT

logger = logging.getLogger(__name__)

#: What is quoted, and how a number in it is to be written.
TARGET = re.compile(r"(?P<name>.*?)(?::(?P<format>,?(?:\.\d+)?[deEfgG%]))?")
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
#: Between the cells of a printed table.
GAP = re.compile(r"\s{2,}|\s*\|\s*|\t")
#: Stands where lessons were not run.
NOT_RUN = "…"


class Quotation(nodes.Inline, nodes.TextElement):
    """Where the value comes, once all outputs are known."""


class PrintedRole(SphinxRole):
    """``:printed:`name```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave the place to ``QuotePrinted``."""
        node = Quotation(self.rawtext, target=self.text)
        self.set_source_info(node)
        return [node], []


class QuotePrinted(SphinxTransform):
    """Puts the values in."""

    default_priority = 200  # before titles are taken into contents

    def apply(self, **kwargs) -> None:
        """Go through the page from top to bottom."""
        outputs: list[str] = []
        for node in list(self.document.findall(lambda node: isinstance(node, Quotation) or _is_output(node))):
            if isinstance(node, Quotation):
                value = self._quoted(node, outputs)
                node.parent.replace(node, nodes.inline("", value, classes=["polyglot-printed"]))
            else:
                outputs.append(node.astext())

    def _quoted(self, node: Quotation, outputs: list[str]) -> str:
        target = TARGET.fullmatch(" ".join(node["target"].split()))
        found = next((values for text in reversed(outputs) if (values := printed(text, target["name"]))), [])
        if len(found) == 1:
            return _formatted(found[0], target["format"])
        if not found and not has_run(self.env.srcdir, self.env.current_document.docname):
            return NOT_RUN
        fault = f"is printed {len(found)} times in one output" if found else "is not printed above"
        message = "%r %s; print it there once, as in: %s = …"
        logger.warning(
            message, target["name"], fault, target["name"], location=node, type="polyglot", subtype="printed"
        )
        return target["name"]


def _is_output(node: nodes.Node) -> bool:
    return isinstance(node, nodes.literal_block) and OUTPUT in node["classes"]


def printed(text: str, name: str) -> list[str]:
    """The values that an output gives a name, or the cells of its tables in a row and a column.

    >>> printed("loss = 0.25, accuracy = 75.3%\\nsize = (2, 3)", "accuracy"), printed("size = (2, 3)", "size")
    (['75.3%'], ['(2, 3)'])
    >>> printed("class   right  wrong\\nplane     731    269", "plane, right")
    ['731']
    """
    row, comma, column = name.partition(", ")
    if comma:
        return _cells(text, row, column)
    named = re.compile(rf"(?:^|(?<=[\s,;(])){re.escape(name)}\s*[=:]\s*(?=\S)", re.MULTILINE)
    return [_value(text[match.end() :].partition("\n")[0]) for match in named.finditer(text)]


def _value(rest: str) -> str:
    """The value at the beginning of the rest of a line: up to a comma or a gap that no bracket holds."""
    depth = 0
    for index, letter in enumerate(rest):
        depth += (letter in "([{") - (letter in ")]}")
        if depth <= 0 and (re.match(r",\s|;|\s{2,}", rest[index:]) or letter in ")]}" and depth < 0):
            return rest[:index].strip()
    return rest.strip()


def _cells(text: str, row: str, column: str) -> list[str]:
    """The cells below the head ``column`` in lines that begin with ``row``; such a line may have no head of its own."""
    found, head = [], []
    for line in text.split("\n"):
        cells = GAP.split(line.strip())
        cells = cells if len(cells) > 1 else line.split()
        if column in cells:
            head = cells
        elif head and cells and cells[0] == row:
            index = head.index(column) + len(cells) - len(head)
            found += cells[index : index + 1] if index >= 0 else []
    return found


def _formatted(value: str, how: str | None) -> str:
    """The value, its first number written as asked for.

    >>> _formatted("75.34%", ".0f"), _formatted("62006", ",d"), _formatted("0.753", ".1%"), _formatted("bird", None)
    ('75%', '62,006', '75.3%', 'bird')
    """
    if not how:
        return value

    def write(match: re.Match[str]) -> str:
        number = float(match[0].replace(",", ""))
        return format(round(number) if how.endswith("d") else number, how)

    return NUMBER.sub(write, value, count=1)
