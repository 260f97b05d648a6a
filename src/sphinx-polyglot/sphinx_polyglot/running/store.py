"""What lessons wrote, kept by all that it depends on: whoever builds the same runs nothing."""

from __future__ import annotations

import hashlib
import io
import zipfile

from sphinx.errors import ConfigError
from sphinx.util import logging

from sphinx_polyglot.running.job import Outcome

#: How many bytes at the begin of an entry tell whether the rest is as it was written.
SEAL = 32

logger = logging.getLogger(__name__)


class Store:
    """A folder, or whatever else ``fsspec`` has an address for; without an address, it keeps nothing.

    >>> import tempfile
    >>> store = Store(tempfile.mkdtemp())
    >>> store.put("1f", Outcome({"lessons/10_a.rst": b"page"}))
    >>> store.get("1f").files, store.get("2f")
    ({'lessons/10_a.rst': b'page'}, None)
    """

    def __init__(self, address: str):
        self.address = address
        if not address:
            return
        try:
            import fsspec
        except ImportError:
            message = 'polyglot_store needs fsspec; install it: pip install "sphinx-polyglot[store]"'
            raise ConfigError(message) from None
        try:
            self.files, self.root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise ConfigError(f"polyglot_store is {address}: {error}; correct the address") from None

    def get(self, key: str) -> Outcome | None:
        """What was kept; none where that is not there, damaged, or out of reach."""
        if not self.address:
            return None
        try:
            sealed = self.files.cat_file(self._path(key))
        except FileNotFoundError:
            return None
        except Exception as error:  # whatever the other side's library raises
            logger.info("the store %s cannot be read: %s; the lesson runs", self.address, error)
            return None
        content = sealed[SEAL:]
        if hashlib.sha256(content).digest() != sealed[:SEAL]:
            return None
        with zipfile.ZipFile(io.BytesIO(content)) as entries:
            return Outcome({name: entries.read(name) for name in entries.namelist()})

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep what a lesson wrote; where that is refused, the next build runs it."""
        if not self.address:
            return
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as entries:
            for name, content in sorted(outcome.files.items()):
                entries.writestr(zipfile.ZipInfo(name), content)
        content = written.getvalue()
        fresh = f"{self._path(key)}.{hashlib.sha256(content).hexdigest()[:8]}.new"
        try:
            self.files.makedirs(self.root, exist_ok=True)
            self.files.pipe_file(fresh, hashlib.sha256(content).digest() + content)
            self.files.mv(fresh, self._path(key))
        except Exception as error:
            logger.info("the store %s cannot be written: %s; the next build runs the lesson", self.address, error)

    def _path(self, key: str) -> str:
        return f"{self.root}/{key}"
