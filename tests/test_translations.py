"""The whole course goes out to translators and comes back: the same, and what they changed in its place."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from unicodedata import east_asian_width

import polib
import pytest
from translate.storage import factory

from places import REPOSITORY
from sphinx_polyglot.cli.exchange import export_catalogues, import_catalogues
from sphinx_polyglot.exchange.taken_in import How

PAIRS = [("zh", "en"), ("en", "zh")]
FORMATS = ["po", "xliff"]
WORDS = ["张量", "Rows & columns", "a\\b", "<x>", '"quoted"', "``code``", "50 %", "é", "naïve", "层，一层"]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources, copied; ``conf.py`` reads them from its own folder."""
    for name in ("docs", "gallery", "src/torchhour"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("lessons", "__pycache__"))
    shutil.copy(REPOSITORY / "conf.py", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(course: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for name in ("docs", "gallery") for path in (course / name).rglob("*.*")}


def export(course: Path, pair: tuple[str, str], form: str) -> list[Path]:
    folder = course / "catalogues"
    assert export_catalogues(course / "docs", folder, course, pair, form, overwrite=False) == 0
    return sorted(path for path in folder.rglob("*") if path.is_file())


def take(course: Path, overwrite: bool = False) -> int:
    return import_catalogues(course / "docs", [course / "catalogues"], course, How(overwrite=overwrite), dry_run=False)


def saved(path: Path) -> None:
    """Opened and saved by each library that knows the format."""
    if path.suffix == ".po":
        polib.pofile(str(path)).save()
    factory.getobject(str(path)).save()


@pytest.mark.proof
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("pair", PAIRS)
def test_all_prose_goes_out_and_back(course: Path, pair: tuple[str, str], form: str):
    """Each translation is replaced and put back, so that each is written twice."""
    before = texts(course)
    for path in export(course, pair, form):
        saved(path)
    assert take(course) == 0 and texts(course) == before
    shutil.copytree(course / "catalogues", course / "kept")
    for path in (course / "catalogues").rglob("*.*"):
        file = factory.getobject(str(path))
        for unit in file.units:
            if unit.source:
                unit.target = f"New {unit.target}"
        file.save()
    assert take(course) == 0
    assert sum(before[path] != content for path, content in texts(course).items()) > 20
    shutil.rmtree(course / "catalogues")
    shutil.move(course / "kept", course / "catalogues")
    assert take(course, overwrite=True) == 0 and texts(course) == before


def as_written(name: str, part: str, text: str, language: str) -> str:
    """What stands in a source for a text, by the rules of the format."""
    if part == "title":
        return f"{text}\n{'=' * sum(2 if east_asian_width(letter) in 'WF' else 1 for letter in text)}\n"
    if part.startswith("c"):
        return f"# {language}: {text}\n"
    if name.endswith(".py") and part != "0.1":
        return "".join(f"# {line}\n" if line else "#\n" for line in text.split("\n"))
    return f"{text}\n"


def some_text(chance: random.Random, lines: bool) -> str:
    """Words; in a block also paragraphs, lists and what is indented."""
    count = chance.randint(1, 4) if lines else 1
    parts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(count)]
    return "\n\n".join([parts[0], *(chance.choice(["", "* ", "   "]) + part for part in parts[1:])])


@pytest.mark.parametrize(
    ("pair", "form", "count"),
    [(*case, 3) for case in zip(PAIRS, FORMATS, strict=True)]
    + [pytest.param(pair, form, 200, marks=pytest.mark.proof) for pair in PAIRS for form in FORMATS],
)
def test_each_edit_lands_in_its_block_and_nowhere_else(course: Path, pair: tuple[str, str], form: str, count: int):
    files = {path: factory.getobject(str(path)) for path in export(course, pair, form)}
    entries = [unit for file in files.values() for unit in file.units if unit.source]
    expected, chance, edited = texts(course), random.Random(count), set()
    while len(edited) < count:
        unit = chance.choice(entries)
        name, part = unit.getlocations()[0].rsplit(":", 1)[0], name_of(unit).rpartition(":")[2]
        path, new = course / name, some_text(chance, lines=not (part == "title" or part.startswith("c")))
        old = as_written(name, part, unit.target, pair[1]).encode()
        if name_of(unit) in edited or expected[path].count(old) != 1:
            continue  # a comment that repeats: which is meant, only its neighbours tell
        expected[path] = expected[path].replace(old, as_written(name, part, new, pair[1]).encode())
        unit.target = new
        edited.add(name_of(unit))
    for file in files.values():
        file.save()
    assert take(course) == 0
    assert texts(course) == expected


def name_of(unit) -> str:
    """The entry's own name, which each format keeps elsewhere."""
    return unit.xmlelement.get("id") if hasattr(unit, "xmlelement") else unit.getcontext()
