"""Downloads from a real server on this machine that breaks off, lies, stalls, refuses and redirects."""

import base64
import contextlib
import errno
import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from torchhour import download as module
from torchhour.download import DownloadError, checksum_fault, download

CONTENT = random.Random(0).randbytes(400_000)
HALF = len(CONTENT) // 2
MD5 = hashlib.md5(CONTENT).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SOURCES = Path(module.__file__).parents[1]


@dataclass
class Loopback:
    """A server of ``files``, by path. While there are ``answers``, the next one is given in place of a proper one."""

    files: dict[str, bytes]
    answers: list = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path and Range of each request
    sent: list[int] = field(default_factory=list)  # body bytes of each answer
    wait: threading.Event = field(default_factory=threading.Event)  # what stalls goes on when this is set
    address: str = ""
    logins: list[str | None] = field(default_factory=list)  # what those said who were asked for it

    @property
    def ranges(self) -> list[str | None]:
        """The ``Range`` of each request."""
        return [span for _, span in self.asked]


@contextlib.contextmanager
def loopback(files):
    """Serve until the block ends, or a thousand requests."""
    state = Loopback(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append((self.path, self.headers["Range"]))
            state.sent.append(0)
            body = files.get(self.path.lstrip("/"))
            answer = state.answers.pop(0) if state.answers else proper
            if body is None or len(state.asked) > 1000:
                answer = status(404)
            with contextlib.suppress(ConnectionError):
                answer(Reply(self, state, len(state.asked) - 1), body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.wait.set()
        server.shutdown()
        server.server_close()


@dataclass
class Reply:
    """What an answer is written with."""

    handler: BaseHTTPRequestHandler
    server: Loopback
    number: int

    @property
    def start(self) -> int:
        """The first byte that is asked for."""
        return int(re.match(r"bytes=(\d+)-$", self.handler.headers["Range"] or "bytes=0-")[1])

    def head(self, code, **headers):
        self.handler.send_response(code)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def body(self, data):
        # Counted first: the other end may be done before this thread goes on.
        self.server.sent[self.number] += len(data)
        self.handler.wfile.write(data)


def proper(reply, body, *, until=None, length=None):
    """Answer as HTTP asks, but for the given cut or the given wrong length."""
    start = reply.start
    if start >= len(body):
        return reply.head(416, Content_Range=f"bytes */{len(body)}", Content_Length=0)
    length = len(body) - start if length is None else length
    if start:
        reply.head(206, Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", Content_Length=length)
    else:
        reply.head(200, Content_Length=length)
    reply.body(body[start:until])


def cut(until):
    """Break off before this byte of the file."""
    return lambda reply, body: proper(reply, body, until=until)


def claim(length):
    """State this length, whatever is sent."""
    return lambda reply, body: proper(reply, body, length=length)


def ranges_refused(reply, body):
    """Know nothing of ``Range``."""
    reply.head(200, Content_Length=len(body))
    reply.body(body)


def status(code):
    """Only an error."""
    return lambda reply, body: reply.head(code, Content_Length=0)


def redirect(name):
    """Point to another path."""
    return lambda reply, body: reply.head(302, Location=reply.server.address + name, Content_Length=0)


def stall(until):
    """Fall silent before this byte of the file, for ten seconds or until told to go on; then send the rest."""

    def answer(reply, body):
        proper(reply, body, until=until)
        reply.server.wait.wait(10)
        reply.body(body[until:])

    return answer


def hang_up(reply, body):
    """Close without a word."""


def chunked(until=None):
    """Send without a length, in chunks; without the last one where cut."""

    def answer(reply, body):
        reply.handler.protocol_version = "HTTP/1.1"
        reply.head(200, Transfer_Encoding="chunked")
        for at in range(0, until or len(body), 50_000):
            piece = body[at : at + 50_000]
            reply.body(b"%x\r\n%s\r\n" % (len(piece), piece))
        reply.body(b"" if until else b"0\r\n\r\n")
        reply.handler.close_connection = True

    return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No pauses worth the name, and no proxy between these two ends of one machine."""
    monkeypatch.setattr(module, "PAUSE", 0.001)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with loopback({"file": CONTENT}) as state:
        yield state


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "file"


def part_of(path):
    return path.with_name(path.name + ".part")


def begin(path, content):
    """Lay down what an earlier run left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part_of(path).write_bytes(content)


def assert_whole(path):
    assert path.read_bytes() == CONTENT
    assert sorted(file.name for file in path.parent.iterdir()) == ["file", "file.lock"]


def get(server, path, **options):
    assert download(server.address + "file", path, **{"md5": MD5, **options}) == path
    assert_whole(path)


@pytest.mark.parametrize("checksum", [{"md5": MD5}, {"sha256": SHA256}, {"sha256": SHA256[:8]}])
def test_a_file_arrives_once(server, path, checksum, capsys):
    for _ in range(2):
        assert download(server.address + "file", path, **checksum) == path
        assert_whole(path)
    assert server.asked == [("/file", None)]
    assert capsys.readouterr() == ("", "")


def test_no_checksum_is_an_error(server, path):
    with pytest.raises(ValueError, match="give md5 or sha256"):
        download(server.address + "file", path)
    assert server.asked == []


def test_a_broken_file_in_place_is_fetched_again(server, path):
    path.parent.mkdir()
    path.write_bytes(CONTENT[:-1])
    get(server, path)


def test_a_line_that_breaks_is_resumed(server, path, capsys):
    server.answers = [cut(until) for until in range(50_000, 400_000, 50_000)]  # more often than there are attempts
    get(server, path, attempts=2)
    assert server.ranges == [None] + [f"bytes={at}-" for at in range(50_000, 400_000, 50_000)]
    assert sum(server.sent) == len(CONTENT)
    assert "file: broke off after 50,000 of 400,000 bytes; trying again" in capsys.readouterr().err


def test_an_earlier_run_is_resumed(server, path):
    begin(path, CONTENT[:HALF])
    get(server, path)
    assert server.ranges == [f"bytes={HALF}-"] and server.sent == [HALF]


@pytest.mark.parametrize("content", [CONTENT, CONTENT + b"more"], ids=["whole", "too long"])
def test_416_leaves_it_to_the_checksum(server, path, content):
    begin(path, content)
    get(server, path)
    assert server.ranges == [f"bytes={len(content)}-", None][: 1 if content == CONTENT else 2]


def test_an_old_part_that_does_not_fit_is_dropped(server, path):
    begin(path, b"old" + CONTENT[3:HALF])
    get(server, path)
    assert server.ranges == [f"bytes={HALF}-", None]


def test_a_server_without_ranges_begins_anew(server, path):
    begin(path, CONTENT[:HALF])
    server.answers = [ranges_refused]
    get(server, path)
    assert server.sent == [len(CONTENT)]


def test_a_server_without_ranges_that_always_breaks_is_given_up(server, path):
    def answer(reply, body):
        reply.head(200, Content_Length=len(body))
        reply.body(body[:HALF])

    server.answers = [answer] * 20
    with pytest.raises(DownloadError, match=f"file: broke off after {HALF:,} of {len(CONTENT):,} bytes; run again"):
        download(server.address + "file", path, md5=MD5, attempts=3)
    assert len(server.asked) == 4  # the first brought something new


@pytest.mark.parametrize("header", ["bytes 7-399999/400000", "nonsense", None])
def test_another_range_than_asked(server, path, header):
    def answer(reply, body):
        reply.head(206, **{"Content_Range": header} if header else {}, Content_Length=len(body) - 7)
        reply.body(body[7:])

    begin(path, CONTENT[:HALF])
    server.answers = [answer]
    get(server, path)
    assert server.ranges == [f"bytes={HALF}-", None]


def test_shorter_ranges_than_asked(server, path):
    def answer(reply, body):
        end = min(reply.start + 150_000, len(body))
        span = f"bytes {reply.start}-{end - 1}/{len(body)}"
        reply.head(206, Content_Range=span, Content_Length=end - reply.start)
        reply.body(body[reply.start : end])

    server.answers = [answer] * 3
    get(server, path)
    assert server.ranges == [None, "bytes=150000-", "bytes=300000-"]


def test_a_length_too_great_is_found_out(server, path):
    server.answers = [claim(len(CONTENT) + 1000)]
    get(server, path)
    assert server.ranges == [None]  # the checksum is right: nothing more is asked


def test_a_length_too_small_is_wrong_bytes(server, path):
    server.answers = [claim(HALF)]
    with pytest.raises(DownloadError, match=rf"file: md5 [0-9a-f]{{32}}, expected {MD5}"):
        download(server.address + "file", path, md5=MD5)
    assert not part_of(path).exists() and not path.exists()


def test_junk_after_the_stated_length_is_not_read(server, path):
    server.files["file"] = CONTENT + b"junk"
    server.answers = [claim(len(CONTENT))]
    get(server, path)


def test_no_length_at_all(server, path):
    server.answers = [lambda reply, body: (reply.head(200), reply.body(body))]
    get(server, path)


def test_chunks(server, path):
    server.answers = [chunked()]
    get(server, path)


def test_chunks_that_break_off(server, path):
    server.answers = [chunked(until=100_000)]
    get(server, path)
    assert server.ranges == [None, "bytes=100000-"]


@pytest.mark.parametrize("checksum, kind", [({"md5": MD5}, "md5"), ({"sha256": SHA256[:8]}, "sha256")])
def test_wrong_bytes(server, path, checksum, kind):
    server.files["file"] = CONTENT[::-1]
    found = hashlib.new(kind, CONTENT[::-1]).hexdigest()
    with pytest.raises(DownloadError) as caught:
        download(server.address + "file", path, **checksum)
    assert str(caught.value) == (
        f"{server.address}file: {kind} {found}, expected {checksum[kind]}; "
        f"run again later, or bring {path} from another server"
    )
    assert len(server.asked) == 1
    assert not part_of(path).exists() and not path.exists()


def test_wrong_bytes_that_also_break_off_are_given_up(server, path):
    server.files["file"] = CONTENT[::-1]
    server.answers = [answer for _ in range(20) for answer in (cut(HALF), proper)]
    with pytest.raises(DownloadError, match=f"expected {MD5}|broke off"):
        download(server.address + "file", path, md5=MD5, attempts=4)
    assert len(server.asked) < 10


@pytest.mark.parametrize("resumed", [False, True])
def test_redirects_are_followed(server, path, resumed):
    server.files["old"] = server.files["older"] = b""
    server.answers = [redirect("old"), redirect("file")]
    if resumed:
        begin(path, CONTENT[:HALF])
    download(server.address + "older", path, md5=MD5)
    assert_whole(path)
    assert server.asked == [(f"/{name}", f"bytes={HALF}-" if resumed else None) for name in ("older", "old", "file")]


@pytest.mark.parametrize("failure", [status(503), status(500), status(429), hang_up], ids=[503, 500, 429, "hang up"])
def test_a_failure_that_passes(server, path, failure):
    server.answers = [failure] * 4
    get(server, path)
    assert len(server.asked) == 5


def test_a_failure_that_does_not_pass(server, path):
    server.answers = [status(503)] * 9
    with pytest.raises(DownloadError, match="file: HTTP Error 503: Service Unavailable; run again later, or bring"):
        download(server.address + "file", path, md5=MD5)
    assert len(server.asked) == 5


def test_the_pauses_grow(server, path, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.05)
    server.answers = [status(503)] * 3
    start = time.monotonic()
    get(server, path)
    assert time.monotonic() - start > 0.05 * (2 + 4 + 8)


def test_what_is_not_there_is_asked_for_once(server, path):
    with pytest.raises(DownloadError, match="elsewhere: HTTP Error 404: Not Found; check the address, or use"):
        download(server.address + "elsewhere", path, md5=MD5)
    assert len(server.asked) == 1


def test_no_server(path):
    with loopback({}) as gone:
        pass
    with pytest.raises(DownloadError, match="Connection refused"):
        download(gone.address + "file", path, md5=MD5, attempts=2)


def test_no_address(path):
    with pytest.raises(DownloadError, match="host/file: unknown url type: 'host/file'; check the address"):
        download("host/file", path, md5=MD5)


@pytest.mark.parametrize("until", [0, HALF])
def test_a_silent_server_is_left_and_asked_again(server, path, until):
    server.answers = [stall(until)]
    start = time.monotonic()
    get(server, path, timeout=0.3)
    assert time.monotonic() - start < 5
    assert server.ranges == [None, f"bytes={until}-" if until else None]


def in_a_process(server, path):
    """Begin the same download in a process of its own."""
    code = (
        "import signal, sys; from pathlib import Path; from torchhour.download import download\n"
        # A shell that runs tests in the background has Ctrl-C ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"download({server.address + 'file'!r}, Path({str(path)!r}), md5={MD5!r})"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=environment)


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    "way, at",
    [(signal.SIGKILL, HALF), (signal.SIGKILL, 100), (signal.SIGINT, HALF)],
    ids=["kill -9", "kill -9 early", "Ctrl-C"],
)
def test_a_killed_download_is_resumed(server, path, way, at):
    server.answers = [stall(at)]
    process = in_a_process(server, path)
    wait_until(lambda: part_of(path).exists() and part_of(path).stat().st_size == at)
    process.send_signal(way)
    assert process.wait(10) != 0
    process.stderr.close()
    assert part_of(path).read_bytes() == CONTENT[:at] and not path.exists()
    get(server, path)
    assert server.ranges == [None, f"bytes={at}-"]
    assert server.sent[1] == len(CONTENT) - at  # nothing was sent twice


def test_two_at_once_fetch_once(server, path):
    server.answers = [stall(HALF)]
    first = in_a_process(server, path)
    wait_until(lambda: part_of(path).exists())
    second = in_a_process(server, path)
    assert second.stderr.readline() == f"{path}: another process is fetching this; waiting for it\n"
    server.wait.set()
    for process in (first, second):
        rest = process.communicate(timeout=10)[1]
        assert process.returncode == 0, rest
    assert_whole(path)
    assert server.ranges == [None]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device(server, path):
    path.parent.mkdir()
    part_of(path).symlink_to("/dev/full")
    with pytest.raises(DownloadError, match=f"{os.strerror(errno.ENOSPC)}, fetching {server.address}file; make room"):
        download(server.address + "file", path, md5=MD5)
    assert len(server.asked) == 1  # no second attempt at what no attempt can mend


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 128 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(server, small_disk):
    path = small_disk / "file"
    with pytest.raises(DownloadError) as caught:
        download(server.address + "file", path, md5=MD5)
    kept = part_of(path).read_bytes()
    assert 0 < len(kept) <= 128 * 1024 and CONTENT.startswith(kept)
    assert str(caught.value) == (
        f"{path}.part: No space left on device, fetching {server.address}file; make room or choose another folder, "
        f"then run again ({len(kept):,} bytes are kept to resume from)"
    )
    subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
    get(server, path)
    assert server.ranges == [None, f"bytes={len(kept)}-"]


def test_a_folder_that_cannot_be(server, tmp_path):
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(DownloadError, match=r"folder: .*, fetching http.*; make room or choose another folder"):
        download(server.address + "file", tmp_path / "folder" / "file", md5=MD5)
    assert server.asked == []


def test_a_folder_in_place_of_the_file(server, path):
    path.mkdir(parents=True)
    with pytest.raises(DownloadError, match=rf"Is a directory.*{len(CONTENT):,} bytes are kept"):
        download(server.address + "file", path, md5=MD5)


def test_the_progress_bar_begins_where_it_resumes(server, path):
    """On a terminal; into a file or a pipe no bar is drawn."""
    pty = pytest.importorskip("pty")
    begin(path, CONTENT[:HALF])
    code = f"from torchhour.download import *; download({server.address + 'file'!r}, Path({str(path)!r}), md5={MD5!r})"
    main, terminal = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(terminal, (24, 80))
    os.set_blocking(main, False)
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, env=environment, timeout=20, check=True)
    shown = os.read(main, 100_000).decode()
    os.close(terminal)
    os.close(main)
    assert "file:  50%" in shown and "200k/400k" in shown
    assert done.stdout == b""


def test_a_checksum_fault_in_words(tmp_path):
    path = tmp_path / "file"
    assert checksum_fault(path, md5=MD5) == "missing"
    path.write_bytes(CONTENT)
    assert checksum_fault(path, md5=MD5) == checksum_fault(path, sha256=SHA256[:8]) == ""
    assert checksum_fault(path, md5="ab") == f"md5 {MD5}, expected ab"


def endless(reply, body):
    """Send zeros for as long as they are taken, 100 MB at most."""
    reply.head(200)
    for _ in range(100):
        reply.body(bytes(1_000_000))


@pytest.mark.parametrize("begun", [0, 100])
def test_an_endless_answer_ends_at_the_limit(server, path, begun):
    server.answers = [endless]
    begin(path, bytes(begun))
    fault = f"{server.address}file: more than {len(CONTENT):,} bytes; check the address, or use another server"
    with pytest.raises(DownloadError, match=f"^{fault}$"):
        download(server.address + "file", path, md5=MD5, limit=len(CONTENT))
    assert len(server.asked) == 1 and server.sent[0] < 20_000_000  # what is on its way fills the system's buffers
    assert not part_of(path).exists() and not path.exists()  # there is nothing to resume from


def test_a_file_as_large_as_the_limit(server, path):
    begin(path, bytes(len(CONTENT) + 1))  # too much from an earlier run
    get(server, path, limit=len(CONTENT))
    assert server.ranges == [None]


def test_a_pipe_in_place_of_the_part(server, path):
    path.parent.mkdir()
    os.mkfifo(part_of(path))
    # Who opens it would wait for ever, but for this.
    threading.Thread(target=part_of(path).read_bytes, daemon=True).start()
    with pytest.raises(DownloadError, match=f"{part_of(path)}: a pipe, .*; delete it and run again"):
        download(server.address + "file", path, md5=MD5)


def closed_to_others(login, others=proper):
    """Answer those who log in so; remember what the request said."""

    def answer(reply, body):
        said = reply.handler.headers["Authorization"]
        reply.server.logins.append(said)
        if said == "Basic " + base64.b64encode(login.encode()).decode():
            others(reply, body)
        else:
            reply.head(401, WWW_Authenticate='Basic realm="files"', Content_Length=0)

    return answer


@pytest.mark.parametrize(
    "login, written", [("user:secret", "user:secret"), ("user:p/s@t:ü", "user:p%2Fs%40t%3A%C3%BC"), ("user:", "user")]
)
def test_a_login_in_the_address(server, path, capsys, login, written):
    server.answers = [
        closed_to_others(login, cut(HALF)),
        closed_to_others(login, redirect("file")),
        closed_to_others(login),
    ]
    address = server.address.replace("//", f"//{written}@")
    download(f"{address}file", path, md5=MD5)
    assert_whole(path)
    assert len(server.logins) == 3 and len(set(server.logins)) == 1  # at once, without being asked
    assert "secret" not in capsys.readouterr().err


def test_a_login_is_told_to_nobody(server, path, capsys):
    """Not to the host of a redirection, and not in a message."""
    with loopback({"file": CONTENT[::-1]}) as other:
        other.answers = [closed_to_others("user:secret")]
        server.answers = [
            closed_to_others("user:secret", lambda reply, body: Reply.head(reply, 302, Location=other.address + "file"))
        ]
        address = server.address.replace("//", "//user:secret@")
        with pytest.raises(DownloadError) as caught:
            download(f"{address}file", path, md5=MD5, attempts=1)
    assert server.logins[0].startswith("Basic ") and other.logins == [None]
    assert str(caught.value).startswith(f"{server.address}file: HTTP Error 401")
    assert "secret" not in str(caught.value) + capsys.readouterr().err


@pytest.mark.parametrize(
    "address", ["http://user:secret/@host/", "http://user:secret#@host/", "http://user:[secret@host/"]
)
def test_a_login_that_cannot_be_read_is_not_told(path, address):
    with pytest.raises(DownloadError, match="file: the address cannot be read; write it like http://name:") as caught:
        download(f"{address}file", path, md5=MD5)
    assert "secret" not in str(caught.value) and caught.value.__cause__ is None
