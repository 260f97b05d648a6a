"""Synthetic lessons: prose with formulas, code that prints, one figure; with marks, or plain in one language."""

from __future__ import annotations

from collections.abc import Sequence

#: So many lessons import the same module of the project.
GROUP = 5
SECTIONS = 4
#: Of the lines below headings.
WIDTH = 20
#: What is written in each language. The editions are what an edit of prose changes.
TEXTS = {
    "en": {
        "title": "Lesson {lesson}",
        "introduction": "Introduction with :math:`a_0`, as ``prose-0`` has it.",
        "section": "Section {section}",
        "sentence": "Thing {section}: see :math:`x_{{{section}}}^2 + {lesson}`, then print it.",
        "caption": "Points that rise.",
        "home": "Home",
        "gallery": "Lessons",
    },
    "zh": {
        "title": "第 {lesson} 课",
        "introduction": "引言 :math:`a_0`，版本是 ``prose-0``。",
        "section": "第 {section} 节",
        "sentence": "第 {section} 件事：看看 :math:`x_{{{section}}}^2 + {lesson}`，再打印。",
        "caption": "上升的点。",
        "home": "首页",
        "gallery": "课程",
    },
    "fr": {
        "title": "Leçon {lesson}",
        "introduction": "Introduction avec :math:`a_0`, version ``prose-0``.",
        "section": "Section {section}",
        "sentence": "Point {section} : voir :math:`x_{{{section}}}^2 + {lesson}`, puis afficher.",
        "caption": "Des points qui montent.",
        "home": "Accueil",
        "gallery": "Leçons",
    },
}
FIRST_CELL = """
import matplotlib.pyplot as plt
import {module}

edition = 0
rows = {module}.work({lesson}, {seconds})
print(f"code-{{edition}} library-{{{module}.EDITION}}")
"""
CELL = """
for row in rows[:{section}]:
    print({section}, row)
"""
FIGURE = """
figure, axis = plt.subplots()
axis.plot(rows)
plt.show()
"""
#: Notes that a lesson runs, and computes: processor time, so that two lessons on one core take twice as long.
MODULE = '''"""What some lessons share."""
import os
import time

EDITION = 0


def work(lesson, seconds):
    """Compute for so many seconds; return some numbers."""
    with open(os.environ["BENCH_RAN"], "a") as ran:
        ran.write(f"{lesson}\\n")
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))
    return [lesson + number * number for number in range(8)]
'''


def lesson_name(lesson: int) -> str:
    """The name of a lesson's script, without its ending."""
    return f"{lesson:03}_l{lesson:03}"


def module_name(lesson: int) -> str:
    """The name of the module that a lesson imports."""
    return f"part_{lesson // GROUP:02}"


def script(lesson: int, seconds: float, languages: Sequence[str], is_marked: bool) -> str:
    """One lesson, with marks for these languages, or plain in the first of them.

    >>> print(script(0, 0.1, ["en"], is_marked=False)[:20])
    \"""
    Lesson 0
    =======
    """
    values = {"lesson": lesson, "seconds": seconds, "module": module_name(lesson)}
    parts = ['"""', *_prose(languages, is_marked, "", _introduction, values), '"""']
    for section in range(1, SECTIONS + 1):
        values["section"] = section
        parts += _prose(languages, is_marked, "# ", _section, values)
        parts.append((FIRST_CELL if section == 1 else CELL).format(**values))
    parts += [FIGURE, *_prose(languages, is_marked, "# ", _caption if is_marked else _last, values)]
    return "\n".join(parts) + "\n"


def page(key: str, below: str, languages: Sequence[str], is_marked: bool) -> str:
    """A page with one of the titles, and what stands below it in every language."""
    lines = _prose(languages, is_marked, "", lambda texts, _: _titled(texts[key], "="), {})
    return "\n".join([*lines, *["%% end", ""] * (is_marked and bool(below)), below])


def _prose(languages: Sequence[str], is_marked: bool, prefix: str, written, values: dict) -> list[str]:
    """A block of prose; a comment in code has a prefix."""
    lines = []
    for code in languages if is_marked else languages[:1]:
        mark = f"%% {code}" if is_marked else "%%" * bool(prefix)
        lines += [prefix + mark] * bool(mark)
        lines += [(prefix + line).rstrip() for line in written(TEXTS[code], values)]
    return lines


def _titled(title: str, line: str) -> list[str]:
    return [title, line * WIDTH, ""]


def _introduction(texts: dict, values: dict) -> list[str]:
    return [*_titled(texts["title"].format(**values), "="), texts["introduction"]]


def _section(texts: dict, values: dict) -> list[str]:
    label = ".. _l{lesson:03}-{section}:".format(**values)
    return [label, "", *_titled(texts["section"].format(**values), "-"), texts["sentence"].format(**values)]


def _caption(texts: dict, values: dict) -> list[str]:
    return [f".. caption:: {texts['caption']}"]


def _last(texts: dict, values: dict) -> list[str]:
    return [texts["caption"]]
