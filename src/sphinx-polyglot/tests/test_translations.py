"""Catalogues that Sphinx writes of a gallery's pages come back as prose between marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from sphinx.cmd.build import build_main

from sphinx_polyglot.__main__ import main
from sphinx_polyglot.moving.copies import copy_of

SCRIPT = '''"""
The mean
========

Of numbers, *three* of them,
and ``more``.

- First point
  of two.
- Second point.

1. Number one.

.. note:: Right here,
   and below.

.. warning::

   Below only.

Term
    What it means.

As code::

    not prose

.. [1] A footnote.
"""

x = 1

# %%
# ====
# More
# ====
#
# .. math:: a = b
#
# Last :math:`a`.

y = 2
'''


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory) -> Path:
    """What Sphinx finds to translate in the script's prose, each message in brackets."""
    folder = tmp_path_factory.mktemp("gettext")
    copy = copy_of(SCRIPT, Path("mean.py"))
    prose = [copy.head, *(cell.lines for cell in copy.cells if cell.is_prose)]
    Path(folder, "mean.rst").write_text("\n\n".join("\n".join(line for line, _ in part) for part in prose), "utf-8")
    Path(folder, "conf.py").write_text("root_doc = 'mean'\n", "utf-8")
    assert build_main(["-b", "gettext", "-q", str(folder), str(folder / "pot")]) == 0
    with Path(folder, "pot/mean.pot").open("rb") as file:
        messages = read_po(file, locale="fr")
    for message in messages:
        if message.id:
            message.string = f"[{message.id.removesuffix('::')}]{'::' * message.id.endswith('::')}"
    with Path(folder, "mean.po").open("wb") as file:
        write_po(file, messages)
    return folder / "mean.po"


@pytest.fixture
def merge(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mean.py").write_text(SCRIPT, "utf-8")

    def merge(catalogue: Path) -> str:
        assert main(["merge", "en=mean.py", f"fr={catalogue}", "-o", "both.py"]) == 0
        return Path("both.py").read_text("utf-8")

    return merge


def test_every_message_finds_its_paragraph(merge, catalogue, capsys):
    text = merge(catalogue)
    with catalogue.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert len(messages) == 14 and all(" ".join(message.string.split()) in text for message in messages)
    assert (
        "%% fr\n[The mean]\n==========\n\n[Of numbers, *three* of them, and ``more``.]\n\n- [First point of two.]"
        in text
    )
    assert "# ======\n# [More]\n# ======\n#\n# .. math:: [a = b ]\n#\n# [Last :math:`a`.]\n" in text
    assert ".. note:: [Right here, and below.]" in text and ".. [1] [A footnote.]" in text
    assert capsys.readouterr().out == "both.py is written, whole\n"


def test_what_is_not_translated_is_told(merge, catalogue, tmp_path, capsys):
    own = tmp_path / "own.po"
    text = catalogue.read_text("utf-8").replace('msgstr "[Last :math:`a`.]"', 'msgstr ""')
    own.write_text(text.replace('msgstr "[More]"', 'msgstr ""').replace("Second point", "Third point"), "utf-8")
    both = merge(own)
    told = capsys.readouterr().out
    assert 'mean.py:10: "- Second point." is not in fr yet; translate it in the new script' in told
    assert 'the translation of "Third point." found no place in mean.py; put it there by hand' in told
    assert "the block has en but no fr" in told
    assert "- [First point of two.]\n- Second point.\n" in both and both.count("# More\n") == 1


def test_fuzzy_translations_are_not_used(merge, catalogue, tmp_path):
    own = tmp_path / "own.po"
    own.write_text(catalogue.read_text("utf-8").replace('msgid "More"', '#, fuzzy\nmsgid "More"'), "utf-8")
    assert "[More]" not in merge(own)


def test_what_is_the_same_in_both_stays_as_it_is_written(merge, catalogue, tmp_path):
    own = tmp_path / "own.po"
    text = catalogue.read_text("utf-8").replace("[First point of two.]", "First point of two.")
    own.write_text(text, "utf-8")
    assert merge(own).count("- First point\n  of two.\n") == 2


def test_a_gallery_takes_a_folder_of_catalogues(merge, catalogue, capsys):
    Path("gallery").mkdir()
    Path("mean.py").rename("gallery/mean.py")
    Path("gallery/other.py").write_text('"""\nOther\n=====\n"""\n', "utf-8")
    Path("catalogues").mkdir()
    for name in ("mean", "other"):
        Path("catalogues", f"{name}.po").write_bytes(catalogue.read_bytes())
    assert main(["merge", "en=gallery", "fr=catalogues", "-o", "both"]) == 0
    assert "%% fr\n[The mean]\n" in Path("both/mean.py").read_text("utf-8")
    assert Path("both/other.py").read_text("utf-8") == '"""\nOther\n=====\n"""\n'
    assert "both/other.py:1: none of it is translated" in capsys.readouterr().out


def test_what_is_no_catalogue_is_told(merge, tmp_path, capsys):
    Path("own.po").write_text('msgid "a"\nwhat\n', "utf-8")
    assert main(["merge", "en=mean.py", "fr=own.po", "-o", "both.py"]) == 1
    assert "own.po:" in capsys.readouterr().err and not Path("both.py").exists()
