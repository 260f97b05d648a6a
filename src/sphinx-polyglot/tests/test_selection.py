"""Builds that execute one lesson or none, and what is left of them: nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tiny import WAIT, Tiny, tiny_course

ALL = ["10_module", "20_data", "30_version"]
KILL = """
def setup(app):
    import signal
    if "TINY_KILL" in os.environ:
        app.connect("builder-inited", lambda app: os.kill(os.getpid(), signal.SIGKILL), priority=900)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A tiny course that was built once; each test leaves it built."""
    tiny = tiny_course(tmp_path_factory.mktemp("tiny"))
    with (tiny.root / "conf.py").open("a") as conf:
        conf.write(KILL)
    assert build(tiny)[0] == ALL
    return tiny


def build(tiny: Tiny, *options: str, **environment: str) -> tuple[list[str], subprocess.CompletedProcess[str]]:
    """Build English; say which lessons ran, and how it went."""
    (tiny.root / "log").write_text("")
    done = tiny.run("build", "docs", "build/html", "--language", "en", *options, **environment)
    return (tiny.root / "log").read_text().split(), done


def output(tiny: Tiny, name: str) -> str:
    """What the lesson printed, as its page shows it; nothing if it shows nothing."""
    return "".join(
        re.findall(r'class="sphx-glr-script-out .*?<span></span>(.*?)\n', tiny.page(f"en/lessons/{name}.html"), re.S)
    )


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.proof
def test_the_site_is_that_of_a_clean_build_after_every_mode(built):
    for options in (["--preview"], ["--lesson", "20_data"]):
        built.edit("gallery/10_module.py", "# 正文。", "# 正文。\n#\n# 更多。")
        built.edit("gallery/10_module.py", "# Text.", "# Text.\n#\n# More.")
        built.edit("gallery/20_data.py", "print(value)", "print(value)\nprint(value)")
        assert build(built, *options)[1].returncode == 0
    built.built()
    after = tree(built.root / "build/html")
    for folder in ("build", "docs/lessons"):
        shutil.rmtree(built.root / folder)
    assert built.built() == ALL
    clean = tree(built.root / "build/html")
    assert after.keys() == clean.keys()
    assert [name for name in clean if after[name] != clean[name]] == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("options", "ran"), [(["--preview"], []), (["--lesson", "20_data"], ["20_data"])])
def test_what_runs_and_what_the_next_full_build_makes_up_for(built, options, ran):
    for name in ("10_module", "20_data"):
        built.edit(f"gallery/{name}.py", "value = 1", "value = 7")
    assert build(built, *options)[0] == ran
    assert [output(built, name) for name in ALL] == ["", "7" if "20_data" in ran else "", "1"]
    assert build(built)[0] == [name for name in ALL[:2] if name not in ran]
    assert [output(built, name) for name in ALL] == ["7", "7", "1"]
    for name in ("10_module", "20_data"):
        built.edit(f"gallery/{name}.py", "value = 7", "value = 1")
    assert build(built)[0] == ["10_module", "20_data"]


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("options", "environment"),
    [(["--preview"], {}), (["--lesson", "20_data"], {}), (["--preview"], {"TINY_KILL": "1"})],
)
def test_an_edit_that_is_taken_back_leaves_no_page_without_outputs(built, options, environment):
    built.edit("gallery/10_module.py", "value = 1", "value = 7")
    _, done = build(built, *options, **environment)
    assert (done.returncode == 0) == (not environment)
    assert "script-out" not in (built.root / "docs/lessons/10_module.rst").read_text("utf-8")
    built.edit("gallery/10_module.py", "value = 7", "value = 1")
    assert build(built)[0] == ["10_module"]
    assert output(built, "10_module") == "1"


@pytest.mark.proof
def test_what_was_never_executed_leaves_nothing_when_it_is_renamed(built):
    script = (built.root / "gallery/30_version.py").read_text("utf-8")
    built.write("gallery/50_new.py", script.replace("30_version", "50_new"))
    assert build(built, "--preview")[0] == []
    (built.root / "gallery/50_new.py").unlink()
    assert build(built)[0] == []
    assert list(built.root.rglob("*50_new*")) == []


def test_the_choice_is_no_setting_of_the_pages(built):
    info = [built.root / f"build/.sphinx-polyglot/html/en/{name}" for name in (".buildinfo", ".buildinfo.bak")]
    before = info[0].read_bytes()
    for options in (["--preview"], ["--lesson", "10_module"]):
        assert build(built, *options)[1].returncode == 0
        assert info[0].read_bytes() == before
        assert not info[1].exists()


def test_a_lesson_that_the_project_never_runs_is_not_run(built):
    built.edit("conf.py", r'"filename_pattern": r"\.py$"', '"filename_pattern": "module"')
    built.edit("gallery/20_data.py", "value = 1", "value = 7")
    assert build(built, "--lesson", "20_data")[0] == []
    built.edit("gallery/20_data.py", "value = 7", "value = 1")
    built.edit("conf.py", '"filename_pattern": "module"', r'"filename_pattern": r"\.py$"')
    assert build(built)[0] == ["20_data"]


def test_a_lesson_that_is_not_there(built):
    _, done = build(built, "--lesson", "20_dat")
    assert done.returncode == 1
    assert done.stderr == 'no lesson is called "20_dat"; name one of these: 10_module, 20_data, 30_version\n'


def test_one_lesson_or_none_but_not_both(built):
    _, done = build(built, "--lesson", "20_data", "--preview")
    assert done.returncode == 2
    assert "not allowed with argument" in done.stderr


def test_a_language_that_is_not_there(built):
    _, done = build(built, "--language", "fr")
    assert done.returncode == 1
    assert done.stderr == '"fr" is not in polyglot_languages; name one of these: zh, en\n'


@pytest.mark.proof
def test_a_build_may_wait_for_another_one(built):
    wait = f"{WAIT}value = 1"
    built.edit("gallery/10_module.py", "value = 1", wait)
    command = [sys.executable, "-u", "-m", "sphinx_polyglot", "docs", "build/html", "--language", "en"]
    command += ["--quiet", "--wait"]
    options = {"cwd": built.root, "env": built._environment({}), "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **options) as first, subprocess.Popen(command, **options) as second:
        try:
            lines = {first.stdout.readline(), second.stdout.readline()}
            failed = build(built)[1].stderr
        finally:
            (built.root / "go").touch()
            for process in (first, second):
                process.communicate()
    assert lines == {
        "lesson 1 of 1: 10_module …\n",
        "another build is running; this one begins when it has ended\n",
    }
    assert failed.startswith("another build is writing ")
    assert (first.returncode, second.returncode) == (0, 0)
