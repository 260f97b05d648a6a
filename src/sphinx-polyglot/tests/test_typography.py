"""Lines of Chinese join without a gap."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Parser
from hypothesis import example, given
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_polyglot.cjk.inliner import HanInliner
from sphinx_polyglot.cjk.typography import join_cjk_lines, join_document


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("张\n量", "张量"),
        ("张 \n\t量", "张量"),
        ("一\n二\n三", "一二三"),
        ("张量，\n再见", "张量，再见"),
        ("张量\n。", "张量。"),
        ("（\nPyTorch", "（PyTorch"),
        ("见，\nPyTorch", "见，PyTorch"),
        ("PyTorch\n，见", "PyTorch，见"),
        ("他说\n“好”", "他说“好”"),
        ("“好”\n他说", "“好”他说"),
        ("“好”\n“不好”", "“好”“不好”"),
        ("他说——\n不", "他说——不"),
        ("他说\n——不", "他说——不"),
        ("𠀀\n々", "𠀀々"),
        ("カ\nナ", "カナ"),
        ("张量\nPyTorch", "张量\nPyTorch"),
        ("PyTorch\n张量", "PyTorch\n张量"),
        ("one\ntwo", "one\ntwo"),
        ("one —\n“two”\n“three”", "one —\n“two”\n“three”"),
        ("张\n\n量", "张\n\n量"),
    ],
)
def test_breaks_between_chinese_go(text, joined):
    assert join_cjk_lines(text) == joined


@example("。\n—\n—")
@given(st.text(st.sampled_from("张量，。“”—aZ1 \t\n")))
def test_joining_drops_blanks_only_and_once(text):
    joined = join_cjk_lines(text)
    assert "".join(joined.split()) == "".join(text.split())
    assert join_cjk_lines(joined) == joined


def joined(text: str) -> nodes.document:
    """Parse a text and join its lines."""
    overrides = {"report_level": 5, "language_code": "en"}
    document = publish_doctree(text, parser=Parser(inliner=HanInliner()), settings_overrides=overrides)
    join_document(document)
    return document


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("先\n**粗**\n后", "先粗后"),
        ("先*斜*\n**粗**，\n后", "先斜粗，后"),
        ("见\n`文档 <https://example.org>`_\n里", "见文档里"),
        ("**一\n二**\n三", "一二三"),
        ("此\n``x``\n彼", "此\nx\n彼"),
        ("此，\n``x``\n。", "此，x。"),
        ("此\n:math:`x`\n彼", "此\nx\n彼"),
        ("注 [1]_\n后\n\n.. [1] 文", "注1后"),
        ("与\n其，与\nb，与\n其", "与其，与\nb，与其"),
        ("bold **word**\nnext", "bold word\nnext"),
    ],
)
def test_breaks_across_inline_nodes_go(text, shown):
    assert joined(text)[0].astext() == shown


@pytest.mark.parametrize(
    "text",
    [
        "::\n\n   一\n   二",
        ".. math::\n\n   一\n   二",
        ".. 一\n   二",
        ".. raw:: html\n\n   一\n   二",
        "``一\n二``",
        ":math:`一\n二`",
    ],
)
def test_what_is_shown_as_typed_stays(text):
    plain = publish_doctree(text, parser=Parser(inliner=HanInliner()), settings_overrides={"report_level": 5})
    assert joined(text).pformat() == plain.pformat()


def test_titles_items_cells_and_captions_are_joined():
    document = joined("- 一\n  二\n\n项\n  三\n  四\n\n.. list-table:: 表\n   题\n\n   * - 五\n       六\n")
    assert "\n" not in "".join(text.astext() for text in document.findall(nodes.Text))


def test_a_reference_shows_its_title_without_a_gap(tmp_path: Path):
    text = "首页\n====\n\n参见\n:ref:`one`\n一节，\n再看\n:ref:`one`。\n\n.. _one:\n\n张量\n----\n\n文\n字。\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    with patch_docutils(), docutils_namespace():
        settings = {"extensions": ["sphinx_polyglot.cjk.typography"]}
        out, warnings = tmp_path / "out", io.StringIO()
        app = Sphinx(tmp_path, None, out, out, "text", settings, status=None, warning=warnings)
        app.build()
    assert warnings.getvalue() == ""
    assert (out / "index.txt").read_text("utf-8").count("参见张量一节，再看张量。") == 1


def test_an_apostrophe_before_markup_is_no_closing_quote(tmp_path: Path):
    """``l'`` before a role, in each kind of markup; a quotation that ends at a word stays one."""
    text = "Titre\n=====\n\nl':ref:`étiquette <a>`, d'*un*, l'``x``, l'ami dit 'oui'.\n\n.. _a:\n\nA\n-\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    with patch_docutils(), docutils_namespace():
        settings = {"extensions": ["sphinx_polyglot.cjk.typography"], "language": "fr"}
        app = Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "out", "xml", settings, status=None, warning=None)
        app.build()
    shown = re.sub("<[^>]+>", "", (tmp_path / "out/index.xml").read_text("utf-8"))
    assert "l’étiquette, d’un, l’x, l’ami dit “oui”." in shown
