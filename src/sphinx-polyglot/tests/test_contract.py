"""What ``gallery.upstream`` says of Sphinx-Gallery, held against the release that is installed.

A plain gallery is built without the extension. A test that fails here names what moved: mend the
name in that module. ``test_versions`` runs this file with the oldest and the newest release.
"""

from __future__ import annotations

import inspect
import json
import logging
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from sphinx_gallery import gen_rst
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from sphinx_gallery.utils import get_md5sum

from sphinx_polyglot.gallery import upstream
from sphinx_polyglot.gallery.folders import HEADERS

CONF = """\
extensions = ["sphinx_gallery.gen_gallery"]
sphinx_gallery_conf = {"examples_dirs": "../gallery", "gallery_dirs": "auto", "filename_pattern": "[.]py$",
    "image_srcset": ["2x"], "image_scrapers": ["matplotlib", "hooks.scraper"], "reset_modules": ["hooks.reset"],
    "reset_modules_order": "both", "only_warn_on_example_error": True}
"""
HOOKS = """\
calls = []
def reset(gallery_conf, fname, when):
    calls.append([str(fname), when])
def scraper(block, block_vars, gallery_conf):
    calls.append([block[2], str(block_vars["src_file"]), str(block_vars["target_file"])])
    return ""
"""
SCRIPT = '''"""
A title
=======

A text.
"""

import json

import matplotlib.pyplot as plt

# %%
# More text.

plt.plot([1, 2])
print(json.dumps([1]))


# %%
class Shown:
    def _repr_html_(self):
        return "<b>bold</b>"


Shown()
'''


class Built:
    """A plain gallery, and what its build logged and called."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in {
            "docs/conf.py": CONF,
            "docs/hooks.py": HOOKS,
            "docs/index.rst": "Home\n====\n\n.. toctree::\n\n   auto/index\n",
            "gallery/GALLERY_HEADER.rst": "Gallery\n=======\n",
            "gallery/shown.py": SCRIPT,
            "gallery/raises.py": '"""\nRaises\n======\n"""\n\n1 / 0\n',
        }.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        self.records: list[logging.LogRecord] = []
        handler = logging.Handler()
        handler.emit = self.records.append
        with docutils_namespace(), pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(root / "docs")
            folders = (root / "docs", root / "docs", root / "out", root / "trees")
            logging.getLogger(upstream.LOGGER).addHandler(handler)
            self.app = Sphinx(*map(str, folders), "html", status=None, warning=None)
            self.app.build()
            logging.getLogger(upstream.LOGGER).removeHandler(handler)
            import hooks

            self.calls = list(hooks.calls)
        self.pages = root / "docs/auto"

    def page(self) -> nodes.document:
        """The page of the script, as Sphinx has read it."""
        return self.app.env.get_doctree("auto/shown")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    return Built(tmp_path_factory.mktemp("plain"))


def test_the_files_beside_a_page_are_known(built):
    for path in built.pages.glob("shown.*"):
        assert path.name.removeprefix("shown") in upstream.ENDINGS
    assert {upstream.PAGE, upstream.SUM, upstream.NAMES} <= {
        path.name.removeprefix("shown") for path in built.pages.glob("shown.*")
    }
    json.loads((built.pages / f"shown{upstream.NAMES}").read_text())


@pytest.mark.proof
def test_figures_are_known_by_their_names(built):
    figures = [path.relative_to(built.pages).as_posix() for path in built.pages.glob("images/**/*") if path.is_file()]
    assert figures and "images/thumb/sphx_glr_shown_thumb.png" in figures
    own = [name for name in figures if upstream.maker(name) == "shown"]
    assert sorted(own) == sorted(name for name in figures if "shown" in name)


def test_the_sum_is_that_of_the_script(built):
    script = built.root / "gallery/shown.py"
    assert (built.pages / f"shown{upstream.SUM}").read_text() == upstream.script_sum(script)
    assert upstream.script_sum(script) == get_md5sum(str(script), mode="t")


def test_lists_and_signs_are_known(built):
    generated = {path.name for path in (built.root / "docs").glob("**/sg_*.rst")}
    assert generated <= upstream.LISTS
    for name in ("index.rst", "shown.rst"):
        assert any(sign in (built.pages / name).read_text() for sign in upstream.SIGNS)


def test_a_failure_is_logged_as_we_look_for_it(built):
    record = next(record for record in built.records if getattr(record, "subtype", "") == upstream.RAISED)
    assert "ZeroDivisionError" in str(record.args[1]) and "raises.py" in str(record.args[1])


def test_blocks_tell_where_they_begin(built):
    comments = [node.astext() for node in built.page().findall(nodes.comment)]
    begins = [int(found[1]) for text in comments for found in [upstream.ORIGIN.match(text)] if found]
    blocks = upstream.code_blocks(built.root / "gallery/shown.py")
    assert blocks and blocks.keys() <= set(begins)
    assert "plt.plot([1, 2])" in "".join(blocks.values())


def test_nodes_are_known_by_their_names(built):
    names = {node.tagname for node in built.page().findall(nodes.Element)}
    assert upstream.IMAGE_NODE in names
    written = built.app.env.get_and_resolve_doctree("auto/shown", built.app.builder)
    assert upstream.CODE_NODE in {node.tagname for node in written.findall(nodes.Element)}
    linked = [node for node in built.page().findall(nodes.literal_block)]
    assert any("plt.plot" in node.astext() for node in linked)


def test_html_is_wrapped_as_we_unwrap_it(built):
    shown = [node.astext() for node in built.page().findall(nodes.raw) if "<b>bold</b>" in node.astext()]
    assert [upstream.WRAPPING.fullmatch(text)[1].strip() for text in shown] == ["<b>bold</b>"]


def test_what_is_added_to_a_page_has_known_classes(built):
    classes = {name for node in built.page().findall(nodes.Element) for name in node.get("classes", ())}
    assert classes >= upstream.NOTES and classes & upstream.ADDED
    ours = {name for name in classes if name.startswith("sphx-glr") and "download" not in name}
    assert ours - upstream.ADDED - upstream.NOTES <= {
        "sphx-glr-example-title",
        "sphx-glr-script-out",
        "sphx-glr-single-img",
    }


def test_hooks_are_called_as_we_rely_on_it(built):
    assert ["shown.py", "before"] in built.calls and ["shown.py", "after"] in built.calls
    cells = [call for call in built.calls if len(call) == 3 and call[1].endswith("shown.py")]
    assert [type(call[0]) for call in cells] == [int] * len(cells) and len(cells) >= 3


def test_settings_and_functions_that_we_use_are_there():
    assert {"examples_dirs", "gallery_dirs", "ignore_pattern", "filename_pattern", "reset_modules"} <= set(
        DEFAULT_GALLERY_CONF
    )
    assert {"image_scrapers", "reset_modules_order", "run_stale_examples", "plot_gallery"} <= set(DEFAULT_GALLERY_CONF)
    assert list(inspect.signature(gen_rst.executable_script).parameters)[:2] == ["src_file", "gallery_conf"]
    assert {"GALLERY_HEADER", "README"} <= HEADERS
