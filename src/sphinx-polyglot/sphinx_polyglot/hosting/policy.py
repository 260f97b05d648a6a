"""A strict Content-Security-Policy: whatever a page is made to hold, it runs the site's own scripts only.

Hosts that let a site set headers read it from a file, each from another; for the rest, each page bears it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

#: Styles stand in pages, too: drawings and the theme have them.
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
#: A script in a page, which the theme may have put there; data are none.
INLINE = re.compile(r"<script(?![^>]*(?:\bsrc=|json))[^>]*>(.*?)</script>", re.DOTALL)
CHARSET = '<meta charset="utf-8"'


def write_policy(site: Path, base: str) -> None:
    """Into each page, and into the files from which Netlify, Cloudflare and Apache take headers."""
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    policy = policy_for(pages.values())
    for path, page in pages.items():
        path.write_text(bearing(page, policy), "utf-8")
    told = headers(policy)
    (site / "_headers").write_text("/*\n" + "".join(f"  {name}: {value}\n" for name, value in told.items()), "utf-8")
    always = "".join(f'  Header always set {name} "{value}"\n' for name, value in told.items())
    missing = f"ErrorDocument 404 {urlsplit(base).path}/404.html\n"
    (site / ".htaccess").write_text(f"{missing}<IfModule mod_headers.c>\n{always}</IfModule>\n", "utf-8")


def policy_for(pages: Iterable[str]) -> str:
    """The rules; the scripts that stand in pages when the site is made ready are known by their digests.

    >>> "sha256" in policy_for(['<script src="a.js"></script>'])
    False
    >>> policy_for(["<script>run()</script>"]).partition("script-src ")[2].partition(";")[0]
    "'self' 'sha256-AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ='"
    """
    found = sorted({script for page in pages for script in INLINE.findall(page)})
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found)
    rules = RULES | {"script-src": " ".join([RULES["script-src"], *(f"'sha256-{digest}'" for digest in digests)])}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def headers(policy: str) -> dict[str, str]:
    """For hosts that can set them; a page cannot say who may frame it."""
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'self'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def bearing(page: str, policy: str) -> str:
    """The page with the policy as early as a page can have it.

    >>> print(bearing('<meta charset="utf-8"><title>x</title>', "script-src 'self'"))
    <meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src 'self'"><title>x</title>
    """
    before, found, after = page.partition(CHARSET)
    if not found:
        return page
    end, closed, rest = after.partition(">")
    return f'{before}{found}{end}{closed}<meta http-equiv="Content-Security-Policy" content="{policy}">{rest}'
