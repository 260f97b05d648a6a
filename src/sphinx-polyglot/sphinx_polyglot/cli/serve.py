"""Build on every save, the language that is being viewed first, and show it at once.

Each language is built by a process of its own, so that edits of the library and of
``conf.py`` always count. A save during a build is built when that has ended; if it
changes code, the build is given up, since a lesson may be running that is no longer so.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import signal
import sys
import threading
import time
from pathlib import Path

from sphinx.errors import SphinxError

from sphinx_polyglot.cli.browsers import Readers
from sphinx_polyglot.cli.child import Child, fault_lines
from sphinx_polyglot.cli.live import Handler, Server
from sphinx_polyglot.cli.ownership import WORK
from sphinx_polyglot.cli.watch import Watcher, generated, watched
from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.gallery.folders import lesson_names
from sphinx_polyglot.gallery.selection import ALL, NONE, check_lesson
from sphinx_polyglot.languages import native_name

#: Seconds between two looks at the files.
PAUSE = 0.1


def serve(sourcedir: Path, outputdir: Path, confdir: Path, port: int = 8000, execute: str = ALL) -> int:
    """Serve until Ctrl-C; return an exit code."""
    sourcedir, outputdir, confdir = (path.resolve() for path in (sourcedir, outputdir, confdir))
    try:
        session = Session(sourcedir, outputdir, confdir, execute)
        server = _server(port, functools.partial(Handler, readers=session.readers, directory=outputdir))
    except (SphinxError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for name in {"SIGINT", "SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), session.stop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    taken = f"port {port} is taken; " if port not in (0, server.server_port) else ""
    print(f"{taken}open http://127.0.0.1:{server.server_port}/ in a browser; Ctrl-C ends", flush=True)
    session.run()
    server.shutdown()
    return 0


def _server(port: int, handler) -> Server:
    """A server at ``port``, or at the first free one above."""
    for candidate in range(port, port + 100):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"port {candidate}: {error.strerror}; name another one with --port") from None
        except OverflowError:
            break
    raise OSError(f"no port is free from {port} on, up to 65535; name another one with --port")


class Session:
    """One run of ``serve``: what was saved, what is to be built, and by whom it is read."""

    def __init__(self, sourcedir: Path, outputdir: Path, confdir: Path, execute: str):
        self.sourcedir, self.outputdir, self.confdir, self.execute = sourcedir, outputdir, confdir, execute
        self._read_settings()
        self.readers = Readers()
        self.waiting = list(self.languages)
        self.child: Child | None = None
        self.stopped = False

    def stop(self, *signal) -> None:
        """Have ``run`` return; a signal handler."""
        self.stopped = True

    def run(self) -> None:
        """Look, build, tell the readers; leave no process behind."""
        try:
            while not self.stopped:
                if saved := self.watcher.saved():
                    self._begin_anew(saved)
                if self.child and self.child.ended():
                    self._end_child(self.child)
                if self.waiting and not self.child:
                    self._begin_child()
                time.sleep(PAUSE)
        finally:
            if self.child:
                self.child.stop()

    def _begin_anew(self, saved: list[Path]) -> None:
        names = [self._from_here(path) for path in saved]
        print(f"saved: {', '.join(names[:3])}{f' and {len(names) - 3} more' if names[3:] else ''}", flush=True)
        if self.child and self.watcher.new_code:
            self.child.stop()
            self.child = None
        if self.confdir / "conf.py" in saved:
            with contextlib.suppress(SphinxError):  # the build will say it
                self._read_settings()
        self.waiting = list(self.languages)

    def _begin_child(self) -> None:
        language = self.readers.viewed if self.readers.viewed in self.waiting else self.waiting[0]
        self.waiting.remove(language)
        options = {ALL: [], NONE: ["--preview"]}.get(self.execute, ["--lesson", self.execute])
        folders = [self.sourcedir, self.outputdir, "-c", self.confdir]
        command = ["build", *folders, "--language", language, "--wait", "--quiet", *options]
        self.child = Child(language, command)

    def _end_child(self, child: Child) -> None:
        self.child = None
        complaints = child.complaints().replace(f"{self.confdir}{os.sep}", "")
        complaints = complaints.replace("correct them and build again", "correct them and save")
        print(complaints, end="", file=sys.stderr, flush=True)
        name = native_name(self.languages.get(child.language, child.language))
        if child.code() == 0:
            self.readers.published(child.language, last=not self.waiting)
            print(f"{name}: ready in {child.seconds():.1f} s", flush=True)
        else:
            self.readers.failed(
                child.language, fault_lines(complaints) or [f"the build ended with code {child.code()}"]
            )
            self.waiting = []  # the other languages are likely to fail alike
            print(f"{name}: not built, see above; its pages stay as they were", flush=True)

    def _read_settings(self) -> None:
        config = read_configuration(self.confdir)
        if self.execute not in (ALL, NONE):
            check_lesson(self.execute, lesson_names(config["sphinx_gallery_conf"], self.sourcedir))
        self.languages: dict[str, str] = config.settings.languages
        left_out = [*generated(config, self.sourcedir, self.confdir), self.outputdir, self.outputdir.parent / WORK]
        self.watcher = Watcher(watched(config, self.sourcedir, self.confdir), left_out)

    def _from_here(self, path: Path) -> str:
        return str(path).removeprefix(f"{self.confdir}{os.sep}")
