"""Templates that were compiled once serve again; damaged or edited ones do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from faults import tree
from sphinx_polyglot.cli.bytecode import Templates
from sphinx_polyglot.cli.ownership import TEMPLATES, WORK
from tiny import put_back, tiny_course


@pytest.fixture
def texts(tmp_path) -> dict[str, str]:
    """What the templates of ``rendered`` hold."""
    Templates.known = {}
    return {"page": "Hello {{ name }}"}


def rendered(texts: dict[str, str], folder: Path) -> str:
    """In an environment of its own, as each language has one."""
    environment = Environment(loader=DictLoader(texts), bytecode_cache=Templates(folder))
    return environment.get_template("page").render(name="you")


def compiled(monkeypatch) -> list[str]:
    """The templates that Jinja compiles from now on."""
    names: list[str] = []
    compile_one = Environment.compile
    monkeypatch.setattr(
        Environment, "compile", lambda self, source, name=None, *rest, **more: names.append(name)
        or compile_one(self, source, name, *rest, **more)
    )  # fmt: skip
    return names


def test_a_template_is_compiled_once(texts, tmp_path, monkeypatch):
    names = compiled(monkeypatch)
    assert [rendered(texts, tmp_path) for _ in range(3)] == ["Hello you"] * 3
    Templates.known = {}  # the next build
    assert rendered(texts, tmp_path) == "Hello you"
    assert names == ["page"]


def test_an_edited_template_is_compiled_again(texts, tmp_path):
    assert rendered(texts, tmp_path) == "Hello you"
    texts["page"] = "Good bye {{ name }}"
    assert rendered(texts, tmp_path) == "Good bye you"


@pytest.mark.parametrize("content", [b"", b"x" * 100, None])
def test_a_damaged_one_is_compiled_again(texts, tmp_path, content, monkeypatch):
    assert rendered(texts, tmp_path) == "Hello you"
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"?" if content is None else content)
    Templates.known = {}
    names = compiled(monkeypatch)
    assert rendered(texts, tmp_path) == "Hello you"
    assert names == ["page"]


def test_a_folder_that_cannot_be_written_is_no_fault(texts, tmp_path):
    (tmp_path / "file").write_text("")
    assert rendered(texts, tmp_path / "file") == "Hello you"


@pytest.mark.proof
def test_the_site_is_the_same_with_them(tmp_path):
    tiny = tiny_course(tmp_path)
    tiny.new_interpreter = True
    tiny.built()
    before = tree(tmp_path / "build/html")
    assert list((tmp_path / "build" / WORK / TEMPLATES).iterdir())
    with put_back(tiny):
        tiny.edit("conf.py", "nitpicky = True", "nitpicky = True\nhtml_title = 'Another'")
        tiny.built()
        assert tree(tmp_path / "build/html") != before
    tiny.built()
    assert tree(tmp_path / "build/html") == before
