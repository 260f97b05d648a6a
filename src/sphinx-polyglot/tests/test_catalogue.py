"""The words around the text: a catalogue that cannot be read is a fault, and what it lacks is told."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.catalogue import catalogue_faults
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


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            'msgid "Next"\nmsgstr "Suivant"\n\nmsgid "Next"\nmsgstr "Après"\n',
            '9: msgid "Next" stands in line 6 already',
        ),
        ('msgid "%s of %s"\nmsgstr "%s de"\n', '6: the msgid has %s and %s, its translation "%s de" has %s; write'),
        (
            'msgid "By %(who)s"\nmsgstr "Par who"\n',
            '6: the msgid has %(who)s, its translation "Par who" has not; write',
        ),
        ('msgid "By {who}"\nmsgstr "Par {whom}"\n', '6: the msgid has {who}, its translation "Par {whom}" has {whom};'),
        ('msgid "Next"\nmsgstr "Sui%svant"\n', '6: the msgid has nothing of the kind, its translation "Sui%svant" has'),
        ('msgid "%s: %d"\nmsgstr "%d : %s"\n', "6: incompatible format for placeholder 1"),
        ('msgid "Next"\n\nmsgid "Back"\nmsgstr ""\n', "6: missing msgstr for msgid 'Next'; write a msgid and below it"),
        ('msgid "\\Next"\nmsgstr "Suivant"\n', '6: "\\N" stands for nothing; write \\\\ for a backslash, or remove'),
        ('# msgid "Next"\n', '6: # msgid "Next" is a comment, and not used; remove the # or the'),
        ('#, fuzzy\nmsgid "Next"\nmsgstr "Suivant"\n', "7: the entry is marked as fuzzy, so that its translation is"),
        ('msgid "Next"\nmsgstr "Suivant"\nmsgstr "Dos"\n', "8: this msgstr has no msgid; restore that, or remove"),
        ('msgid "Next"\nmsgstr "Sui\u200bvant"\n', "7: U+200B (ZERO WIDTH SPACE) does not show; remove it"),
    ],
)
def test_an_entry_that_would_be_lost_or_fail(tmp_path, entry, message):
    path = tmp_path / "locale/fr/LC_MESSAGES/sphinx.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + entry, "utf-8")
    [fault] = catalogue_faults(tmp_path, ["locale"], "fr")
    assert str(fault).startswith(f"{path}:{message}") and "; " in str(fault)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Content-Type: text/plain; charset=klingon", "unknown encoding: klingon"),
        ("Plural-Forms: nplurals=x", "invalid"),
    ],
)
def test_a_head_that_fails_is_told(tmp_path, head, reason):
    path = tmp_path / "locale/fr/LC_MESSAGES/sphinx.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'msgid ""\nmsgstr ""\n"{head}\\n"\n\nmsgid "Next"\nmsgstr "Suivant"\n', "utf-8")
    [fault] = catalogue_faults(tmp_path, ["locale"], "fr")
    assert str(fault).startswith(f"{path}:1: this is no catalogue: {reason}")


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "%b %d, %Y"\nmsgstr "%e %B %Y"\n',
        'msgid "a\\\\b \\"c\\"\\n"\nmsgstr "d"\n',
        'msgid "100 % done"\nmsgstr "fini"\n',
        'msgid "%s by %s"\nmsgstr ""\n',
        'msgid "one page"\nmsgid_plural "%d pages"\nmsgstr[0] "une page"\nmsgstr[1] "%d pages"\n',
        'msgctxt "a"\nmsgid "Next"\nmsgstr "A"\n\nmsgctxt "b"\nmsgid "Next"\nmsgstr "B"\n',
        '#~ msgid "Next"\n#~ msgstr "Suivant"\n\nmsgid "Next"\nmsgstr "Suivant"\n',
    ],
)
def test_an_entry_without_fault(tmp_path, entry):
    path = tmp_path / "locale/fr/LC_MESSAGES/sphinx.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + entry, "utf-8")
    assert list(catalogue_faults(tmp_path, ["locale"], "fr")) == []


def test_words_in_english_for_want_of_a_translation_are_told(french):
    german = {"TINY_LANGUAGES": "zh:zh_CN,en:en,de:de", "TINY_DRAFTS": "de:en"}  # we have no words of our own in it
    french.write(
        CATALOGUE.replace("/fr/", "/de/"),
        f'{HEADER}msgid "Back to top"\nmsgstr "Nach oben"\n\nmsgid "View this page"\nmsgstr ""\n',
    )
    done = french.build(**german)
    assert done.returncode == 0, done.stderr
    told = done.stdout.partition("; add these to docs/locale/de/LC_MESSAGES/sphinx.po:\n")[2].splitlines()
    assert 'msgid "Skip to content"' in told and 'msgid "All lessons (zip)"' in told
    ours = done.stdout.partition("; add these to docs/locale/de/LC_MESSAGES/sphinx_polyglot.po:\n")[2].splitlines()
    assert 'msgid "All lessons (zip)"' in ours
    assert 'msgid "Back to top"' not in told and 'msgid "Search"' not in told
    assert (
        done.stdout.count("in English for want of a translation") == 3
    )  # the theme's and ours; of Chinese, the theme's
