"""What is read below a gallery, and that whatever cannot be read is told with its place, all at once."""

from __future__ import annotations

import random
import re
from codecs import BOM_UTF8
from pathlib import Path

import pytest

from sphinx_polyglot.check.sources import check_project
from sphinx_polyglot.gallery.reading import read_galleries
from tiny import Tiny, tiny_course

GALLERY = {"examples_dirs": ["../gallery"], "gallery_dirs": ["lessons"]}
NO_FAULT = "5 lessons and pages, each in zh and en: no fault"
PLACE = re.compile(r"[\w./]+:[1-9]\d*: ")
CATALOGUE = "docs/locale/zh_CN/LC_MESSAGES/sphinx.po"


@pytest.fixture
def course(tiny: Tiny) -> Tiny:
    """The tiny course with a glossary, a catalogue and a guide."""
    return with_everything(tiny)


GLOSSARY = """\
[data]
zh = ["数据"]
en = ["data"]
avoid.zh = ["资料"]

[avoid.zh]
"甲" = "乙"
"""
SETTINGS = """\
project = "Tiny"
locale_dirs = ["locale"]
polyglot_glossary = "docs/glossary.toml"
polyglot_bundle_readme = "docs/guide.md"
"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def with_everything(tiny: Tiny) -> Tiny:
    tiny.write("docs/glossary.toml", GLOSSARY)
    tiny.write("docs/guide.md", "%% zh\n# 说明\n%% en\n# Read me\n")
    tiny.write(CATALOGUE, f'{HEAD}msgid "Next"\nmsgstr "下一页"\n')
    tiny.edit("conf.py", 'project = "Tiny"\n', SETTINGS)
    return tiny


@pytest.fixture
def told(course: Tiny, capsys):
    """What the check says: its exit code, and its lines."""

    def check() -> tuple[int, list[str]]:
        code = check_project(course.root / "docs", course.root)
        return code, "".join(capsys.readouterr()).splitlines()

    return check


def test_without_a_fault(told):
    assert told() == (0, [NO_FAULT])


PLAIN = '"""\nPlain\n=====\n"""\n'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gallery/50_x.py", "", "the script has no docstring; begin it with one that holds the title"),
        ("gallery/50_x.py", "x = 1\n", "the script has no docstring; begin it with one that holds the title"),
        ("gallery/50 x.py", PLAIN, "the name of the script holds a space, which a link to its page cannot; use"),
        ("gallery/index.py", PLAIN, "its page would take the place of the gallery's own, which is called index; give"),
        ("gallery/50_x.py", '"""⟦lessons/20_data:title⟧\n=\n"""\n', '"⟦lessons/20_data:title⟧" would be replaced by'),
        ("docs/about.rst", "⟦lessons/20_data:c0⟧\n", '"⟦lessons/20_data:c0⟧" would be replaced by'),
    ],
)
def test_what_no_page_can_be_made_of(course, told, name, text, message):
    course.write(name, text)
    code, lines = told()
    assert (code, lines[1:]) == (1, ["1 fault"])
    assert lines[0].startswith(f"{name}:1: {message}") and "; " in lines[0]


@pytest.mark.parametrize("name", ["gallery/40_x.py", "gallery/40_x.csv", "gallery/40_x.rst", "docs/x.rst"])
def test_a_file_that_cannot_be_read(course, told, name):
    for target, reason in ((course.root / "nowhere", "No such file or directory"), (Path("/proc/self/mem"), "Input/")):
        (course.root / name).unlink(missing_ok=True)
        (course.root / name).symlink_to(target)
        code, [line, count] = told()
        assert (code, count) == (1, "1 fault")
        assert line.startswith(f"{name}:1: this cannot be read: {reason}") and "; make it a readable file" in line


@pytest.mark.parametrize("name", ["docs/glossary.toml", CATALOGUE, "docs/guide.md", "docs/index.rst"])
def test_what_stands_around_and_is_not_utf8(course, told, name):
    path = course.root / name
    path.write_bytes(path.read_bytes() + "\n# 张量".encode("gbk"))
    code, lines = told()
    place = f"{name}:{len(path.read_bytes().splitlines())}"
    assert (code, lines) == (1, [f"{place}: this is not UTF-8; save the file in that encoding", "1 fault"])


def test_a_glossary_that_is_a_folder(course, told):
    (course.root / "docs/glossary.toml").unlink()
    (course.root / "docs/glossary.toml").mkdir()
    assert told()[1][0].startswith("docs/glossary.toml:1: this cannot be read: Is a directory; ")


def test_a_byte_order_mark_is_no_fault_where_nothing_stumbles_over_it(course, told):
    course.write("gallery/40_plain.py", '"""\nPlain\n=====\n"""\n')
    names = ["docs/glossary.toml", "docs/guide.md", "docs/index.rst", "gallery/10_module.py", "gallery/40_plain.py"]
    for path in [course.root / name for name in (*names, "gallery/GALLERY_HEADER.rst")]:
        path.write_bytes(BOM_UTF8 + path.read_bytes())
    assert told()[0] == 0
    path = course.root / CATALOGUE
    path.write_bytes(BOM_UTF8 + path.read_bytes())
    assert told()[1][0].startswith(f"{CATALOGUE}:1: this begins with a byte order mark")


def test_what_tools_leave_beside_the_lessons_is_none(course, told):
    text = (course.root / "gallery/10_module.py").read_text("utf-8")
    names = [".ipynb_checkpoints/10_module-checkpoint.py", "10_module.py~", ".#10_module.py", ".10_module.py.swp"]
    names += ["10_module.bak", "__pycache__/10_module.py", ".git/10_module.py", "10_module/.ipynb_checkpoints/a.py"]
    for name in names:
        course.write(f"gallery/{name}", text)
    course.write("gallery/10_module/helper.py", "x = 1\n")
    assert told()[0] == 0
    [gallery] = read_galleries(course.root / "docs", GALLERY, ["zh", "en"])
    found = {path.relative_to(gallery.source).as_posix() for path in gallery.files}
    assert found == {
        "10_module.py", "10_module/helper.py", "20_data.py", "30_version.py", "GALLERY_HEADER.rst"
    }  # fmt: skip


def test_all_faults_of_a_file_are_told_at_once(course, told):
    name = "gallery/10_module.py"
    course.edit(name, "# zh: 中文注释\n", "")
    course.edit(name, "# 正文。", "# 正文,有 3 个。")
    course.edit(name, "# .. _10_module-one:\n#\n# First", "# .. _10_module-two:\n#\n# First")
    course.edit(name, "# %% en\n", "# %% em\n")
    course.edit(name, "本课讲**模块**。", "本课讲\u202e**模块**。TODO")
    course.edit("gallery/20_data.py", "数据\n====", "数据")
    code, lines = told()
    places = [line.partition(": ")[0] for line in lines[:-1]]
    assert code == 1 and lines[-1] == f"{len(places)} faults"
    begins = ["6: U+202E", '6: "TODO"', "26: half-width", "26: zh has the number 3", '28: "# %% em"', "36: the comment"]
    for fault in begins:
        assert any(line.startswith(f"{name}:{fault}") for line in lines), (fault, lines)
    assert "gallery/20_data.py:3" in places


HOSTILE = [
    "(" * 5000 + ")" * 5000,
    "[" * 150 + "]" * 150,
    "-" * 50_000 + "1",
    "x = 1\0",
    "x = '\\ud800'",
    "1 + " * 20_000 + "1",
    "x" + ".y" * 20_000,
    "f'{" * 200 + "}'" * 200,
    "def f(:",
    "'''",
    "\\",
    "\tx\n        y",
    "return",
    "%% zh",
    "# %% zh",
]


@pytest.mark.parametrize("code", HOSTILE)
def test_code_that_python_chokes_on(course, told, code):
    path = course.root / "gallery/10_module.py"
    path.write_text(f"{path.read_text('utf-8')}\n{code}\n", "utf-8")
    exit_code, lines = told()
    assert exit_code in (0, 1)
    assert exit_code == 0 or lines[-1] in [f"{len(lines) - 1} fault{'s' * (len(lines) > 2)}"]
    assert all(line.startswith("gallery/10_module.py:") and "; " in line for line in lines[:-1])
    course.write("gallery/10_module.py", f'"""\nPlain\n=====\n"""\n{code}\n')
    assert told()[0] in (0, 1)


#: What is put in place of a piece of a file: marks, quotes, brackets, and bytes that are no text.
PIECES = [
    b"", b"\n", b"%% zh\n", b"# %% en\n", b"%% end\n", b'"""', b"'''", b"\xff", b"\0", BOM_UTF8, b"\r", b"\f",
    "\u202e".encode(), "⟦lessons/20_data:title⟧".encode(), b"[", b"]\n", b"{", b"= 3\n", b'msgid "Next"\n',
    b'msgstr[9] ""\n', b'msgid_plural "a"\n', b'"%s %(n)s {x"\n', b"[data]\n", b"[avoid]\n", b"zh = 1\n", b"[[x]]\n",
    b"text.zh = 3\n", b'text.zh = """a\nb"""\n', b"# zh: a\n", b"====\n", b"`", b"``", b":ref:`", b"(" * 300, b"\\",
    "张".encode("gbk"), b"# TODO\n", b"\t", b".. _10_module-one:\n", b"|", b"*", b"::\n", b".. math::\n\n  x\n",
    b"#, fuzzy\n", b"#: a:b\n", b"#~ msgid\n", b'"Plural-Forms: nplurals=x; plural=;\\n"\n', b"charset=x",
]  # fmt: skip
DAMAGED = ["gallery/10_module.py", "gallery/GALLERY_HEADER.rst", "docs/index.rst", "docs/guide.md",
           "docs/glossary.toml", CATALOGUE]  # fmt: skip


@pytest.mark.proof
def test_no_damage_gives_a_traceback(tmp_path_factory, capsys):
    """Three hundred damages from a seed: the check ends well, or with faults that have a place, and their number."""
    course = with_everything(tiny_course(tmp_path_factory.mktemp("damaged")))
    chance, told = random.Random(11), 0
    for number in range(300):
        path = course.root / DAMAGED[number % len(DAMAGED)]
        whole = path.read_bytes()
        path.write_bytes(damaged(whole, chance))
        code = check_project(course.root / "docs", course.root)
        *faults, last = "".join(capsys.readouterr()).splitlines()
        path.write_bytes(whole)
        told += code
        assert last.endswith(": no fault") if not code else last == f"{len(faults)} fault{'s' * (len(faults) > 1)}"
        assert all(PLACE.match(fault) and "; " in fault for fault in faults), (path, faults)
    assert told > 200


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to three pieces cut out, repeated or put in."""
    for _ in range(chance.randint(1, 3)):
        begin = chance.randrange(len(content) + 1)
        end = min(begin + chance.choice([0, 0, 1, 5, 40]), len(content))
        piece = chance.choice([*PIECES, content[begin:end] * 2])
        content = content[:begin] + piece + content[end:]
    return content
