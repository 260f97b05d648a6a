"""Whatever happens to a build, readers keep the last good site, and the next build equals a clean one.

Real processes are killed, a real disk is full, real folders are read-only. The unmarked tests
are smaller cousins of those that ``make proof`` runs.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from faults import (
    SITECUSTOMIZE,
    WITHOUT_CAPTIONS,
    Clean,
    clean_build,
    differences,
    edition,
    full_disk,
    kill,
    kill_at,
    make_room,
    site,
    six_lessons,
    start,
    wipe,
)
from tiny import WAIT, Tiny, tiny_course

REMEDY = "make it writable, make room, or name another output folder"


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> Clean:
    """A clean build of three lessons."""
    return clean_build(tiny_course(tmp_path_factory.mktemp("three")))


@pytest.fixture(scope="module", params=[False, True], ids=["in-turn", "two-at-once-with-a-store"])
def is_shared(request) -> bool:
    """Whether two lessons run at once, and a store keeps their outputs."""
    return request.param


@pytest.fixture(scope="module")
def clean(tmp_path_factory, is_shared) -> dict[str, Clean]:
    """Clean builds of both editions of the six lessons."""
    built = {
        name: clean_build(edition(six_lessons(tmp_path_factory.mktemp(name), is_shared), name))
        for name in ("first", "second")
    }
    assert built["first"].site["en/lessons/50_lines.html"].count(b"polyglot-drawing") == 3
    return built


@pytest.fixture
def faulty(tiny) -> Tiny:
    """The tiny course, able to kill its own build at a file."""
    tiny.write("site/sitecustomize.py", SITECUSTOMIZE)
    return tiny


@pytest.fixture
def course(tmp_path, is_shared) -> Tiny:
    """Six lessons, not built yet."""
    return six_lessons(tmp_path / "course", is_shared)


@pytest.fixture(scope="module")
def evolving(tmp_path_factory, is_shared) -> Tiny:
    """Six lessons that were built once; their tests leave them built, in either edition."""
    course = six_lessons(tmp_path_factory.mktemp("evolving"), is_shared)
    course.built()
    return course


# Smaller cousins


@pytest.mark.everyday(1)
@pytest.mark.parametrize("path", ["docs/lessons/20_data.rst", "en/environment.pickle"])
def test_a_kill(three, faulty, path):
    kill_at(faulty, path)
    assert site(faulty) is None
    three.check_next_build(faulty)


def test_a_full_disk(three, tiny):
    with full_disk(tiny.root / "build", 100):
        done = tiny.build()
        assert done.returncode == 1
        assert f"No space left on device; {REMEDY}" in done.stderr
        assert "Traceback" not in done.stderr
        make_room(tiny.root / "build")
        three.check_next_build(tiny)


def test_an_interrupted_build(tiny):
    tiny.edit("gallery/10_module.py", "value = 1", "import time\ntime.sleep(60)\nvalue = 1")
    build = start(tiny)
    while build.poll() is None and not (tiny.root / "log").exists():
        time.sleep(0.05)
    os.killpg(build.pid, signal.SIGINT)
    told = build.communicate()[1]
    assert build.returncode == 130
    assert told.endswith("interrupted; the last good site stays\n")
    assert "Traceback" not in told


@pytest.mark.proof
def test_a_build_into_another_folder_is_refused_too(tiny):
    """Both would run the lessons, and write the same pages."""
    tiny.edit(
        "gallery/10_module.py",
        "value = 1",
        f"{WAIT}value = 1",
    )
    first = start(tiny)
    while first.poll() is None and not (tiny.root / "log").exists():
        time.sleep(0.05)
    second = tiny.build(output="elsewhere/html")
    (tiny.root / "go").touch()
    assert first.communicate()[1] == ""
    assert first.returncode == 0
    assert second.returncode == 1
    assert f"another build is writing the pages of {tiny.root / 'docs'}; wait until it has ended" in second.stderr
    assert (tiny.root / "log").read_text().split() == ["10_module", "20_data", "30_version"]


@pytest.mark.proof
def test_figures_of_an_edit_that_is_taken_back(tiny):
    """Its figures were drawn over those of the last good build."""
    tiny.edit("conf.py", 'project = "Tiny"', f'project = "Tiny"\n{WITHOUT_CAPTIONS}')
    drawing = "import near\nimport matplotlib.pyplot as plt\n[line] = plt.plot([0, 1])"
    tiny.edit("gallery/10_module.py", "import near", drawing)
    tiny.built()
    before = site(tiny)
    assert b"polyglot-drawing" in before["en/lessons/10_module.html"]
    tiny.edit("gallery/10_module.py", drawing, f"{drawing}\nplt.grid()")
    tiny.edit("gallery/10_module.py", "value = 1", "value = missing")
    assert tiny.build().returncode == 1
    assert differences(site(tiny), before) == []
    tiny.edit("gallery/10_module.py", "\nplt.grid()", "")
    tiny.edit("gallery/10_module.py", "value = missing", "value = 1")
    tiny.built()
    assert differences(site(tiny), before) == []


def test_nothing_of_an_edit_is_left_behind(tiny):
    """A figure, a word in the search index, a translation, and Sphinx's note of other settings."""
    tiny.edit("conf.py", 'project = "Tiny"', f'project = "Tiny"\nlocale_dirs = ["locale"]\n{WITHOUT_CAPTIONS}')
    drawing = "import matplotlib.pyplot as plt\n[line] = plt.plot([0, 1])"
    edits = {"conf.py": ("Tiny", "Small"), "gallery/10_module.py": (drawing, "print(value)")}
    edits["gallery/20_data.py"] = ("# Zebra.", "# Text.")
    edits["docs/locale/zh_CN/LC_MESSAGES/sphinx.po"] = ("下一课", "往后")
    tiny.write("docs/locale/zh_CN/LC_MESSAGES/sphinx.po", 'msgid "Next"\nmsgstr "下一课"\n')
    tiny.edit("gallery/10_module.py", "print(value)", drawing)
    tiny.edit("gallery/20_data.py", "# Text.", "# Zebra.")
    tiny.built()
    assert "下一课" in tiny.page("zh/lessons/10_module.html")
    assert "polyglot-drawing" in tiny.page("en/lessons/10_module.html")
    for name, (old, new) in edits.items():
        tiny.edit(name, old, new)
    tiny.built()
    incremental = site(tiny)
    wipe(tiny)
    tiny.built()
    assert differences(incremental, site(tiny)) == []


@pytest.mark.proof
def test_a_lesson_without_names_in_its_code_runs_once(tiny):
    """Sphinx-Gallery writes no list of names for it: that none is there does not mean that a kill came before."""
    script = (
        '"""\n%% zh\n空\n==\n%% en\nNothing\n=======\n"""\nimport os\nwith open(os.environ["TINY_LOG"], "a") as log:\n'
    )
    tiny.write("gallery/40_nothing.py", f"{script}    log.write('40_nothing')\n")
    assert "40_nothing" in tiny.built()
    assert tiny.built() == []


# Kills


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(30))
def test_kills_at_random_moments_of_a_cold_build(clean, course, seed):
    moments = random.Random(seed)
    for _ in range(moments.choice([1, 1, 2])):  # now and then, the build after a kill is killed as well
        build = start(course)
        time.sleep(moments.uniform(0, clean["first"].seconds))
        kill(build)
        assert site(course) is None or clean["first"].is_shown(course)
    clean["first"].check_next_build(course)


def switch(course: Tiny) -> tuple[str, str]:
    """Edit the course into its other edition; name both."""
    before, after = ("first", "second") if (course.root / "gallery/30_version.py").exists() else ("second", "first")
    edition(course, after)
    return before, after


@pytest.fixture(scope="module")
def writes(tmp_path_factory, is_shared) -> int:
    """How often a cold build writes, renames or removes a file."""
    course = six_lessons(tmp_path_factory.mktemp("writes"), is_shared)
    Tiny(course.root, new_interpreter=True, jobs=course.jobs).built(
        FAULT_AT="", FAULT_COUNT=str(course.root / "writes")
    )
    return int((course.root / "writes").read_text())


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(30, 60))
def test_kills_at_random_files_of_a_cold_build(clean, course, writes, seed):
    """Most files are written in a few moments that random times seldom hit."""
    kill_at(course, "", random.Random(seed).randint(1, writes))
    assert site(course) is None or clean["first"].is_shown(course)
    clean["first"].check_next_build(course)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(100, 112))
def test_kills_at_random_moments_of_an_edit(clean, evolving, seed):
    moments = random.Random(seed)
    before, after = switch(evolving)
    build = start(evolving)
    time.sleep(moments.uniform(0.5, 0.9 * clean["first"].seconds))
    kill(build)
    assert clean[before].is_shown(evolving) or clean[after].is_shown(evolving)
    if moments.random() < 0.5:  # the author takes the edit back
        before, after = switch(evolving)
    clean[after].check_next_build(evolving)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(200, 206))
def test_kills_while_publishing(clean, evolving, seed):
    before, after = switch(evolving)
    fresh = evolving.root / "build/.sphinx-polyglot/html.new"
    build = start(evolving)
    while build.poll() is None and not fresh.exists():
        time.sleep(0.0005)
    time.sleep(random.Random(seed).uniform(0, 0.05))
    assert kill(build)
    assert clean[before].is_shown(evolving) or clean[after].is_shown(evolving)
    clean[after].check_next_build(evolving)
    assert sorted(path.name for path in fresh.parent.iterdir()) == ["doctrees", "html", "records", "templates"]


@pytest.mark.proof
@pytest.mark.parametrize(
    "path",
    [
        "stage/lessons/20_data.py",
        "docs/lessons/20_data.py",
        "sphx_glr_50_lines_002.svg",
        "40_line.py.md5",
        "40_line.cost.json",
        "40_line.rst",
        "40_line_thumb.svg",
        "40_line.zip",
        "40_line.codeobj.json",
        "lessons/index.rst.new",
        "LC_MESSAGES/sphinx.mo",
        "zh/lessons/10_module.doctree",
        "zh/environment.pickle",
        "zh/lessons/index.html",
        "zh/searchindex.js",
        "en/_static/site.css",
        "en/searchtexts.js",
        ".sphinx-polyglot/html/index.html",
        "html.new/en/index.html",
    ],
)
def test_a_kill_at_a_file(clean, course, path):
    kill_at(course, path)
    assert site(course) is None
    clean["first"].check_next_build(course)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("path", "nth"),
    [("build/html", 1), ("build/html", 2), (".sphinx-polyglot/html.old", 2), (".sphinx-polyglot/html.new", 2)],
)
def test_kills_where_folders_cannot_be_exchanged(clean, evolving, path, nth):
    """The site may be gone between two renames; the next build begins by putting it back."""
    before, after = switch(evolving)
    kill_at(evolving, path, nth, FAULT_NO_EXCHANGE="1")
    assert site(evolving) is None or clean[before].is_shown(evolving) or clean[after].is_shown(evolving)
    shutil.move(evolving.root / "docs/index.rst", evolving.root / "aside")
    assert evolving.build().returncode == 1
    assert clean[before].is_shown(evolving) or clean[after].is_shown(evolving)
    shutil.move(evolving.root / "aside", evolving.root / "docs/index.rst")
    clean[after].check_next_build(evolving)


# Full disks


def check_full_disk(course: Tiny, shown: dict[str, bytes] | None) -> None:
    done = course.build()
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith(str(course.root)) and last.endswith(f": No space left on device; {REMEDY}"), last
    assert "Traceback" not in done.stderr
    assert differences(site(course), shown) == []


@pytest.mark.proof
@pytest.mark.parametrize("kilobytes", [4, 40, 90, 150, 400, 700, 900, 1200, 1600, 1900, 2400, 3000])
def test_full_disks(clean, course, kilobytes):
    with full_disk(course.root / "build", kilobytes):
        check_full_disk(course, None)
        make_room(course.root / "build")
        clean["first"].check_next_build(course)


@pytest.mark.proof
@pytest.mark.parametrize("kilobytes", [8, 28, 60, 120, 160, 200, 240])
def test_full_disks_under_the_generated_pages(clean, course, kilobytes):
    with full_disk(course.root / "docs/lessons", kilobytes):
        check_full_disk(course, None)
        make_room(course.root / "docs/lessons")
        clean["first"].check_next_build(course)


@pytest.mark.proof
@pytest.mark.parametrize("kilobytes", [30, 300, 1000])
def test_a_disk_that_fills_up_after_a_good_build(clean, course, kilobytes):
    build = course.root / "build"
    with full_disk(build, 100_000):
        course.built()
        edition(course, "second")
        used = shutil.disk_usage(build).used // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + kilobytes}k", str(build)], check=True)
        check_full_disk(course, clean["first"].site)
        make_room(build)
        clean["second"].check_next_build(course)


# Read-only folders

#: Root writes everywhere unless it gives that power away.
AS_ANYONE = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.mark.proof
@pytest.mark.skipif(bool(AS_ANYONE) and not shutil.which("setpriv"), reason="root can only be held back by setpriv")
@pytest.mark.parametrize("name", ["build", "build/html", "build/html/en/_static", "docs/lessons"])
def test_read_only_folders(clean, course, name):
    course.built()
    edition(course, "second")
    folder = course.root / name
    folder.chmod(0o500)
    command = [*AS_ANYONE, sys.executable, "-m", "sphinx_polyglot", "docs", "build/html"]
    environment = course._environment({})
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith(str(folder))
    assert f"Permission denied; {REMEDY}" in done.stderr
    assert "Traceback" not in done.stderr
    assert clean["first"].is_shown(course)
    clean["second"].check_next_build(course)
