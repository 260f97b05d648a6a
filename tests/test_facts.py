"""What a build ran on: told as it is, and told anew when it has changed."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from places import REPOSITORY
from sphinx_polyglot.gallery.fingerprint import Surroundings, dependencies, versions
from tiny import Tiny, put_back, tiny_course
from torchhour.data import names
from torchhour.data.cifar10 import cifar10
from torchhour.data.digits import digits

REAL = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared/data")
PAGE = "%% zh\n关于\n====\n%% en\nAbout\n=====\n%% end\n\n.. polyglot-facts::\n"
ROW = re.compile(r'<th class="stub"><p>(.*?)</p></th>\s*<td><p>(.*?)</p></td>', re.DOTALL)
DAY = {"SOURCE_DATE_EPOCH": "1750000000"}  # 15 June 2025, in UTC
NEXT_DAY = {"SOURCE_DATE_EPOCH": "1750032000"}  # 00:00:00


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    """A tiny course with a page of facts; each test leaves it built on the first day."""
    tiny = tiny_course(tmp_path_factory.mktemp("facts"))
    tiny.write("docs/about.rst", PAGE)
    tiny.edit("docs/index.rst", "   lessons/index\n", "   lessons/index\n   about\n")
    tiny.edit("conf.py", 'project = "Tiny"', 'project = "Tiny"\npolyglot_about = {"Machine": "small", "Search": "two"}')
    tiny.built(**DAY)
    return tiny


@pytest.fixture
def own(built) -> Iterator[Tiny]:
    """The same course for a test that edits it; afterwards it is as before."""
    with put_back(built) as tiny:
        yield tiny


def rows(tiny: Tiny, code: str) -> dict[str, str]:
    return dict(ROW.findall(tiny.page(f"{code}/about.html")))


def test_the_page_tells_the_day_the_versions_and_the_settings(built):
    assert rows(built, "en") == {
        "Built on": "2025-06-15",
        "Python": platform.python_version(),
        "tinydist": "1.0",
        "Machine": "small",
        "Search": "two",
    }


def test_labels_are_translated_with_the_catalogue(built):
    assert rows(built, "zh")["搜索"] == "two"


@pytest.mark.proof
def test_another_day_writes_this_page_anew_and_no_lesson(own):
    folder = own.root / "build/.sphinx-polyglot/html/en"
    pages = [path for path in folder.glob("**/*.html") if path.name not in ("search.html", "genindex.html")]
    before = {path: path.stat().st_mtime_ns for path in pages}
    assert own.built(**DAY) == []
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert own.built(**NEXT_DAY) == []
    assert rows(own, "en")["Built on"] == rows(own, "zh")["构建日期"] == "2025-06-16"
    written = {path.name for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert written == {"about.html", "index.html"}  # with a page, Sphinx writes the contents that lead to it
    assert own.built(**DAY) == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("name", "old", "new", "label", "value"),
    [
        ("site/tinydist-1.0.dist-info/METADATA", "Version: 1.0", "Version: 1.1", "tinydist", "1.1"),
        ("conf.py", '"small"', '"large"', "Machine", "large"),
    ],
)
def test_what_has_changed_is_told(own, name, old, new, label, value):
    own.edit(name, old, new)
    own.built(**DAY)
    assert rows(own, "en")[label] == rows(own, "zh")[label] == value
    own.edit(name, new, old)
    own.built(**DAY)


def test_distributions_of_the_modules_that_are_imported_count(tmp_path):
    (tmp_path / "lib.py").write_text("import numpy.linalg, os\nfrom sklearn import datasets\n")
    around = Surroundings([tmp_path], {"sklearn": "scikit-learn"})
    found = versions(dependencies("import lib", around))
    assert found == {"numpy": version("numpy"), "sklearn": version("scikit-learn")}
    assert versions(dependencies("import os", around)) == {}


def test_names_of_the_embedded_data(monkeypatch):
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)
    assert names.digits() == digits(train=False).source
    assert names.cifar10() == cifar10(train=False).source


@pytest.mark.proof
def test_names_of_the_real_data(monkeypatch):
    if not (REAL / "MNIST/raw").is_dir() or not (REAL / "cifar-10-batches-bin").is_dir():
        pytest.skip("no real data: set TORCHHOUR_DATA to a folder that holds MNIST/raw and cifar-10-batches-bin")
    monkeypatch.setenv("TORCHHOUR_DATA", str(REAL))
    assert names.digits() == digits(train=False).source == "MNIST (TORCHHOUR_DATA)"
    assert names.cifar10() == cifar10(train=False).source == "CIFAR-10"


def test_a_folder_without_the_sets(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    assert names.digits() == digits(train=False).source
    assert names.cifar10() == cifar10(train=False).source


def test_a_folder_that_is_not_there_is_left_to_the_lessons(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path / "missing"))
    assert names.digits() == "scikit-learn digits"


def test_the_settings_do_not_import_torch():
    """Each build reads them, and torch alone takes longer than the rest."""
    code = "import runpy, sys; runpy.run_path('conf.py'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_about_page_names_the_data_and_what_the_lessons_import(site):
    told = {code: dict(ROW.findall((site / code / "about.html").read_text("utf-8"))) for code in ("zh", "en")}
    assert told["en"]["torch"] == told["zh"]["torch"] == version("torch")
    assert {"numpy", "torchvision", "matplotlib", "scikit-learn", "pillow"} <= told["en"].keys()
    assert "sklearn" not in told["en"] and "PIL" not in told["en"]
    assert (told["en"]["Handwritten digits"], told["en"]["Color pictures"]) == (names.digits(), names.cifar10())
    assert told["zh"]["手写数字"] in ("scikit-learn 自带的手写数字", "MNIST（TORCHHOUR_DATA）")
    assert told["zh"]["彩色小图"] in ("Silhouettes（由本课程画成）", "CIFAR-10", "CIFAR-10（未经核对）")
