"""``sphinx-polyglot confirm``: digests go into marks, and nothing else changes."""

from __future__ import annotations

import re

import pytest

from sphinx_polyglot.source.origins import digest_of
from tiny import Tiny

MARK = re.compile(rb"(?m)^((?:# |\"\"\")?%% fr)(?: [0-9a-f]{8})?(?=[ \t]*\r?$)")
SCRIPT = '"""%% en\nTitle\n=====\n\n%% fr\nTitre\n=====\n"""\n\n# %% en\n# One.\n#\n# %% fr  \n# Un.\n'
PAGE = "%% en\nPage\n====\n\n%% fr\nFeuille\n=======\n\n%% end\n\n%% en\nTwo.\n\n%% fr 00000000\nDeux.\n\n%% end\n"
CONF = """\
extensions = ["sphinx_polyglot"]
polyglot_languages = {"en": "en", "fr": "fr"}
polyglot_translated = {"fr": "en"}
sphinx_gallery_conf = {"examples_dirs": ["../gallery"], "gallery_dirs": ["lessons"]}
"""


@pytest.fixture
def site(tmp_path) -> Tiny:
    """A lesson with a sidecar, a page, and another lesson with odd line ends."""
    site = Tiny(tmp_path)
    site.write("conf.py", CONF)
    site.write("docs/index.rst", PAGE)
    site.write("gallery/10_a.py", SCRIPT)
    site.write("gallery/20_b.py", re.sub(r"(?s)\n%% fr.*?(?=\"\"\")|#\n# %% fr.*", "", SCRIPT))
    site.write("gallery/20_b.fr.py", '"""\n%% fr\nTitre\n=====\n"""\n\n# %% fr\n# Un.\n')
    (tmp_path / "gallery/30_c.py").write_bytes(b"\xef\xbb\xbf" + SCRIPT.replace("\n", "\r\n").encode())
    return site


def contents(site: Tiny) -> dict[str, bytes]:
    files = [*site.root.glob("gallery/*"), *site.root.glob("docs/*")]
    return {path.name: path.read_bytes() for path in files}


def test_all_marks_get_the_digests_and_nothing_else_changes(site):
    before = contents(site)
    done = site.run("confirm", "fr")
    assert (done.returncode, done.stdout) == (0, "fr: 8 blocks confirmed in 4 files\n"), done.stderr
    after = contents(site)
    assert {name: MARK.sub(rb"\1", text) for name, text in after.items()} == {
        name: MARK.sub(rb"\1", text) for name, text in before.items()
    }
    one = digest_of([("One.", 1)]).encode()
    for name in ("10_a.py", "20_b.fr.py", "30_c.py"):
        assert b"# %% fr " + one in after[name]
    assert after["20_b.py"] == before["20_b.py"]
    assert b"%% fr " + digest_of([("Two.", 1)]).encode() + b"\n" in after["index.rst"]
    assert site.run("confirm", "fr").stdout == "fr: there is nothing to confirm\n"
    assert site.run("check", "docs").stdout == "5 lessons and pages, each in en and fr: no fault\n".replace("5", "4")


def test_only_the_files_that_are_named(site):
    before = contents(site)
    assert site.run("confirm", "fr", "gallery/20_b.fr.py").stdout == "fr: 2 blocks confirmed in 1 file\n"
    assert {name for name, text in contents(site).items() if text != before[name]} == {"20_b.fr.py"}


def test_only_those_without_one(site):
    assert site.run("confirm", "fr", "docs/index.rst", "--new").stdout == "fr: 1 block confirmed in 1 file\n"
    assert "%% fr 00000000" in (site.root / "docs/index.rst").read_text()


def test_a_link_and_rights_of_a_file_stay(site):
    script = site.root / "gallery/10_a.py"
    script.chmod(0o755)
    real = script.rename(site.root / "real.py")
    script.symlink_to(real)
    assert site.run("confirm", "fr", "gallery/10_a.py").returncode in (0, 1)
    assert script.is_symlink() and real.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["de"], '"de" is translated from no language; name fr, or add it to polyglot_translated in conf.py'),
        (["en"], '"en" is translated from no language'),
        (["fr", "gallery/11_a.py"], "gallery/11_a.py: this is no marked lesson or page of"),
    ],
)
def test_what_cannot_be_confirmed(site, arguments, message):
    before = contents(site)
    done = site.run("confirm", *arguments)
    assert done.returncode == 1 and message in done.stderr
    assert contents(site) == before


def test_no_file_is_touched_in_which_blocks_may_be_others(site):
    site.edit("gallery/10_a.py", "# %% en\n# One.\n#\n", "")
    before = contents(site)
    for arguments in ([], ["gallery/10_a.py"]):
        done = site.run("confirm", "fr", *arguments)
        assert done.returncode == 1 and "gallery/10_a.py:10: the block has fr but no en" in done.stderr
    assert contents(site) == before
    assert site.run("confirm", "fr", "docs/index.rst").returncode == 0
