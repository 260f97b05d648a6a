"""A thing to play with on a page of its own, under a policy that allows no script but the site's files."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator

from browsing import clean_page, served
from sphinx_polyglot.pages.things import INLINE
from torchhour.explore.thing import Thing

POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{}">'


def written(thing: Thing, folder: Path, above: str = "") -> Path:
    """Write the page, with what stands above, and its scripts as a site would; what comes later is loaded at once."""
    scripts: list[str] = []

    def move(found: re.Match[str]) -> str:
        if found["kind"] == "style":
            return found[0]
        scripts.append(found["text"])
        (folder / f"{len(scripts)}.js").write_text(found["text"], "utf-8")
        return ""

    body = INLINE.sub(move, thing._repr_html_())
    tags = "".join(f'<script defer src="{number}.js"></script>' for number in range(1, len(scripts) + 1))
    page = folder / "index.html"
    head = f"{PAGE.format(POLICY)}<title>A thing</title><link rel='icon' href='data:,'>"
    page.write_text(f"{head}{tags}<body>{above}{body}", "utf-8")
    return page


@contextlib.contextmanager
def played(
    browser: Browser, thing: Thing, folder: Path, from_disk: bool = False, above: str = "", **options
) -> Iterator[Locator]:
    """The thing in a browser, from a server or from the disk; nothing may complain."""
    page = written(thing, folder, above)
    with served(folder) as address, clean_page(browser, **options) as opened:
        opened.goto(page.as_uri() if from_disk else f"{address}/index.html")
        yield opened.locator(".torchhour-thing")
