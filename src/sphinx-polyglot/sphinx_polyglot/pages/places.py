"""What Sphinx finds wrong in a notebook is told with its cell, as all else is."""

from __future__ import annotations

import logging
import re

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.logging import NAMESPACE

from sphinx_polyglot.errors import place

PLACE = re.compile(r"(.*\.ipynb):(\d+)")


class CellPlaces(logging.Filter):
    """Turns the places of records, which are texts by then, into those of cells."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        location = getattr(record, "location", None)
        if isinstance(location, str) and (found := PLACE.fullmatch(location)):
            record.location = place(found[1], int(found[2]))
        return True


def tell_cells(app: Sphinx, config: Config) -> None:
    """``config-inited``: after the filters of Sphinx, which look up where a node comes from."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        handler.addFilter(CellPlaces())
