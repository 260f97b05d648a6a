"""Show a site that is being written: pages come anew by themselves, and no one else sees them.

Each page that is served, not the one on the disk, holds a small script. It waits for news of its language.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import threading
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from sphinx_polyglot.assets import render
from sphinx_polyglot.cli.browsers import Readers

NEWS = "/polyglot-news"
#: The names under which a browser on this machine knows it; with others, a foreign page could read the site.
HERE = {"127.0.0.1", "localhost"}


class Handler(SimpleHTTPRequestHandler):
    """Files of the site for browsers on this machine, pages with the script added."""

    #: Seconds in which a browser may fall silent amid its request, or take nothing of the answer.
    timeout = 10

    def __init__(self, *arguments, readers: Readers, **options):
        self.readers = readers
        super().__init__(*arguments, **options)

    def parse_request(self) -> bool:
        """Refuse requests that name another host: a page from there may have led its name here."""
        if not super().parse_request():
            return False
        host = self.headers.get("Host", "")
        with contextlib.suppress(ValueError):
            if urlsplit(f"//{host}").hostname in HERE:
                return True
        here = "http://{}:{}/".format(*self.server.server_address)
        self.send_error(HTTPStatus.FORBIDDEN, explain=f'"{host}" does not name this machine; open {here}')
        return False

    def do_GET(self) -> None:
        """Send a file, or news for as long as the page is open."""
        if urlsplit(self.path).path == NEWS:
            with contextlib.suppress(ConnectionError):
                self._send_news()
        else:
            super().do_GET()

    def send_head(self):
        """As ever, but pages are changed on their way."""
        path = Path(self.translate_path(self.path))
        if urlsplit(self.path).path.endswith("/"):
            path = path / "index.html"
        if path.suffix != ".html":
            return super().send_head()
        language = urlsplit(self.path).path.lstrip("/").rpartition("/")[0].partition("/")[0]
        version = self.readers.version(language)  # before the page is read: rather reload once too often
        found = path.is_file()
        page = path.read_text("utf-8") if found else render("missing.html")
        script = render("reload.html", address=f"{NEWS}?{urlencode({'language': language, 'version': version})}")
        before, end, after = page.rpartition("</body>")
        content = f"{before}{script}{end}{after}".encode()
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def end_headers(self) -> None:
        """Keep browsers from showing what they saw before."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path):
        """A folder is no page."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, *arguments) -> None:
        """The terminal is for saves and faults."""

    def _send_news(self) -> None:
        """Faults as often as they change; the last word is that there is a new page."""
        query = parse_qs(urlsplit(self.path).query)
        language, version = query.get("language", [""])[0], query.get("version", [""])[0]
        self.readers.viewed = language
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        shown = None
        while self.readers.version(language) == version:
            faults = self.readers.faults()
            news = ":" if faults == shown else f"data: {json.dumps(faults)}"
            self.wfile.write(f"{news}\n\n".encode())
            shown = faults
            self.readers.wait(language, version, shown)
        self.wfile.write(b"event: reload\ndata:\n\n")


class Server(ThreadingHTTPServer):
    """Serves on this machine only; a browser that hangs up is no fault."""

    daemon_threads = True
    #: A page asks for dozens of files at once; whom the system cannot keep waiting tries again only after seconds.
    request_queue_size = 256
    #: Connections that are answered at the same time; each open page keeps one for its news.
    threads = 512

    def __init__(self, *arguments, **options):
        self.free = threading.BoundedSemaphore(self.threads)
        super().__init__(*arguments, **options)

    def process_request(self, request, client_address) -> None:
        """Answer in a thread; hang up on those who are too many."""
        if self.free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request, client_address) -> None:
        """Make room for the next one afterwards."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, request, client_address) -> None:
        """Report faults of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
