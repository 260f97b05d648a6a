"""Addresses that carry a name and a password: log in with them, and never print them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit
from urllib.request import HTTPBasicAuthHandler, HTTPPasswordMgrWithPriorAuth, OpenerDirector, build_opener


def without_login(url: str) -> str:
    """The address without name and password, as it may be shown and asked for.

    Raises ``ValueError``, whose message does not quote it, where it cannot be read.

    >>> without_login("https://user:secret@host/path")
    'https://host/path'
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = None
    # A password with "/", "?" or "#" in it ends the host's name too early; what follows is not to be told.
    if parts is None or "@" in url.partition("//")[2].replace(parts.netloc, "", 1).partition("/")[0]:
        raise ValueError("the address cannot be read; write it like http://name:password@host/path, / as %2F, @ as %40")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def opener(url: str) -> OpenerDirector:
    """What opens an address ``without_login``: logged in at its host, and at no other that redirects lead to.

    >>> opener("https://host/path").open("data:,hello").read()
    b'hello'
    """
    parts = urlsplit(url)
    if parts.username is None:
        return build_opener()
    # Sent with the first request (RFC 7617); the handler adds it to its own host's only.
    passwords = HTTPPasswordMgrWithPriorAuth()
    host = parts._replace(netloc=parts.netloc.rpartition("@")[2], path="/", query="", fragment="").geturl()
    passwords.add_password(None, host, unquote(parts.username), unquote(parts.password or ""), is_authenticated=True)
    return build_opener(HTTPBasicAuthHandler(passwords))
