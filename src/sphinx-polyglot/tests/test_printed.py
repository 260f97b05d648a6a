"""Prose quotes what the lesson printed, in every language, on the page, in the search and in the notebook."""

from __future__ import annotations

import json
import re

import pytest

from sphinx_polyglot.pages.printed import printed
from tiny import Tiny

CODE = """
loss, right = 0.25, {"plane": 731, "cat": 402}
print(f"loss = {loss:.4f}, accuracy = {1 - loss:.1%}")
print("kind   right  wrong")
for kind, count in right.items():
    print(f"{kind:6} {count:5} {1000 - count:6}")
"""
PROSE = {
    "zh": "准确率是 :printed:`accuracy`，也就是 :printed:`accuracy:.0f`；飞机错了 :printed:`plane, wrong` 张。",
    "en": "It is right in :printed:`accuracy`, or :printed:`accuracy:.0f`; :printed:`plane, wrong` planes are wrong.",
}


def lesson(tiny: Tiny, zh: str = PROSE["zh"], en: str = PROSE["en"], code: str = CODE) -> Tiny:
    """Text after what it speaks of."""
    path = tiny.root / "gallery/10_module.py"
    block = f"\n# %% zh\n# {zh}\n#\n# %% en\n# {en}\n"
    path.write_text(path.read_text("utf-8") + code + block, "utf-8")
    return tiny


def words(tiny: Tiny, code: str) -> str:
    """The page, its quotations like any other word."""
    page = tiny.page(f"{code}/lessons/10_module.html")
    return re.sub(r'<span class="polyglot-printed">(.*?)</span>', r"\1", page)


def test_a_value_is_quoted_everywhere(tiny):
    done = lesson(tiny).build()
    assert done.returncode == 0, done.stdout + done.stderr
    sentences = {
        "zh": "准确率是 75.0%，也就是 75%；飞机错了 269 张。",
        "en": "It is right in 75.0%, or 75%; 269 planes are wrong.",
    }
    for code, sentence in sentences.items():
        assert f"<p>{sentence}</p>" in words(tiny, code)
        notebook = json.loads(next((tiny.root / f"build/html/{code}/lessons").glob("*10_module*.ipynb")).read_text())
        cells = ["".join(cell["source"]) for cell in notebook["cells"]]
        assert any(sentence in cell for cell in cells), cells
        assert sentence in tiny.page(f"{code}/searchtexts.js")


def test_the_nearest_output_counts(tiny):
    lesson(tiny, "开始 :printed:`loss`。", "First :printed:`loss`.")
    lesson(
        tiny,
        "后来 :printed:`loss`，:printed:`accuracy`。",
        "Then :printed:`loss`, :printed:`accuracy`.",
        'print("loss = 0.1")',
    )
    assert tiny.build().returncode == 0
    assert "First 0.2500." in words(tiny, "en") and "Then 0.1, 75.0%." in words(tiny, "en")


def test_a_word_more_runs_nothing(tiny):
    lesson(tiny).built()
    tiny.edit("gallery/10_module.py", "准确率是", "它的准确率是")
    tiny.edit("gallery/10_module.py", ":printed:`accuracy:.0f`；", ":printed:`accuracy:.2f`；")
    tiny.edit("gallery/10_module.py", ":printed:`accuracy:.0f`;", ":printed:`accuracy:.2f`;")
    assert tiny.built() == []
    assert "也就是 75.00%" in words(tiny, "zh")


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("quoted", "code", "message"),
    [
        ("los", CODE, "'los' is not printed above; print it there once, as in: los = …"),
        ("loss", CODE.replace("accuracy", "loss"), "'loss' is printed 2 times in one output; print it there once"),
        ("plane, nothing", CODE, "'plane, nothing' is not printed above"),
    ],
)
def test_what_cannot_be_quoted_is_told_at_its_line(tiny, quoted, code, message):
    done = lesson(tiny, f"甲 :printed:`{quoted}`。", f"A :printed:`{quoted}`.", code).build()
    lines = (tiny.root / "gallery/10_module.py").read_text("utf-8").split("\n")
    number = next(number for number, line in enumerate(lines, 1) if line.startswith("# 甲"))
    assert done.returncode == 1
    assert re.search(rf"gallery/10_module.py:{number}: .*{re.escape(message)}", done.stderr), done.stderr


def test_languages_quote_the_same(tiny):
    done = lesson(tiny, "甲 :printed:`loss`。", "A :printed:`accuracy`.").run("check", "docs")
    assert done.returncode == 1
    assert "zh has the quotation :printed:`loss`, en has not; write it in both or in neither" in done.stderr


def test_without_a_run_there_is_nothing_to_quote(tiny):
    done = lesson(tiny).run("docs", "build/html", "--preview")
    assert done.returncode == 0, done.stderr
    assert "It is right in …, or …; … planes are wrong." in words(tiny, "en")


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("loss = 1\ntest loss = 2", "loss", ["1", "2"]),
        ("test loss = 2", "test loss", ["2"]),
        ("epoch: 3", "epoch", ["3"]),
        ("x = tensor([1, 2])  y = 3", "x", ["tensor([1, 2])"]),
        ("xloss = 1", "loss", []),
        ("(loss = 1)", "loss", ["1"]),
        ("a  b\nc  1  2", "c, b", ["2"]),
        ("  a | b\nc | 1 | 2", "c, a", ["1"]),
        ("a b\n1 2", "1, b", ["2"]),
        ("a  b", "c, a", []),
    ],
)
def test_what_is_found(text, name, values):
    assert printed(text, name) == values


@pytest.mark.proof
def test_a_build_of_another_lesson_tells_a_fault_too(tiny):
    lesson(tiny).built()
    for text in PROSE.values():
        tiny.edit("gallery/10_module.py", text, text.replace("`accuracy`", "`acuracy`"))
    done = tiny.run("docs", "build/html", "--lesson", "20_data")
    assert done.returncode == 1 and "'acuracy' is not printed above" in done.stderr
