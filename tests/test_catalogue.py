"""The words around the text: a catalogue that cannot be read is a fault, and what it lacks is told."""

from __future__ import annotations

import pytest
from test_check import FRENCH, check

CATALOGUE = "docs/locale/fr/LC_MESSAGES/sphinx.po"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n\n'
DRAFT = {**FRENCH, "TINY_DRAFTS": "fr:en"}


@pytest.fixture
def french(tiny):
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\nlocale_dirs = ["locale"]')
    return tiny


@pytest.mark.parametrize("line", ['msgstr "Suivan', "msgstr Suivant", 'msgstr "Sui"vant"', "Suivant"])
def test_a_line_that_cannot_be_read(french, line):
    french.write(CATALOGUE, f'{HEADER}msgid "Next"\n{line}\n')
    for done in (check(french, **DRAFT), french.build(**DRAFT)):
        assert done.returncode == 1
        assert f"{CATALOGUE}:7: {line} is no line of a catalogue; write msgid" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_catalogue_without_fault(french):
    french.write(CATALOGUE, f'{HEADER}# Furo\n#: a.html:1\nmsgid "A \\"quote\\""\nmsgstr ""\n"« Suivant »\\n"\n')
    assert check(french, **DRAFT).returncode == 0


def test_words_in_english_for_want_of_a_translation_are_told(french):
    french.write(
        CATALOGUE, f'{HEADER}msgid "Back to top"\nmsgstr "Haut de page"\n\nmsgid "View this page"\nmsgstr ""\n'
    )
    done = french.build(**DRAFT)
    assert done.returncode == 0, done.stderr
    told = done.stdout.partition("; add these to docs/locale/fr/LC_MESSAGES/sphinx.po:\n")[2].splitlines()
    assert 'msgid "Skip to content"' in told and 'msgid "All lessons (zip)"' in told
    assert 'msgid "Back to top"' not in told and 'msgid "Search"' not in told
    assert done.stdout.count("in English for want of a translation") == 1
