"""Sources that were found without fault are not read again, until something changes that they depend on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_polyglot.check import memo
from sphinx_polyglot.check.memo import MEMO, read_and_check
from sphinx_polyglot.check.scope import scope
from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.errors import LessonError
from sphinx_polyglot.gallery.reading import Gallery
from sphinx_polyglot.source.course import Course
from tiny import Tiny

TOML = '[value]\nzh = ["值"]\nen = ["value"]\ntext.zh = "一个数。"\ntext.en = "A number."\n'
GUIDE = "%% zh\n# 说明\n\n%% en\n# Guide\n"


@pytest.fixture
def course(tiny) -> Tiny:
    tiny.write("docs/glossary.toml", TOML)
    tiny.write("docs/guide.md", GUIDE)
    tiny.edit("conf.py", "import os", 'import os\npolyglot_glossary = "docs/glossary.toml"')
    tiny.edit("conf.py", "import os", 'import os\npolyglot_bundle_readme = "docs/guide.md"')
    return tiny


def read(tiny: Tiny) -> list[Gallery]:
    config = read_configuration(tiny.root)
    course = Course(config.settings, root=tiny.root)
    docs, languages = tiny.root / "docs", list(config.settings.languages.values())
    beside = scope(config.settings, config, docs, tiny.root, languages)
    return read_and_check(course, docs, config["sphinx_gallery_conf"], beside)


def reads(tiny: Tiny, monkeypatch) -> Callable[[], bool]:
    """Tells whether the sources were read anew since it was last asked."""
    times: list[Path] = []
    read_galleries = memo.read_galleries
    monkeypatch.setattr(memo, "read_galleries", lambda *rest: times.append(tiny.root) or read_galleries(*rest))

    def asked() -> bool:
        read(tiny)
        return bool(times) and times.clear() is None

    return asked


def test_what_was_read_once_is_the_same_again(course, monkeypatch):
    first = read(course)
    anew = reads(course, monkeypatch)
    assert not anew()
    assert read(course) == first


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("gallery/20_data.py", "正文", "这里是正文"),
        ("gallery/GALLERY_HEADER.rst", "说明", "这里是说明"),
        ("docs/index.rst", "首页", "主页"),
        ("conf.py", "import os", 'import os\npolyglot_translated = {"en": "zh"}'),
        ("docs/glossary.toml", "一个数", "一个整数"),
        ("docs/guide.md", "说明", "使用说明"),
        ("conf.py", '["../gallery"]', '["../gallery"], "ignore_pattern": "none"'),
        ("conf.py", "nitpicky", 'default_role = "math"\nnitpicky'),
    ],
)
def test_a_change_is_read(course, monkeypatch, name, old, new):
    read(course)
    anew = reads(course, monkeypatch)
    assert not anew()
    course.edit(name, old, new)
    assert anew() and not anew()


def test_a_new_page_and_a_lost_one_are_read(course, monkeypatch):
    read(course)
    anew = reads(course, monkeypatch)
    page = course.write("docs/more.rst", "%% zh\n更多\n====\n%% en\nMore\n====\n")
    assert anew() and not anew()
    page.unlink()
    assert anew() and not anew()


def test_another_state_of_the_extension_reads_anew(course, monkeypatch):
    read(course)
    anew = reads(course, monkeypatch)
    monkeypatch.setattr(memo, "own_digest", lambda: "another")
    assert anew()


@pytest.mark.parametrize("content", [b"", b"x" * 99, None])
def test_a_damaged_memo_is_none(course, monkeypatch, content):
    read(course)
    path = course.root / "build/stage" / MEMO
    path.write_bytes(path.read_bytes()[:-1] if content is None else content)
    anew = reads(course, monkeypatch)
    assert anew() and not anew()


def test_faults_are_told_each_time(course):
    course.edit("gallery/20_data.py", "# Text.", "# Text with 3 numbers.")
    for _ in range(2):
        with pytest.raises(LessonError, match="20_data.py:"):
            read(course)


def test_a_catalogue_with_a_fault_is_told_though_the_lessons_are_as_before(course):
    read(course)
    course.edit("conf.py", "import os", 'import os\nlocale_dirs = ["locale"]')
    read(course)
    course.write("docs/locale/zh_CN/LC_MESSAGES/sphinx.po", 'msgid "Next"\nmsgstr "下一页\n')
    with pytest.raises(LessonError, match="sphinx.po:2"):
        read(course)


def test_what_is_saved_while_it_is_read_is_not_taken_for_the_former(course, monkeypatch):
    """The page as it was, put back later, must not bring what was read in between."""
    page = course.root / "docs/index.rst"
    former = page.read_text("utf-8")
    read_galleries = memo.read_galleries

    def save(*rest):
        page.write_text(former.replace("首页", "主页"), "utf-8")
        return read_galleries(*rest)

    with monkeypatch.context() as patch:
        patch.setattr(memo, "read_galleries", save)
        read(course)
    page.write_text(former, "utf-8")
    assert reads(course, monkeypatch)()


def test_every_file_that_is_read_decides(course, monkeypatch):
    """Whatever the reading and the check open of the project is compared with its last state, too."""
    opened: set[Path] = set()
    compared: set[Path] = set()
    listening = True

    def listen(event: str, arguments: tuple) -> None:
        if listening and event == "open" and isinstance(arguments[0], str | Path):
            opened.add(Path(arguments[0]))

    digest, digests = memo.digest, memo.digests
    monkeypatch.setattr(memo, "digest", lambda path: compared.add(Path(path)) or digest(path))
    monkeypatch.setattr(
        memo, "digests", lambda folder: compared.update(folder / name for name in digests(folder)) or digests(folder)
    )
    sys.addaudithook(listen)
    read(course)
    listening = False
    own = {path for path in opened if path.is_relative_to(course.root) and path.name not in ("conf.py", MEMO)}
    assert len(own) >= 7
    assert own <= compared
