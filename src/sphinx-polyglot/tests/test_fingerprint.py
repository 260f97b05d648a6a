"""What counts as a change of what a lesson depends on."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies, hashed
from sphinx_polyglot.gallery.imports import import_closure


def fingerprint(code: str, surroundings: Surroundings) -> str:
    return hashed(dependencies(code, surroundings))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in {
        "lib/__init__.py": '"""A map."""\n',
        "lib/one.py": "from lib import two\nfrom .deep import three\n",
        "lib/two.py": 'import numpy\n\n\ndef f():\n    """Old."""\n    return 1\n',
        "lib/deep/__init__.py": "",
        "lib/deep/three.py": "from .. import two\n",
        "lib/other.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_closure_follows_absolute_and_relative_imports(library):
    names = import_closure("import lib.one", [library])
    assert sorted(names) == ["lib", "lib.deep", "lib.deep.three", "lib.one", "lib.two"]


@pytest.mark.parametrize(
    ("name", "old", "new", "same"),
    [
        ("lib/two.py", '"""Old."""', '"""New."""', True),
        ("lib/two.py", "return 1", "return 1  # comment", True),
        ("lib/two.py", "return 1", "return 2", False),
        ("lib/other.py", "", "x = 1", True),
        ("lib/__init__.py", '"""A map."""', "x = 1", False),
    ],
)
def test_only_meaning_counts(library, name, old, new, same):
    surroundings = Surroundings([library])
    before = fingerprint("import lib.one", surroundings)
    path = library / name
    path.write_text(path.read_text().replace(old, new))
    assert (fingerprint("import lib.one", surroundings) == before) is same


def test_versions_of_what_the_closure_imports_count(library, tmp_path, monkeypatch):
    surroundings = Surroundings([library], {"sklearn": "scikit-learn"})
    codes = ["import lib.one", "import sklearn", "import lib.other"]
    before = [fingerprint(code, surroundings) for code in codes]
    assert version("numpy") != "0.0"
    for name in ("numpy", "scikit_learn"):
        folder = tmp_path / f"site/{name}-0.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    after = [fingerprint(code, surroundings) for code in codes]
    assert [one != two for one, two in zip(before, after, strict=True)] == [True, True, False]


def test_inputs_count_for_the_module_that_reads_them(library, tmp_path):
    data = tmp_path / "data"
    surroundings = Surroundings([library], inputs={"lib.two": [data]})
    before = [fingerprint(code, surroundings) for code in ("import lib.one", "import lib.other")]
    data.mkdir()
    (data / "words").write_bytes(b"12")
    middle = [fingerprint(code, surroundings) for code in ("import lib.one", "import lib.other")]
    (data / "words").write_bytes(b"21")
    after = [fingerprint(code, surroundings) for code in ("import lib.one", "import lib.other")]
    assert len({before[0], middle[0], after[0]}) == 3
    assert before[1] == middle[1] == after[1]


def test_facts_count_for_all():
    assert fingerprint("x = 1", Surroundings(facts={"device": "cpu"})) != fingerprint(
        "x = 1", Surroundings(facts={"device": "cuda"})
    )
