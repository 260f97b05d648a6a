"""A browser, and pages that may complain of nothing."""

from __future__ import annotations

import atexit
import contextlib
import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

#: The page has been loaded and scrolls no more.
AT_REST = """new Promise(done => {
    let last = -1, still = 0;
    const look = () => {
        still = document.readyState === "complete" && scrollY === last ? still + 1 : 0;
        last = scrollY;
        still > 20 ? done() : requestAnimationFrame(look);
    };
    look();
})"""


@contextlib.contextmanager
def served(folder: Path, **headers: str) -> Iterator[str]:
    """Serve a folder on this machine only, with more headers, say a ``content_security_policy``; give its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments) -> None:
            pass

        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            super().end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; test tools' own downloads are not used."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "the browser tests need Chromium: apt-get install chromium fonts-noto-cjk"
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = _playwright().chromium.launch(executable_path=path, args=switches)
    yield browser
    browser.close()


@functools.cache
def _playwright() -> Playwright:
    """One for each process: the course's tests and the extension's may run in the same."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


@contextlib.contextmanager
def clean_page(browser: Browser, expected: tuple[str, ...] = (), **options) -> Iterator[Page]:
    """A page that may not complain on its console, but for what is ``expected``, nor ask another host for anything."""
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)  # on a shared machine, slow is no fault
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: None if _is_given_up(request) else faults.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if _is_local(request.url) else faults.append(f"elsewhere: {request.url}"))
    yield page
    context.close()
    faults = [fault for fault in faults if not fault.startswith(expected)] if expected else faults
    assert faults == [], faults


def _is_given_up(request: Request) -> bool:
    """Another page was opened before the answer came."""
    return request.failure == "net::ERR_ABORTED"


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "file://", "data:", "blob:"))
