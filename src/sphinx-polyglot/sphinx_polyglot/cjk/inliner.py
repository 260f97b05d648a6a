"""Inline markup may touch Chinese: ``讲解**梯度下降**与`` without blanks or backslashes.

docutils wants a blank or a mark beside inline markup, which Chinese does not have. Its
``character_level_inline_markup`` would break ``x_train`` and ``2*3*4``. Here Han characters
and full-width brackets count as marks, and everything else stays as it is.
"""

from __future__ import annotations

import re

from docutils.parsers.rst import states
from docutils.utils import punctuation_chars
from sphinx.parsers import RSTParser

from sphinx_polyglot.cjk.typography import HAN

#: Each bracket may follow markup as well as precede it: ``add_``（原地）``mul_``.
_BRACKETS = "（）《》〈〉「」『』【】〔〕"
_REFERENCE = "(?P<refname>", "(?P<refend>__?)"


class HanParser(RSTParser):
    """Sphinx's parser, with that inliner."""

    def __init__(self) -> None:
        super().__init__(inliner=HanInliner())


class HanInliner(states.Inliner):
    """docutils' ``Inliner``; Han characters may stand beside inline markup."""

    def init_customizations(self, settings) -> None:
        """Take the patterns of a plain ``Inliner`` and let Han characters delimit them.

        Calling ``super()`` would not do: that method finds its parts by ``vars(self.__class__)``,
        which lacks what a subclass inherits.
        """
        plain = states.Inliner()
        plain.init_customizations(settings)
        patterns = {name: _beside_han(pattern) for name, pattern in vars(plain.patterns).items()}
        patterns["initial"] = _keep_identifiers(patterns["initial"])
        self.patterns = states.Struct(**patterns)
        self.implicit_dispatch = [
            (_beside_han(pattern), method.__func__.__get__(self)) for pattern, method in plain.implicit_dispatch
        ]


def _beside_han(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern, with Han characters and brackets among the delimiters."""
    delimiters = punctuation_chars.delimiters
    return re.compile(pattern.pattern.replace(delimiters, delimiters + HAN + _BRACKETS), pattern.flags)


def _keep_identifiers(initial: re.Pattern[str]) -> re.Pattern[str]:
    """A bare ``name_`` is no reference beside Han: ``方法add_会修改`` names a method of PyTorch."""
    start, end = _REFERENCE
    pattern = initial.pattern.replace(start, f"(?<![{HAN}]){start}").replace(end, f"{end}(?![{HAN}])")
    return re.compile(pattern, initial.flags)
