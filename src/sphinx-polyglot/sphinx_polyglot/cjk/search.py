"""Search without a dictionary: Chinese by characters and pairs, identifiers also by their parts.

反向传播 is indexed as 反 向 传 播 反向 向传 传播, and searched for as 反向 向传 传播: a page
that has all the pairs nearly always has the word. ``data_ptr`` is indexed as ``data_ptr``,
``data`` and ``ptr``, ``DataLoader`` also as ``Data`` and ``Loader``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

from sphinx_polyglot.cjk import snippets
from sphinx_polyglot.cjk.typography import HAN, join_cjk_lines

_TOKEN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W_A-Za-z]+")


class SearchEnglishAndHan(SearchEnglish):
    """English words by their stems, identifiers by their parts, Chinese by its characters."""

    lang = "en"
    js_splitter_code = r"""
/* Chinese as pairs of characters, all else as words; sphinx_polyglot/cjk/search.py indexes the same. */
var splitQuery = (query) =>
  (query.match(/[HAN]+|(?:(?![HAN])[\p{Letter}\p{Number}_])+/gu) ?? []).flatMap((token) => {
    const letters = [...token];
    if (!/[HAN]/u.test(token) || letters.length === 1) return [token];
    return letters.slice(1).map((letter, place) => letters[place] + letter);
  });
""".replace("HAN", re.sub(r"[^-]", lambda letter: rf"\u{{{ord(letter[0]):x}}}", HAN))

    def split(self, input: str) -> list[str]:  # noqa: A002 (Sphinx's name)
        """All that a reader might search for in a text.

        >>> SearchEnglishAndHan({}).split("见 data_ptr：共享内存。")
        ['见', 'data_ptr', 'data', 'ptr', '共', '享', '内', '存', '共享', '享内', '内存']
        """
        return [term for token in _TOKEN.findall(join_cjk_lines(input)) for term in _terms(token)]


class SearchChinese(SearchEnglishAndHan):
    """The same for Chinese pages: English words stand on them, too."""

    # ``language_name`` stays "English": Sphinx makes the name of the JavaScript stemmer from it,
    # and with another name every query would die of ``ChineseStemmer is not defined``.
    lang = "zh"


def _terms(token: str) -> Iterator[str]:
    """One run of Chinese characters, or one word, as terms of the index."""
    if re.match(f"[{HAN}]", token):
        yield from token
        yield from (token[place : place + 2] for place in range(len(token) - 1))
        return
    yield token
    yield from (part for part in _PART.findall(token) if len(part) > 1 and part != token)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both languages, and the snippets below the results."""
    app.add_search_language(SearchEnglishAndHan)
    app.add_search_language(SearchChinese)
    snippets.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
