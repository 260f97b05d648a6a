"""What readers of a site that is being written have to know: a new page, or why there is none."""

from __future__ import annotations

import threading
import time

#: Seconds after which a silent connection is tried, so that closed ones end.
SILENCE = 15


class Readers:
    """The pages that are open in browsers, and what they have to know.

    >>> readers = Readers()
    >>> before = readers.version("zh")
    >>> readers.failed("zh", ["gallery/20_autograd.py:7: no such role"])
    >>> readers.published("en")
    >>> readers.version("zh") == before, readers.faults()
    (True, ['gallery/20_autograd.py:7: no such role'])
    """

    def __init__(self) -> None:
        self.viewed = ""  # the language of the page that was opened or looked at last
        self._news = threading.Condition()
        self._begin = self._latest = str(time.time_ns())
        self._versions: dict[str, str] = {}
        self._faults: dict[str, list[str]] = {}

    def version(self, language: str) -> str:
        """What changes each time the language is published; without a language, with each of them."""
        return self._versions.get(language, self._begin) if language else self._latest

    def faults(self) -> list[str]:
        """What keeps languages from being published, each fault once."""
        with self._news:
            return list(dict.fromkeys(fault for faults in self._faults.values() for fault in faults))

    def published(self, language: str, last: bool = False) -> None:
        """Have the pages of the language reload; after the ``last`` language no fault is left."""
        with self._news:
            self._latest = self._versions[language] = str(time.time_ns())
            self._faults.pop(language, None)
            if last:
                self._faults.clear()
            self._news.notify_all()

    def failed(self, language: str, faults: list[str]) -> None:
        """Have all pages show why the language was not published."""
        with self._news:
            self._faults[language] = faults
            self._news.notify_all()

    def wait(self, language: str, version: str, shown: list[str] | None) -> None:
        """Return as soon as there is news for a page, or after a while."""
        with self._news:
            self._news.wait_for(lambda: self.version(language) != version or self.faults() != shown, SILENCE)
