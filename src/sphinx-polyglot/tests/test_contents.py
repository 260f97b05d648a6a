"""What a page shows is what its sources hold, whatever the dates of the files say; damage is mended."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from faults import differences, site
from tiny import CONF, Tiny, tiny_course

CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Search"\nmsgstr "{word}"\n'
MORE = """\
locale_dirs = ["locale"]
templates_path = ["docs/_templates"]
html_static_path = ["docs/_static"]
html_css_files = ["site.css"]
polyglot_glossary = "docs/glossary.toml"
polyglot_bundle_readme = "docs/bundle.md"
"""
GLOSSARY = '[value]\nzh = ["数值"]\nen = ["value"]\ntext.zh = "一个数。"\ntext.en = "A number, {word}."\n'
CAPTION = "# %% zh\n# .. caption:: 一条直线。\n#\n# %% en\n# .. caption:: A straight line.\n"
#: A source, and for each what stands there and what shall stand there.
EDITS = [
    ("gallery/20_data.py", "# Text.", "# Text from before.", "en/lessons/20_data.html"),
    ("docs/index.rst", "Home page\n=========", "Former page\n===========", "en/index.html"),
    ("docs/glossary.toml", "zero", "before", "en/glossary.html"),
    ("docs/included.txt", "included", "before", "en/glossary.html"),
    ("docs/locale/zh_CN/LC_MESSAGES/sphinx.po", "搜一搜", "从前", "zh/index.html"),
    ("docs/_templates/page.html", "<p>template</p>", "<p>before</p>", "en/index.html"),
    ("docs/_static/site.css", "black", "before", "en/_static/site.css"),
    ("gallery/GALLERY_HEADER.rst", "Note.", "Note from before.", "en/lessons/index.html"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A course of one lesson with all kinds of sources, built once."""
    course = tiny_course(tmp_path_factory.mktemp("contents"))
    for name in ("10_module", "30_version"):
        (course.root / f"gallery/{name}.py").unlink()
    course.write("conf.py", CONF + MORE)
    course.write("docs/glossary.toml", GLOSSARY.format(word="zero"))
    course.write("docs/included.txt", "Some included words.\n")
    text = (
        "%% zh\n词汇\n====\n%% en\nGlossary\n========\n%% end\n\n.. include:: included.txt\n\n.. polyglot-glossary::\n"
    )
    course.write("docs/glossary.rst", text)
    course.write("docs/bundle.md", "%% zh\n说明。\n%% en\nNotes.\n")
    course.edit("docs/index.rst", "   lessons/index\n", "   lessons/index\n   glossary\n")
    course.write("docs/locale/zh_CN/LC_MESSAGES/sphinx.po", CATALOGUE.format(word="搜一搜"))
    course.write("docs/_static/site.css", "body { color: black }\n")
    template = '{% extends "!page.html" %}\n{% block content %}<p>template</p>{{ super() }}{% endblock %}\n'
    course.write("docs/_templates/page.html", template)
    figure = f"import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])\n\n{CAPTION}"
    course.write("gallery/20_data.py", (course.root / "gallery/20_data.py").read_text("utf-8") + figure)
    assert course.built() == ["20_data"]
    return course


@pytest.fixture(scope="module")
def clean(built) -> dict[str, bytes]:
    """The site of a clean build."""
    return site(built)


def test_sources_with_older_dates_are_read_again(built, clean):
    former = {}
    for name, old, new, _ in EDITS:
        path = built.root / name
        former[path] = path.read_bytes(), path.stat()
        built.edit(name, old, new)
        if "Former" in new:
            built.edit(name, "首页", "从前")
        if name.endswith("header.rst"):
            built.edit(name, "说明。", "从前。")
        os.utime(path, (1e9, 1e9))  # as ``mv``, ``cp -p`` or a restore leaves it: older than the build
    assert built.built() == []
    for name, _, _, page in EDITS:
        assert any(word in built.page(page) for word in ("before", "Former", "从前")), name
    for path, (content, state) in former.items():
        path.write_bytes(content)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert built.built() == []
    assert differences(site(built), clean) == []


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def replace(path: Path) -> None:
    path.write_bytes(b"\xff\xfe not what was written")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


WAYS = [delete, truncate, empty, replace, a_folder]
#: Damaged at once: what has no bearing on another, so that a few builds tell of many files.
ROUNDS = [
    ["build/.sphinx-polyglot/html/zh/index.html", "build/stage/lessons/20_data.py"],
    ["build/.sphinx-polyglot/doctrees/en/environment.pickle", "docs/lessons/20_data.rst"],
    ["build/.sphinx-polyglot/html/en/searchindex.js", "docs/lessons/20_data.py.md5"],
    ["build/.sphinx-polyglot/html/en/.buildinfo", "docs/lessons/images/sphx_glr_20_data_001.svg"],
    ["build/.sphinx-polyglot/doctrees/zh/index.doctree", "docs/lessons/images/thumb/sphx_glr_20_data_thumb.svg"],
    ["build/.sphinx-polyglot/records/zh.json", "docs/lessons/index.rst", "docs/lessons/20_data.codeobj.json"],
    ["build/.sphinx-polyglot/records/html.published.json", "build/stage/ledger.json"],
    ["build/html/.sphinx-polyglot.json", "docs/lessons/20_data.py", "docs/locale/zh_CN/LC_MESSAGES/sphinx.mo"],
    ["build/html/en/lessons/20_data.html", "build/.sphinx-polyglot/html/en/lessons/20_data.ipynb"],
]


@pytest.mark.proof
def test_damaged_files_are_written_anew(built, clean):
    _damage(built, clean, [(WAYS[turn % len(WAYS)], names) for turn, names in enumerate(ROUNDS)])


@pytest.mark.proof
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_files_damaged_in_every_way_are_written_anew(built, clean, way):
    _damage(built, clean, [(way, names) for names in ROUNDS])


def _damage(course: Tiny, clean: dict[str, bytes], rounds: list) -> None:
    for way, names in rounds:
        for name in names:
            way(course.root / name)
        done = course.build()
        assert done.returncode == 0, (way.__name__, names, done.stderr)
        assert differences(site(course), clean) == [], (way.__name__, names)
        for path in (course.root / name for name in names):
            assert path.is_file(), (way.__name__, path)


def test_a_site_that_is_a_file_is_told_each_time(tmp_path):
    course = tiny_course(tmp_path)
    course.write("build/html", "a file")
    for _ in range(2):
        done = course.build()
        assert done.returncode == 1
        assert "build/html is a file, and a build makes a folder there; remove it, or name another" in done.stderr
    shutil.rmtree(tmp_path / "build")
