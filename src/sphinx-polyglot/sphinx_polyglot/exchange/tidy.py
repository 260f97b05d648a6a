"""What is mended of a translation before it goes into a source."""

from __future__ import annotations

from docutils.utils import column_width

from sphinx_polyglot.check.headings import headings
from sphinx_polyglot.source.files import plain_ends


def trimmed(text: str) -> str:
    """A translation without the blank lines around it that a tool may have left.

    >>> trimmed("\\r\\n  One\\r\\n\\r\\nTwo\\r\\n")
    '  One\\n\\nTwo'
    """
    lines = plain_ends(text).split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def underlined(text: str) -> str:
    """A translation with underlines at least as long as their headings; a Han character counts as two.

    >>> underlined("Neural networks\\n----\\n\\nText.")
    'Neural networks\\n---------------\\n\\nText.'
    """
    lines = text.split("\n")
    for heading in headings([(line, index) for index, line in enumerate(lines)]):
        if heading.lacks and (heading.line == 0 or not lines[heading.line - 1].strip()):
            lines[heading.line + 1] = underline(heading.text, heading.underline)
    return "\n".join(lines)


def underline(title: str, mark: str) -> str:
    """The line below a title, as long as docutils wants it.

    >>> underline("张量", "="), underline("Tensors", "====="), underline("R", "==")
    ('====', '=======', '==')
    """
    return mark[0] * max(column_width(title.rstrip()), 2)
