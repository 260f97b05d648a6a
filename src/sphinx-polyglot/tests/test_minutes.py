"""Minutes are counted in each language, the core apart from what is folded, and held against the budget."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from sphinx_polyglot.pages.minutes import counted, minutes, seconds
from test_folding import MORE
from tiny import Tiny

CODE = "\nprint(1)\nprint(2)\n"


def lesson(tiny: Tiny, budget: str, zh: str = "字" * 300, en: str = "word " * 200) -> Tiny:
    """A lesson with a budget, one block of words, deeper parts and a hint."""
    for title in ("模块\n====\n", "Modules\n====================\n"):
        tiny.edit("gallery/10_module.py", title, f"{title}\n.. minutes:: {budget}\n")
    path = tiny.root / "gallery/10_module.py"
    block = f"\n# %% zh\n# {zh}\n#\n# %% en\n# {en.strip()}\n{CODE}"
    path.write_text(path.read_text("utf-8") + block + MORE, "utf-8")
    return tiny


def shown(tiny: Tiny, code: str) -> str:
    return re.search(r'<p class="polyglot-minutes">(.*?)</p>', tiny.page(f"{code}/lessons/10_module.html"))[1]


def test_minutes_are_shown_in_each_language(tiny):
    done = lesson(tiny, "15").build()
    assert done.returncode == 0, done.stdout + done.stderr
    # a minute of words, twelve lines of code at 3 s, three printed at 2 s, and what the tiny lesson says
    assert shown(tiny, "zh") == "约 2 分钟；折叠的部分另需 1 分钟，可以以后再读。"
    assert shown(tiny, "en") == "About 2 min, and 1 more for what is folded, which can wait."


def test_minutes_lead_to_how_they_are_counted(tiny):
    lesson(tiny, "15")
    tiny.write("conf.py", (tiny.root / "conf.py").read_text("utf-8") + 'polyglot_minutes_explained = "start"\n')
    for title, counting in (("首页\n====\n", "怎样计时\n--------"), ("Home page\n=========\n", "Counting\n--------")):
        tiny.edit("docs/index.rst", title, f"{title}\n.. _start:\n\n{counting}\n\n")
    done = tiny.build()
    assert done.returncode == 0, done.stderr
    assert re.search(r'<a [^>]*href="../index.html#start"[^>]*>.*About 2 min', shown(tiny, "en"))
    assert re.search(r'<a [^>]*href="../index.html#start"[^>]*>.*约 2 分钟', shown(tiny, "zh"))


@pytest.mark.everyday(1)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_core_over_its_budget_is_told_with_the_sum(tiny, code):
    longer = {"zh": {"zh": "字" * 900}, "en": {"en": "word " * 600}}[code]
    done = lesson(tiny, "3", **longer).build()
    assert done.returncode == 1
    kind = {"zh": r"3\.\d for \d+ characters", "en": r"3\.\d for \d+ words"}[code]
    told = rf"gallery/10_module.py:\d+: .*the core takes 3\.\d minutes, and its budget is 3: .*{kind}.*; shorten it"
    assert re.search(told, done.stderr), done.stderr


@pytest.mark.proof
def test_what_is_folded_does_not_count(tiny):
    lesson(tiny, "3")
    for old, word in (("折叠的正文。", "字" * 1500), ("Folded text.", "word " * 900)):
        tiny.edit("gallery/10_module.py", old, word.strip())
    done = tiny.build()
    assert done.returncode == 0, done.stderr
    assert shown(tiny, "en") == "About 2 min, and 5 more for what is folded, which can wait."


@pytest.mark.proof
def test_a_budget_runs_nothing(tiny):
    lesson(tiny, "15").built()
    text = (tiny.root / "gallery/10_module.py").read_text("utf-8").replace(".. minutes:: 15", ".. minutes:: 20")
    tiny.write("gallery/10_module.py", text)
    assert tiny.built() == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize("budget", ["soon", "0", "-3"])
def test_a_budget_that_is_none(tiny, budget):
    done = lesson(tiny, budget).build()
    assert done.returncode == 1
    assert f'"{budget}" is no number of minutes; write one, as in ".. minutes:: 15"' in done.stderr


def test_languages_state_the_same_budget(tiny):
    lesson(tiny, "15")
    text = (tiny.root / "gallery/10_module.py").read_text("utf-8")
    tiny.write("gallery/10_module.py", text.replace(".. minutes:: 15", ".. minutes:: 12", 1))
    done = tiny.run("check", "docs")
    assert done.returncode == 1 and "the number" in done.stderr


def test_whole_minutes():
    assert [minutes(Counter({"words": number})) for number in (1, 200, 299, 301)] == [1, 1, 1, 2]
    assert seconds(Counter({"figures": 6, "printed lines": 30, "characters": 300})) == 180


def test_other_pages_tell_them_and_follow(tiny):
    lesson(tiny, "15")
    for title, words in (("首页\n====\n", "需要"), ("Home page\n=========\n", "It takes")):
        tiny.edit("docs/index.rst", title, f"{title}\n{words} :minutes:`lessons/10_module`\n")
    tiny.built()
    assert "2 分钟，折叠的部分另需 1 分钟" in tiny.page("zh/index.html")
    assert "2 min, and 1 more for what is folded" in tiny.page("en/index.html")
    tiny.edit("gallery/10_module.py", "word " * 199 + "word", "word " * 599 + "word")
    assert tiny.built() == []
    assert "4 min, and 1 more for what is folded" in tiny.page("en/index.html")


@pytest.mark.proof
def test_minutes_of_no_lesson_are_told(tiny):
    for title in ("首页\n====\n", "Home page\n=========\n"):
        tiny.edit("docs/index.rst", title, f"{title}\n:minutes:`lessons/11_module`\n")
    done = tiny.build()
    assert done.returncode == 1
    assert "docs/index.rst:5: WARNING: 'lessons/11_module' is no page whose minutes are counted" in done.stderr


def test_what_docutils_says_is_not_read():
    read = publish_doctree("Two words.\n", settings_overrides={"report_level": 5})
    told = nodes.system_message("", nodes.paragraph("", "Using English fallback."), level=1, type="INFO", source="x")
    before = counted(read)
    read += told
    assert counted(read) == before and before["words"] == 2
