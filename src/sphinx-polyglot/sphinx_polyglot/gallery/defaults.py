"""What Sphinx-Gallery does where the project does not say otherwise."""

from __future__ import annotations

from importlib.util import find_spec

from sphinx.application import Sphinx
from sphinx.config import Config

from sphinx_polyglot.gallery.drawings import SCRAPER

#: Its own notes below each page know one language, and change with every build.
QUIET = {"min_reported_time": float("inf"), "show_signature": False, "write_computation_times": False}
#: Its own files to take along are made of the staged scripts, without prose; ours take their place.
DOWNLOADS = {"download_all_examples": False, "notebook_extensions": set()}
#: Matplotlib's figures are drawings, and begin in the page's colours.
DRAWINGS = {"image_scrapers": (SCRAPER,), "reset_modules": ("matplotlib", "seaborn")}


def fill_in(app: Sphinx, config: Config) -> None:
    """``config-inited``: defaults for a project with languages; those of any other stay."""
    if not config.polyglot_languages:
        return
    settings = DRAWINGS if find_spec("matplotlib") else dict.fromkeys(DRAWINGS, ())
    config.sphinx_gallery_conf = {**QUIET, **DOWNLOADS, **settings, **config.sphinx_gallery_conf}
    config.html_copy_source = False  # what would be shown as a page's source has placeholders, or all languages
