"""What readers take along of the tiny course: valid, in their language, and written only when it changed."""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from sphinx_polyglot.notebooks.archive import zipped
from take_along import SETTINGS, full_course, notebooks, streams, text_of_notebook, text_of_page, tidy, unpacked
from tiny import Tiny, put_back

NAMES = ["10_module", "15_hostile", "20_data", "30_version"]
#: reStructuredText and marks, none of which belongs into a notebook.
LEFTOVER = re.compile(r"⟦|^\.\. |:\w+:`|``[^`]*``_|^# ?%%|(?<!\\)\\ ", re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """The course, built once; what edits it comes last."""
    tiny = full_course(tmp_path_factory.mktemp("course"))
    assert tiny.built() == ["10_module", "20_data", "30_version"]
    return tiny


@pytest.fixture
def own(built) -> Iterator[Tiny]:
    """The same course for a test that edits it; afterwards it is as before."""
    with put_back(built) as tiny:
        yield tiny


def pages(tiny: Tiny, code: str) -> Path:
    return tiny.root / f"build/html/{code}/lessons"


def taken(tiny: Tiny) -> dict[str, bytes]:
    """Every file of the site that readers take along."""
    site = tiny.root / "build/html"
    paths = [path for path in site.rglob("*") if path.suffix in (".ipynb", ".py", ".zip")]
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(paths)}


def written(tiny: Tiny) -> dict[str, int]:
    """When each of these files was last written."""
    site = tiny.root / "build/.sphinx-polyglot/html"
    paths = [path for path in site.rglob("*") if path.suffix in (".ipynb", ".py", ".zip")]
    return {path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in sorted(paths)}


def packed(text: str) -> list[str]:
    """The names of the modules that a lesson carries."""
    found = re.search(r'unpack\(.*"""\n((?:.*\n)*?)"""\)', text)
    whole = zlib.decompress(base64.b64decode(found[1])) if found else zipped({})
    return zipfile.ZipFile(io.BytesIO(whole)).namelist()


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_notebook_is_valid(built, code):
    found = notebooks(pages(built, code))
    assert sorted(found) == sorted([f"{name}.ipynb" for name in NAMES] + [f"{name}-blank.ipynb" for name in NAMES])
    for name, notebook in found.items():
        nbformat.validate(notebook)
        prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        assert [text for text in prose if LEFTOVER.search(text)] == [], name


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_says_what_its_page_says(built, code, name):
    notebook = notebooks(pages(built, code))[f"{name}.ipynb"]
    page, text = text_of_page(pages(built, code) / f"{name}.html"), text_of_notebook(notebook)
    for ours, theirs in ((" a. ", " "), (" b. ", " "), ("— Someone", "—Someone"), ("field ", "field: ")):
        text = text.replace(ours, theirs)  # marks that a page draws, and a notebook writes
    assert text.split() == page.split()


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_those_of_the_page(built, code, name):
    page = BeautifulSoup((pages(built, code) / f"{name}.html").read_text("utf-8"), "html.parser")
    printed = [tidy(block.get_text()) for block in page.select(".sphx-glr-script-out pre")]
    cells = [cell for cell in notebooks(pages(built, code))[f"{name}.ipynb"].cells if cell.cell_type == "code"]
    assert [text for text in map(streams, cells) if text] == printed


def test_an_object_is_shown_by_its_html(built):
    cell = notebooks(pages(built, "en"))["15_hostile.ipynb"].cells[-1]
    assert cell.outputs[0].data == {"text/html": "<table><tr><td>1 &lt; 2</td></tr></table>", "text/plain": "1 &lt; 2"}


@pytest.mark.parametrize(("code", "comment"), [("zh", "中文注释"), ("en", "English comment")])
def test_comments_speak_the_readers_language(built, code, comment):
    cell = notebooks(pages(built, code))["10_module.ipynb"].cells[-1]
    assert cell.source == f"# {comment}\nvalue = 1\nprint(value)"
    assert comment in (pages(built, code) / "10_module.py").read_text("utf-8")


def test_the_second_notebook_is_the_same_without_outputs(built):
    found = notebooks(pages(built, "zh"))
    for name in NAMES:
        full, blank = found[f"{name}.ipynb"], found[f"{name}-blank.ipynb"]
        assert [cell.source for cell in full.cells] == [cell.source for cell in blank.cells]
        assert any(cell.get("outputs") for cell in full.cells)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in blank.cells)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_the_authors_code(built, name):
    lesson = ast.parse((built.root / f"gallery/{name}.py").read_text("utf-8"))
    script = ast.parse((pages(built, "en") / f"{name}.py").read_text("utf-8"))
    wanted = [ast.dump(node) for node in lesson.body[1:]]
    assert [ast.dump(node) for node in script.body][-len(wanted) :] == wanted


def test_headings_are_found_by_their_labels(built):
    for code in ("zh", "en"):
        notebook = notebooks(pages(built, code))["15_hostile.ipynb"]
        names = [cell.id for cell in notebook.cells]
        assert "hostile-two" in names and "hostile-html" in names and len(set(names)) == len(names)
        assert any("](#cell-id=hostile-two)" in cell.source for cell in notebook.cells)


def test_a_script_has_no_link_that_it_cannot_follow(built):
    script = (pages(built, "zh") / "15_hostile.py").read_text("utf-8")
    assert "cell-id" not in script and "attachment" not in script
    assert "Signs & \\<b> in one code [outside (there)](https" in script


def test_an_image_of_the_text_is_inside(built):
    cell = next(cell for cell in notebooks(pages(built, "zh"))["15_hostile.ipynb"].cells if "attachments" in cell)
    ((name, image),) = cell.attachments.items()
    assert name == "a-picture-1-.png" and list(image) == ["image/png"]
    assert f"](attachment:{name})" in cell.source


def test_sphinx_gallerys_own_files_are_not_there(built):
    site = built.root / "build/html"
    assert not list(site.rglob("_downloads"))
    assert {path.name for path in site.rglob("*.zip")} == {"tiny-zh.zip", "tiny-en.zip"}


def test_only_lessons_that_import_modules_of_the_project_carry_them(built):
    carried = {
        "10_module": ["far.py", "near.py"],
        "15_hostile": [],
        "20_data": ["reader.py", "tinylibrary/__init__.py"],
        "30_version": ["beside.py"],
    }
    for name in NAMES:
        text = (pages(built, "en") / f"{name}.py").read_text("utf-8")
        assert packed(text) == carried[name]
    assert text.index("# # Versions") < text.index("The next cell carries") < text.index("import tinydist")
    assert '"tinydist": "tinydist"' in text  # it is asked for first


def test_what_nobody_needs_to_read_is_folded(built):
    cells = notebooks(pages(built, "en"))["10_module.ipynb"].cells
    assert [cell.source.partition(" at ")[0] for cell in cells if cell.metadata] == [cells[2].source]
    assert cells[2].metadata == {"jupyter": {"source_hidden": True}, "cellView": "form"}
    assert "carries the parts of far, near that" in cells[1].source
    script = (pages(built, "en") / "10_module.py").read_text("utf-8")
    assert '# %% jupyter={"source_hidden": true} cellView="form"\nimport' in script


def test_a_lesson_brings_the_file_that_it_needs(built, tmp_path):
    cells = notebooks(pages(built, "en"))["30_version.ipynb"].cells
    assert "This lesson needs a file beside it" in cells[3].source
    exec(cells[3].source.replace('"30_version', f'"{tmp_path}/30_version'), {})
    assert (tmp_path / "30_version/worker.py").read_text() == (built.root / "gallery/30_version/worker.py").read_text()


def test_links_to_other_lessons_lead_somewhere(built):
    alone = notebooks(pages(built, "zh"))["15_hostile.ipynb"]
    packed = nbformat.reads(unpacked(built.root / "build/html/zh/tiny-zh.zip")["15_hostile.ipynb"].decode(), 4)
    assert "10_module" not in json.dumps(alone) and "模块" in alone.cells[1].source
    assert "[模块](10_module.ipynb)" in packed.cells[1].source


def test_buttons_lead_to_files_that_are_there(built):
    for code in ("zh", "en"):
        page = pages(built, code) / "10_module.html"
        links = BeautifulSoup(page.read_text("utf-8"), "html.parser").select(".polyglot-downloads a")
        assert len(links) == 4 and all("download" in link.attrs for link in links)
        assert all((page.parent / link["href"]).is_file() for link in links)
    index = (built.root / "build/html/zh/lessons/index.html").read_text("utf-8")
    assert "polyglot-downloads" not in index


def test_the_zip_holds_all_that_is_needed(built):
    for code, title in (("zh", "# 全部课程\n"), ("en", "# All lessons\n")):
        files = unpacked(built.root / f"build/html/{code}/tiny-{code}.zip")
        lessons = {f"{name}{ending}" for name in NAMES for ending in (".ipynb", ".py")}
        library = {"tinylibrary/__init__.py", "tinylibrary/fetch.py", "LICENSE"}
        assert set(files) == lessons | library | {"README.md", "requirements.txt", "30_version/worker.py"}
        assert files["README.md"].decode() == title
        assert files["requirements.txt"].decode() == "tinydist==1.0\njupyterlab\n"


def test_a_build_without_changes_writes_nothing(own):
    before = written(own)
    assert own.built() == []
    assert written(own) == before and len(before) == 2 * (3 * len(NAMES) + 1)


@pytest.mark.proof
def test_the_same_course_elsewhere_gives_the_same_bytes(built, tmp_path):
    other = full_course(tmp_path / "quite/another-place")
    other.built()
    assert taken(other) == taken(built)


def test_an_edit_of_the_text_is_in_the_notebook_and_runs_nothing(own):
    before = taken(own)
    own.edit("gallery/10_module.py", "# 正文。", "# 新的正文。")
    assert own.built() == []
    changed = {name for name, content in taken(own).items() if content != before[name]}
    expected = {f"zh/lessons/10_module{ending}" for ending in (".ipynb", "-blank.ipynb", ".py")} | {"zh/tiny-zh.zip"}
    assert changed == expected
    assert "新的正文。" in notebooks(pages(own, "zh"))["10_module.ipynb"].cells[-2].source


def test_an_edit_of_a_modules_words_is_in_the_lessons_that_carry_it_and_runs_nothing(own):
    before = taken(own)
    own.edit("src/tinylibrary/__init__.py", "A library", "A small library")
    assert own.built() == []
    changed = {name for name, content in taken(own).items() if content != before[name]}
    lesson = {
        f"{code}/lessons/20_data{ending}" for code in ("zh", "en") for ending in (".ipynb", "-blank.ipynb", ".py")
    }
    assert changed == lesson | {"zh/tiny-zh.zip", "en/tiny-en.zip"}


def test_what_exercises_may_call_is_carried_by_every_lesson_and_runs_nothing(own):
    own.edit("conf.py", SETTINGS, f'{SETTINGS}polyglot_carried = ["tinylibrary.fetch"]\n')
    assert own.built() == []
    for name in NAMES:
        carried = packed((pages(own, "en") / f"{name}.py").read_text("utf-8"))
        assert {"tinylibrary/__init__.py", "tinylibrary/fetch.py"} <= set(carried)
    own.edit("conf.py", '["tinylibrary.fetch"]', '["tinylibrary.fetched"]')
    done = own.build()
    assert done.returncode == 1
    assert "polyglot_carried has 'tinylibrary.fetched', which is in no folder of polyglot_source_dirs" in done.stderr


@pytest.mark.proof
def test_an_edit_of_the_file_beside_a_lesson_runs_it(own):
    own.edit("gallery/30_version/worker.py", "hard", "harder")
    assert own.built() == ["30_version"]
    assert "harder" in (pages(own, "zh") / "30_version.py").read_text("utf-8")
    assert "harder" in unpacked(own.root / "build/html/zh/tiny-zh.zip")["30_version/worker.py"].decode()


def remove_first_lesson(built):
    """Once: another test may have done it."""
    if (built.root / "gallery/10_module.py").exists():
        (built.root / "gallery/10_module.py").unlink()
        built.edit("docs/hostile.txt", ":doc:`10_module` ", ":doc:`20_data` ")
        assert built.built() == []


def test_a_lesson_that_is_gone_leaves_no_files(own):
    remove_first_lesson(own)
    assert [name for name in taken(own) if "10_module" in name] == []
    assert not [name for name in unpacked(own.root / "build/html/en/tiny-en.zip") if "10_module" in name]


def test_addresses_and_clouds_are_there_when_they_are_known(own):
    remove_first_lesson(own)
    assert own.built(TINY_BASEURL="https://example.org/tiny", TINY_PUBLISHED="someone/site/blob/pages") == []
    source = notebooks(pages(own, "zh"))["15_hostile.ipynb"].cells[1].source
    assert "[数据](https://example.org/tiny/zh/lessons/20_data.html)" in source
    assert "[A table](https://example.org/tiny/zh/lessons/15_hostile.html#hostile-table)" in source
    assert "[(1)](https://example.org/tiny/zh/lessons/15_hostile.html#equation-hostile-eq)" in source
    packed = unpacked(own.root / "build/html/zh/tiny-zh.zip")["15_hostile.py"].decode()
    assert "[数据](20_data.ipynb)" in packed  # it needs no network
    page = BeautifulSoup((pages(own, "zh") / "20_data.html").read_text("utf-8"), "html.parser")
    path = "someone/site/blob/pages/zh/lessons/20_data.ipynb"
    assert {link.get_text(): link["href"] for link in page.select(".polyglot-downloads a[rel]")} == {
        "在 Colab 中打开": f"https://colab.research.google.com/github/{path}",
        "在 ModelScope 中打开": f"https://modelscope.cn/notebook/share/github/{path}",
    }


def test_what_a_notebook_cannot_show_is_refused_at_its_line(own):
    own.edit("gallery/20_data.py", "print(value)", 'print("many words " * 100_000)')
    own.edit("gallery/30_version.py", "import runpy", "import runpy\nimport sphinx\nprint(sphinx.__file__)")
    own.edit(
        "docs/hostile.txt",
        "+---+---+\n| A |",
        "+---+---+\n\n.. list-table::\n\n   * - .. note:: One.\n\n+---+---+\n| A |",
    )
    done = own.build()
    assert done.returncode == 1
    for name, place, message in (
        (
            "gallery/20_data.py",
            "# zh:",
            "this cell prints more than 1 MB, and Jupyter stops at 1 MB a second; print less",
        ),
        (
            "gallery/30_version.py",
            "# zh:",
            "this cell prints a path of this machine, .*; catch the warning, or print less",
        ),
        (
            "docs/hostile.txt",
            "   * - .. note",
            "a notebook cannot show this: <note> in a table; put it outside of the table",
        ),
    ):
        lines = (own.root / name).read_text("utf-8").split("\n")
        line = next(number for number, text in enumerate(lines, 1) if text.startswith(place))
        assert len(re.findall(rf"{name}:{line}: WARNING: {message}", done.stderr)) == 1, done.stderr


def test_a_guide_that_lacks_a_language_is_told_before_anything_runs(tmp_path):
    tiny = full_course(tmp_path)
    tiny.edit("docs/bundle.md", "%% en\n", "")
    done = tiny.build()
    assert done.returncode == 1
    assert 'docs/bundle.md:1: the block has zh but no en; add "%% en" and its text below it' in done.stderr
    assert not (tiny.root / "log").exists()
