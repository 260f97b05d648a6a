"""What Sphinx-Gallery calls things: its files, texts, classes and log messages, none of them documented.

Whatever relies on a name of Sphinx-Gallery's takes it from here. ``tests/test_contract.py`` holds each
against the oldest and the newest release that is supported, and tells which one moved.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sphinx_gallery import __version__ as VERSION  # noqa: F401, N812 (one of its names, too)
from sphinx_gallery.py_source_parser import extract_file_config, remove_config_comments, split_code_and_text_blocks

#: What follows a script's name in what is written beside its page.
PAGE, SUM, NAMES = ".rst", ".py.md5", ".codeobj.json"
ENDINGS = {f"{end}{new}" for end in (PAGE, ".py", ".zip", ".ipynb") for new in ("", ".new")}
ENDINGS |= {SUM, NAMES, ".cost.json"}
#: The name of a figure or a thumbnail of the script in the first group; they lie in a folder beside its page.
FIGURE = re.compile(r"sphx_glr_(.+)_(?:\d{3,}(?:_\d+_\d+x)?|thumb(?:\.new)?)\.\w+")
#: Lists that are written among the author's pages.
LISTS = {"sg_execution_times.rst", "sg_api_usage.rst"}
#: What stands in every generated file.
SIGNS = ("SPHINX-GALLERY", "sphx-glr")

#: Its logger, and what a warning of a lesson that raised is marked with; its second argument is the traceback.
LOGGER, RAISED = "sphinx.sphinx-gallery", "example_error"

#: A comment before each block, prose or code, tells where it began in the script.
ORIGIN = re.compile(r"GENERATED FROM PYTHON SOURCE LINES (\d+)-\d+")
#: What stands around the HTML of an object.
WRAPPING = re.compile(r'\s*<div class="output_subarea [^>]*>\n(.*)\n\s*</div>\s*<br />\s*<br />\s*', re.DOTALL)
#: The names of its nodes for code with links in it, and for an image in two sizes.
CODE_NODE, IMAGE_NODE = "code_links_block", "imgsgnode"
#: The class of what a cell printed.
OUTPUT = "sphx-glr-script-out"
#: Classes of its notes on downloads, in English, and of what else it adds to a page for its own purposes.
NOTES = {"sphx-glr-download-link-note", "sphx-glr-footer-example"}
ADDED = {"sphx-glr-timing", "sphx-glr-signature", "sphx-glr-footer", "sphx-glr-example-tags"}


def maker(name: str) -> str:
    """The script, without its ending, of which a file of the gallery was made; empty if of none.

    >>> maker("deep/plot.py.md5"), maker("deep/images/thumb/sphx_glr_plot_thumb.png"), maker("deep/plot.txt")
    ('deep/plot', 'deep/plot', '')
    """
    folder, slash, file = name.rpartition("/")
    if figure := FIGURE.fullmatch(file):
        above, images, _ = f"/{folder}/".rpartition("/images/")
        return f"{above}/{figure[1]}".lstrip("/") if images else ""
    return next((f"{folder}{slash}{file.removesuffix(end)}" for end in ENDINGS if file.endswith(end)), "")


def script_sum(script: Path) -> str:
    """What ``SUM`` holds once a script ran: the MD5 of its text, with line ends of one kind."""
    text = script.read_text("utf-8", "surrogateescape")
    return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def runs_alone(script: Path) -> bool:
    """Whether a script asks for it, as one that measures time may: ``# sphinx_gallery_parallel = False``."""
    return extract_file_config(script.read_text("utf-8", "replace")).get("parallel") is False


def code_blocks(script: Path) -> dict[int, str]:
    """The blocks of code by the lines where they begin, as ``ORIGIN`` counts them."""
    _, blocks = split_code_and_text_blocks(script)
    return {number: remove_config_comments(content) for kind, content, number in blocks if kind == "code"}
