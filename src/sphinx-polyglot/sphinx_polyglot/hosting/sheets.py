"""Few style sheets in place of many: a browser shows nothing of a page before it has all of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from functools import partial
from itertools import groupby
from pathlib import Path

LINK = re.compile(r'<link rel="stylesheet" type="text/css" href="([^":?]+)[^"]*" />')
RUN = re.compile(rf"{LINK.pattern}(?:\s*{LINK.pattern})+")
#: What a sheet says that is right only where it lies, or where it begins.
BOUND = re.compile(r"@(?:charset|import|layer|namespace)\b|url\(\s*[\"']?(?!data:|#|https?:|[\"'])")


def join_sheets(site: Path) -> None:
    """Join the sheets that follow each other in the same pages, so that pages still share what they shared."""
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    users: dict[Path, set[Path]] = defaultdict(set)
    for path, page in pages.items():
        for name in LINK.findall(page):
            users[_sheet(path, name)].add(path)
    for path, page in pages.items():
        path.write_text(RUN.sub(partial(_joined, path, users), page), "utf-8")


def _sheet(page: Path, name: str) -> Path:
    """Where the sheet lies that a page calls so."""
    return Path(os.path.normpath(page.parent / name))


def _joined(page: Path, users: dict[Path, set[Path]], found: re.Match[str]) -> str:
    """The links of a page to one sheet after another, in fewer."""
    links = list(LINK.finditer(found[0]))
    lines = []
    for same_pages, run in groupby(links, key=lambda link: _shared(_sheet(page, link[1]), users)):
        run = list(run)
        if same_pages and len(run) > 1:
            lines.append(f'<link rel="stylesheet" type="text/css" href="{_one(page, run)}" />')
        else:
            lines += [link[0] for link in run]
    return "\n    ".join(lines)


def _shared(sheet: Path, users: dict[Path, set[Path]]) -> set[Path]:
    """The pages that have this sheet; none where it can't be joined to another."""
    return users[sheet] if sheet.is_file() and not BOUND.search(sheet.read_text("utf-8")) else set()


def _one(page: Path, links: list[re.Match[str]]) -> str:
    """Write these sheets into one, beside the first of them, and say how the page calls it."""
    sheets = [_sheet(page, link[1]) for link in links]
    text = "\n".join(sheet.read_text("utf-8") for sheet in sheets)
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    joined = sheets[0].with_name(f"joined-{digest}.css")
    joined.write_text(text, "utf-8")
    return Path(os.path.relpath(joined, page.parent)).as_posix()
