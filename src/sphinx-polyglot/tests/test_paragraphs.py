"""As many paragraphs in each language, and in the same order."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.sources import lesson_faults
from sphinx_polyglot.check.terms import Glossary, Term
from sphinx_polyglot.gallery.reading import read_page

LANGUAGES = {"zh": "zh_CN", "en": "en"}
GLOSSARY = Glossary([Term({"zh": ["张量"], "en": ["tensor"]}, {}, key="tensor")])


def found(zh: str, en: str, glossary: Glossary | None = None) -> list[str]:
    """What is told of a page with these two texts, which begin in lines 5 and, with three lines of Chinese, 13."""
    page = read_page("a.rst", "a", f"%% zh\n题\n====\n\n{zh}\n\n%% en\nT\n====\n\n{en}\n", list(LANGUAGES))
    return [str(fault) for fault in lesson_faults([page], LANGUAGES, glossary or Glossary())]


def test_a_paragraph_that_is_missing_or_stands_twice():
    assert found("甲。\n\n甲。", "A.") == [
        "a.rst:5: paragraphs begin in lines 5, 7 in zh, 13 in en; write as many in each"
    ]
    assert found("甲。", "A.\n\nB.") == [
        "a.rst:5: paragraphs begin in lines 5 in zh, 11, 13 in en; write as many in each"
    ]


@pytest.mark.parametrize(
    ("zh", "en", "name"),
    [
        ("有 3 个。\n\n有 4 个。", "There are 4.\n\nThere are 3.", "the number 3"),
        ("用 ``x``。\n\n用 ``y``。", "Use ``y``.\n\nUse ``x``.", "``x``"),
        ("像 NumPy。\n\n快。", "Fast.\n\nLike NumPy.", "the name NumPy"),
    ],
)
def test_paragraphs_in_another_order(zh, en, name):
    assert f"a.rst:5: zh has {name} here, en in another paragraph; write the paragraphs in the same order" in found(
        zh, en
    )


def test_a_name_that_one_language_lacks():
    assert found("它很像 NumPy。", "It is like it.") == [
        "a.rst:5: zh has the name NumPy, en has not; write it in both or in neither"
    ]
    assert found("GPU 很快。", "It is fast.") == []  # an abbreviation may be written out


def test_terms_are_compared_by_paragraph():
    first, second = found("张量。\n\n好。", "Good.\n\nA tensor.", GLOSSARY)
    assert second.startswith('a.rst:13: zh names "张量" in line 5, en from here on does not name "tensor"')
    assert first.startswith('a.rst:7: en names "tensor" in line 15, zh from here on does not name "张量"')
    assert found("张量。\n\n好。", "A tensor.\n\nGood.", GLOSSARY) == []
