"""Serving while writing: a real process, a real browser."""

from __future__ import annotations

import functools
import http.client
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from browsing import AT_REST, clean_page
from sphinx_polyglot.cli.browsers import Readers
from sphinx_polyglot.cli.live import NEWS, Handler, Server
from sphinx_polyglot.cli.watch import Watcher
from tiny import WAIT, Tiny, tiny_course

#: Seconds for what takes a few on a machine that does nothing else.
LIMIT = 120


class Serve:
    """``python -m sphinx_polyglot serve`` on a course, and what it says."""

    def __init__(self, tiny: Tiny, *options: str):
        self.tiny = tiny
        command = [sys.executable, "-u", "-m", "sphinx_polyglot", "serve", "docs", "build/serve", *options]
        self.process = subprocess.Popen(
            command,
            cwd=tiny.root,
            env=tiny._environment({"PYTHONIOENCODING": "utf-8"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()

    def until(self, pattern: str) -> list[str]:
        """Its lines up to one that matches."""
        lines = []
        while not lines or not re.search(pattern, lines[-1]):
            lines.append(self.lines.get(timeout=LIMIT))
        return lines

    def address(self) -> str:
        """Where it serves."""
        return re.search(r"open (http://127\.0\.0\.1:\d+)/", self.until("Ctrl-C ends")[-1])[1]

    def stop(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT)


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Serve]:
    """A course that is being served, both languages ready; a lesson is long enough to scroll."""
    tiny = tiny_course(tmp_path_factory.mktemp("tiny"))
    for line in ("# 正文。", "# Text."):
        tiny.edit("gallery/10_module.py", line, "\n#\n".join([line] + ["# …"] * 60))
    tiny.write("icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    tiny.edit("conf.py", "nitpicky = True", 'nitpicky = True\nhtml_favicon = "icon.svg"')  # or browsers miss one
    serve = Serve(tiny, "--port", "0")
    serve.url = serve.address()
    serve.until("English: ready")
    yield serve
    assert serve.stop() == 0


@pytest.fixture
def page(serve, browser) -> Iterator:
    """A page of the Chinese lesson."""
    with clean_page(browser) as page:
        page.set_default_timeout(LIMIT * 1000)
        page.goto(f"{serve.url}/zh/lessons/10_module.html")
        yield page


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("fragment", "words"), [("", "开头多了些话"), ("#module-one", "又多了些话")])
def test_new_words_come_to_the_screen_and_the_place_stays(serve, page, fragment, words):
    page.goto(f"{serve.url}/zh/lessons/20_data.html")
    page.goto(f"{serve.url}/zh/lessons/10_module.html{fragment}")
    page.evaluate(AT_REST)
    page.evaluate("scrollTo({ top: 1000, behavior: 'instant' })")
    place = "document.getElementById('module-one').getBoundingClientRect().top"
    before = page.evaluate(place)
    assert before < -500
    text = (serve.tiny.root / "gallery/10_module.py").read_text("utf-8")
    text = text.replace("本课讲", f"{words}。\n\n再来一段。\n\n本课讲").replace("About ", "New.\n\nMore.\n\nAbout ")
    serve.tiny.write("gallery/10_module.py", text)
    page.wait_for_function(f"document.body.innerText.includes('{words}')")
    page.wait_for_function(f"Math.abs({place} - {before}) < 2")
    page.evaluate(AT_REST)
    assert abs(page.evaluate(place) - before) < 2
    serve.until("English: ready")


@pytest.mark.proof
@pytest.mark.parametrize(("code", "names"), [("zh", ["中文", "English"]), ("en", ["English", "中文"])])
def test_the_language_that_is_viewed_comes_first(serve, page, code, names):
    page.goto(f"{serve.url}/{code}/lessons/20_data.html")
    other = {"zh": "en", "en": "zh"}[code]
    with page.expect_event("load"):
        (serve.tiny.root / "gallery/20_data.py").touch()
    lines = [*serve.until(f"{names[0]}: ready"), *serve.until(f"{names[1]}: ready")]
    assert [line for line in lines if "ready" in line][0].startswith(names[0])
    page.goto(f"{serve.url}/{other}/index.html")


def test_code_runs_and_its_output_comes_to_the_screen(serve, page):
    page.goto(f"{serve.url}/en/lessons/30_version.html")
    text = (serve.tiny.root / "gallery/30_version.py").read_text("utf-8")
    serve.tiny.write("gallery/30_version.py", re.sub(r"value = \d+", "value = 12345", text))
    page.wait_for_function("document.querySelector('.sphx-glr-script-out')?.innerText.includes('12345')")
    assert "lesson 1 of 1: 30_version …\n" in serve.until("中文: ready")


@pytest.mark.proof
def test_faults_are_shown_until_they_are_corrected(serve, page):
    old = page.locator("article").inner_text()
    text = (serve.tiny.root / "gallery/10_module.py").read_text("utf-8")
    text = re.sub("本课讲|About ", r":ref:`nowhere` \g<0>", text)
    serve.tiny.write("gallery/10_module.py", text)
    strip = page.locator("#polyglot-faults")
    strip.wait_for()
    line = text[: text.index("nowhere")].count("\n") + 1
    assert strip.inner_text().startswith("构建没有成功，这一页还是上一次的好结果：")
    assert f"\ngallery/10_module.py:{line}: " in strip.inner_text() and "nowhere" in strip.inner_text()
    assert page.locator("article").inner_text() == old
    told = serve.until("中文: not built")
    assert any(text.startswith(f"gallery/10_module.py:{line}: WARNING") for text in told)
    assert "中文 has warnings, listed above; correct them and save\n" in told
    page.goto(f"{serve.url}/en/lessons/20_data.html")
    strip.wait_for()
    assert strip.inner_text().startswith("Not built; this page is the last good one:")
    serve.tiny.edit("gallery/10_module.py", ":ref:`nowhere` ", "")
    strip.wait_for(state="detached")
    serve.until("中文: ready")


@pytest.mark.proof
def test_a_fault_in_the_settings_is_shown_too(serve, page):
    serve.tiny.edit("conf.py", "nitpicky = True", "nitpicky = = True")
    strip = page.locator("#polyglot-faults")
    strip.wait_for()
    assert "conf.py:6: SyntaxError: invalid syntax; correct it" in strip.inner_text()
    serve.tiny.edit("conf.py", "nitpicky = = True", "nitpicky = True")
    strip.wait_for(state="detached")
    serve.until("English: ready")


@pytest.mark.proof
def test_a_save_during_a_build_is_not_lost(serve, page):
    wait = f"{WAIT}value = 2"
    serve.tiny.edit("gallery/10_module.py", "value = 1", wait)
    serve.until("lesson 1 of 1: 10_module …")
    serve.tiny.edit("gallery/10_module.py", "本课讲", "这时保存的话。本课讲")
    serve.until("saved: gallery/10_module.py")
    (serve.tiny.root / "go").touch()
    page.wait_for_function("document.body.innerText.includes('这时保存的话')")
    assert page.locator(".sphx-glr-script-out").inner_text().split()[-1] == "2"
    assert serve.until("English: ready").count("lesson 1 of 1: 10_module …\n") == 0


@pytest.mark.proof
def test_new_code_ends_a_lesson_that_runs(serve, page):
    script = serve.tiny.root / "gallery/30_version.py"
    before, _, after = script.read_text("utf-8").partition("value = ")  # whatever another test left it at
    rest = after.partition("\n")[2]
    serve.tiny.write("gallery/30_version.py", f"{before}import time\ntime.sleep(1000)\nvalue = 0\n{rest}")
    serve.until("lesson 1 of 1: 30_version …")
    page.goto(f"{serve.url}/zh/lessons/30_version.html")
    serve.tiny.write("gallery/30_version.py", f"{before}value = 678\n{rest}")
    page.wait_for_function("document.querySelector('.sphx-glr-script-out')?.innerText.includes('678')")
    serve.until("English: ready")


@pytest.mark.proof
def test_generated_files_are_no_saves(serve):
    for name in ("docs/lessons/note.txt", "gallery/__pycache__/a.pyc", "gallery/.10_module.py.swp", "docs/a.mo"):
        serve.tiny.write(name, "")
    (serve.tiny.root / "gallery/20_data.py").touch()
    assert serve.until("saved")[-1] == "saved: gallery/20_data.py\n"
    serve.until("ready")
    serve.until("ready")


def test_the_site_on_the_disk_knows_nothing_of_it(serve):
    served = urlopen(serve.url, "/zh/index.html")
    assert b"polyglot-news" in served[1]
    for path in (serve.tiny.root / "build/serve").rglob("*.html"):
        assert "polyglot-news" not in path.read_text("utf-8"), path
    assert not (serve.tiny.root / "build/html").exists()


@pytest.mark.parametrize(
    "path", ["/zh/index.html", "/zh/", "/zh/_static/polyglot.js", "/nowhere", "/nowhere/", "/zh/a.html"]
)
def test_nothing_is_kept_in_caches(serve, path):
    answer, _ = urlopen(serve.url, path)
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.status == (404 if "nowhere" in path or path == "/zh/a.html" else 200)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("evil.example", 403),
        ("evil.example:8000", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
@pytest.mark.parametrize("path", ["/zh/index.html", "/zh/_static/polyglot.js", "/polyglot-news?language=zh&version=0"])
def test_only_this_machine_is_served(serve, host, status, path):
    answer, content = urlopen(serve.url, path, Host=host)
    assert answer.status == status
    if status == 403:
        assert b"does not name this machine; open http://127.0.0.1:" in content


def test_it_listens_on_the_loopback_only(serve):
    port = int(serve.url.rpartition(":")[2])
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_port_that_is_taken(serve):
    port = int(serve.url.rpartition(":")[2])
    second = Serve(serve.tiny, "--port", str(port), "--preview")
    line = second.until("Ctrl-C ends")[-1]
    assert line.startswith(f"port {port} is taken; open http://127.0.0.1:")
    assert second.stop() == 0


@pytest.mark.everyday(1)
@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_leaves_no_process(tiny, name):
    code = "import subprocess\nother = subprocess.Popen(['sleep', '1000'])\n"
    code += "open(os.environ['TINY_LOG'] + '.pids', 'w').write(f'{os.getpid()} {other.pid} .')\nother.wait()\nvalue = 1"
    tiny.edit("gallery/10_module.py", "value = 1", code)
    serve = Serve(tiny, "--port", "0")
    pids = tiny.root / "log.pids"
    wait_for(lambda: pids.is_file() and pids.read_text().endswith("."))
    serve.process.send_signal(getattr(signal, name))
    assert serve.process.wait(LIMIT) == 0
    for pid in pids.read_text().split()[:2]:
        wait_for(lambda pid=pid: not lives(pid))
    assert "Traceback" not in "".join(serve.until("Ctrl-C ends")) + "".join(serve.lines.queue)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--lesson", "20_dat"], 'no lesson is called "20_dat"; name one of these: 10_module, 20_data, 30_version'),
        (["--port", "70000"], "no port is free from 70000 on, up to 65535; name another one with --port"),
    ],
)
def test_what_cannot_be_served(tiny, options, message):
    serve = Serve(tiny, *options)
    assert serve.process.wait(LIMIT) == 1
    assert serve.until(".") == [f"{message}\n"]


@pytest.mark.proof
def test_a_preview_shows_the_first_page_by_itself_and_runs_nothing(tiny, browser):
    serve = Serve(tiny, "--port", "0", "--preview")
    page = browser.new_page(locale="en-GB")
    page.goto(f"{serve.address()}/")  # nothing is built yet
    page.locator("h1", has_text="Home page").wait_for(timeout=LIMIT * 1000)
    page.close()
    assert serve.stop() == 0
    assert not (tiny.root / "log").exists()


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """A server of one page, in this process, that does not answer yet."""
    (tmp_path / "index.html").write_text("<body>page</body>")
    with Server(("127.0.0.1", 0), functools.partial(Handler, readers=Readers(), directory=tmp_path)) as server:
        server.thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        yield server
        if server.thread.is_alive():
            server.shutdown()


def answer(server: Server) -> None:
    server.thread.start()


def connections(server: Server, count: int, said: bytes) -> list[socket.socket]:
    """So many connections at once, each of which has said this."""
    opened = [socket.create_connection(server.server_address, timeout=LIMIT / 10) for _ in range(count)]
    for one in opened:
        one.sendall(said)
    return opened


def whole(connection: socket.socket) -> bytes:
    """All that comes until the other end hangs up."""
    with connection, connection.makefile("rb") as file:
        return file.read()


REQUEST = b"GET /index.html HTTP/1.0\r\nHost: localhost\r\n\r\n"


def test_two_hundred_at_once_need_not_try_again(server):
    opened = connections(server, 200, REQUEST)
    answer(server)
    assert all(b"200 OK" in content and b">page<" in content for content in map(whole, opened))


@pytest.mark.parametrize("said", [b"", REQUEST[:12], REQUEST[:-2]], ids=["nothing", "half a line", "no end"])
def test_who_falls_silent_is_left(server, monkeypatch, said):
    monkeypatch.setattr(Handler, "timeout", Handler.timeout / 50)
    answer(server)
    assert [whole(one) for one in connections(server, 3, said)] == [b""] * 3


def test_news_come_after_any_silence(server, monkeypatch):
    monkeypatch.setattr(Handler, "timeout", Handler.timeout / 100)
    answer(server)
    readers = server.RequestHandlerClass.keywords["readers"]
    version = readers.version("zh")
    [reader] = connections(
        server, 1, f"GET {NEWS}?language=zh&version={version} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
    )
    wait_for(lambda: readers.viewed == "zh")
    time.sleep(0.5)
    readers.published("zh")
    assert whole(reader).endswith(b"event: reload\ndata:\n\n")


def test_those_who_are_too_many_are_sent_away(server):
    server.free = threading.BoundedSemaphore(2)
    answer(server)
    silent = connections(server, 2, b"GET")
    wait_for(lambda: not server.free._value)
    assert connections(server, 1, b"")[0].recv(1) == b""
    for one in silent:
        one.close()
    wait_for(lambda: server.free._value == 2)
    assert b"200 OK" in whole(connections(server, 1, REQUEST)[0])


def rewritten(path: Path, other: Path) -> None:
    shutil.copy2(other, path)


def renamed(path: Path, other: Path) -> None:
    other.rename(path)


def older(path: Path, other: Path) -> None:
    rewritten(path, other)
    os.utime(path, ns=(0, 0))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no time tells of it")
@pytest.mark.parametrize("save", [rewritten, renamed, older], ids=["cp -p", "mv", "older"])
def test_a_save_that_keeps_size_and_time_is_seen(tmp_path, save):
    path, other = tmp_path / "gallery/10_tensors.py", tmp_path / "other.py"
    path.parent.mkdir()
    for file, text in ((path, "x = 1"), (other, "x = 2")):
        file.write_text(text)
        os.utime(file, ns=(10**18, 10**18))
    watcher = Watcher([path.parent], [])
    time.sleep(0.02)  # clocks of file systems go by hundredths
    assert watcher.saved() == []
    save(path, other)
    assert watcher.saved() == [path] and watcher.new_code


def test_a_link_to_itself_is_no_save(tmp_path):
    watcher = Watcher([tmp_path], [])
    (tmp_path / "loop.rst").symlink_to("loop.rst")
    assert watcher.saved() == []


def urlopen(url: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path, with headers of our own."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LIMIT)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def wait_for(condition) -> None:
    """Wait until it holds."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def lives(pid: str) -> bool:
    """Whether a process runs; one that has ended may still be listed."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.is_file() or status.read_text().rpartition(")")[2].split()[0] != "Z"
