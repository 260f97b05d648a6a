"""What ``conf.py`` sets is checked before anything runs, and told with the place and the remedy."""

from __future__ import annotations

import os

import pytest
from sphinx.errors import ConfigError

from sphinx_polyglot.configuration import read_configuration

WELL = """\
project = "Tiny"
extensions = ["sphinx_polyglot"]
polyglot_languages = {"zh": "zh_CN", "en": "en"}
sphinx_gallery_conf = {"examples_dirs": ["../gallery"], "gallery_dirs": ["lessons"]}
"""


def test_what_is_well_is_read(tmp_path):
    (tmp_path / "conf.py").write_text(WELL)
    assert read_configuration(tmp_path).settings.languages == {"zh": "zh_CN", "en": "en"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("del polyglot_languages", "conf.py: polyglot_languages is not set; set it there"),
        (
            'polyglot_languages = ["zh", "en"]',
            "conf.py: polyglot_languages is ['zh', 'en']; write a dictionary",
        ),
        ('polyglot_languages = {1: "en"}', "conf.py: polyglot_languages has 1, which cannot be a mark"),
        ('polyglot_languages = {"e/n": "en"}', "conf.py: polyglot_languages has 'e/n', which cannot be a mark"),
        ('polyglot_translated = {"fr": "en"}', 'conf.py: polyglot_translated has "fr"; add it to polyglot_languages'),
        ('polyglot_translated = {"en": "fr"}', 'conf.py: polyglot_translated has "fr"; add it to polyglot_languages'),
        (
            'polyglot_translated = {"en": "en"}',
            "conf.py: polyglot_translated has en be translated from",
        ),
        (
            'polyglot_translated = {"en": "zh", "zh": "en"}',
            "conf.py: polyglot_translated has en be translated from",
        ),
        (
            'polyglot_drafts = {"en": "zh"}; polyglot_translated = {"zh": "en"}',
            "conf.py: polyglot_translated has en be translated from",
        ),
        ("project = None", 'conf.py: project is None; write a text, "…"'),
        ("polyglot_inputs = []", "conf.py: polyglot_inputs is []; write a dictionary, {…: …}"),
        ("polyglot_source_dirs = 'src'", "conf.py: polyglot_source_dirs is 'src'; write a list, […]"),
        ("polyglot_timeout = 'long'", "conf.py: polyglot_timeout is 'long'; write a number"),
        ("polyglot_timeout = 0", "conf.py: polyglot_timeout is 0; write seconds, more than 0"),
        ("x = 1\nx = [][1]", "conf.py:6: IndexError: list index out of range; correct it"),
        ("extensions = []", 'conf.py: extensions does not name "sphinx_polyglot"; add it there'),
        ("polyglot_fact = {}", "conf.py: there is no setting polyglot_fact; write polyglot_facts, or call your"),
        ("polyglot_about = {'a': None}", "conf.py: polyglot_about has 'a': None; write a text for a text"),
        ("sphinx_gallery_conf['gallery_dirs'] = []", "conf.py: sphinx_gallery_conf has 1 examples_dirs and 0 gallery_"),
        ("x = = 1", "conf.py:5: SyntaxError: invalid syntax; correct it"),
        ("raise SystemExit(0)", "conf.py:5: it ends the program; correct it"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, more, message):
    (tmp_path / "conf.py").write_text(WELL + more)
    before = dict(os.environ)
    with pytest.raises(ConfigError) as error:
        read_configuration(tmp_path)
    assert str(error.value).removeprefix(f"{tmp_path}/").startswith(message)
    assert dict(os.environ) == before
