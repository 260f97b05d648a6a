"""Damage the lessons by rule, from a seed: the checker tells nearly every damage, at its line."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from places import REPOSITORY
from sphinx_polyglot.check.inventory import inventory
from sphinx_polyglot.check.sources import lesson_faults
from sphinx_polyglot.check.terms import Glossary, read_glossary
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.lesson import Lesson, read_script
from sphinx_polyglot.source.marks import Line

TAGS = {"mnist", "scans", "cifar10", "silhouettes", "accelerator", "recorded"}  # as conf.py has them
LANGUAGES = {"zh": "zh_CN", "en": "en"}
SEED = 20261121
EACH = 8
#: After so many vain ones, a lesson has nothing that a rule could damage, as one without a formula.
TRIES = 40 * EACH
LESSONS = sorted((REPOSITORY / "gallery").glob("*.py"))


@dataclass
class Script:
    """An undamaged lesson, as its author's lines and as it is read."""

    path: Path
    lines: list[str]
    lesson: Lesson


@dataclass
class Damage:
    """The damaged lines, and those at which it may be told."""

    lines: list[str]
    told_at: range


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return read_glossary(REPOSITORY / "docs/glossary.toml", list(LANGUAGES))


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    texts = {path: path.read_text("utf-8") for path in LESSONS}
    return [Script(path, text.split("\n"), read(path, text)) for path, text in texts.items()]


def read(path: Path, text: str) -> Lesson:
    return read_script(path, path.stem, text, list(LANGUAGES))


def told(path: Path, lines: list[str], glossary: Glossary) -> list[SourceError]:
    try:
        lesson = read(path, "\n".join(lines))
    except SourceError as fault:
        return [fault]
    return list(lesson_faults([lesson], LANGUAGES, glossary, tags=TAGS))


def replaced(script: Script, number: int, old: str, new: str) -> Damage | None:
    """Replace a text in the line ``number`` or, where it is broken there, in the next."""
    for line in (number, number + 1):
        text = script.lines[line - 1]
        if old in text and old != new:
            lines = [*script.lines[: line - 1], text.replace(old, new, 1), *script.lines[line:]]
            return Damage(lines, range(number, line + 1))
    return None


def items_of(script: Script, *kinds: str) -> list:
    prose = [lines for block in script.lesson.blocks for lines in block.values()]
    return [item for lines in prose for item in inventory(lines).items if item.kind in kinds]


def one_letter(value: str, chance: random.Random) -> str:
    """``value`` with one letter or digit changed."""
    place = chance.choice([index for index, letter in enumerate(value) if letter.isalnum()] or [0])
    return value[:place] + chance.choice("bcdfghjkmnpqrstvwz") + value[place + 1 :]


def a_number(script: Script, chance: random.Random) -> Damage | None:
    item = chance.choice(items_of(script, "number"))
    new = str(int(float(item.value)) + chance.randint(11, 99))
    lines = script.lines[item.line - 1]
    shown = next(iter(re.findall(r"\d+(?:[.,]\d+)*", lines)), "")
    return replaced(script, item.line, shown, new) if shown.replace(",", "") == item.value else None


def a_literal(script: Script, chance: random.Random) -> Damage | None:
    item = chance.choice(items_of(script, "literal"))
    return replaced(script, item.line, f"``{item.value}``", f"``{one_letter(item.value, chance)}``")


def a_formula(script: Script, chance: random.Random) -> Damage | None:
    found = items_of(script, "formula")
    item = chance.choice(found) if found else None
    return item and replaced(script, item.line, item.value, item.value + chance.choice([" + 1", "^2", "'"]))


def a_link(script: Script, chance: random.Random) -> Damage | None:
    item = chance.choice(items_of(script, "link"))
    target = item.value.partition(" ")[2] or item.value
    return replaced(script, item.line, target, one_letter(target, chance))


def a_label(script: Script, chance: random.Random) -> Damage | None:
    item = chance.choice(items_of(script, "label"))
    return replaced(script, item.line, f"_{item.value}:", f"_{item.value}-{chance.randint(1, 9)}:")


def a_heading_level(script: Script, chance: random.Random) -> Damage | None:
    number = chance.choice([n for n, text in enumerate(script.lines, 1) if re.fullmatch(r"# -{4,}", text)])
    text = script.lines[number - 1]
    lines = [*script.lines[: number - 1], text.replace("-", chance.choice("~^=")), *script.lines[number:]]
    return Damage(lines, range(number - 1, number + 1))


def a_comma(script: Script, chance: random.Random) -> Damage | None:
    number = chance.choice([n for n, text in enumerate(script.lines, 1) if text.startswith("# ") and "，" in text])
    return replaced(script, number, "，", chance.choice([",", ", "]))


def a_term(script: Script, chance: random.Random, glossary: Glossary) -> Damage | None:
    """One term of a block, wherever it stands there, becomes another or one to avoid."""
    terms = [term for term in glossary.terms if term.compared]
    block = chance.choice(script.lesson.blocks)
    named = [term for term in terms if any(term.names["zh"][0] in text for text, _ in block["zh"])]
    if not named:
        return None
    term = chance.choice(named)
    wrong = chance.choice(term.avoid.get("zh") or [chance.choice(terms).names["zh"][0]])
    lines = list(script.lines)
    for _, number in block["zh"]:
        for name in term.names["zh"]:
            lines[number - 1] = lines[number - 1].replace(name, wrong)
    return Damage(lines, whole(block)) if lines != script.lines else None


def whole(block: dict[str, list[Line]]) -> range:
    numbers = [number for lines in block.values() for _, number in lines]
    return range(min(numbers) - 1, max(numbers) + 1)


def parts(script: Script) -> list[tuple[range, range]]:
    """For each block of comments the numbers of its lines in Chinese and in English, marks included."""
    found = []
    for block in script.lesson.blocks[1:]:
        begins = [block[code][0][1] - 1 for code in LANGUAGES]
        end = block["en"][-1][1] + 1
        found.append((range(begins[0], begins[1]), range(begins[1], end)))
    return found


def a_dropped_part(script: Script, chance: random.Random) -> Damage | None:
    both = chance.choice(parts(script))
    gone = chance.choice(both)
    lines = [text for number, text in enumerate(script.lines, 1) if number not in gone]
    return Damage(lines, range(both[0].start, both[0].start + len(both[0]) + len(both[1]) - len(gone) + 1))


def exchanged_languages(script: Script, chance: random.Random) -> Damage | None:
    zh, en = chance.choice(parts(script))
    lines = list(script.lines)
    lines[zh.start - 1], lines[en.start - 1] = "# %% en", "# %% zh"
    return Damage(lines, range(zh.start, en.stop))


def a_mark(script: Script, chance: random.Random) -> Damage | None:
    number = chance.choice([n for n, text in enumerate(script.lines, 1) if re.fullmatch(r"# %% (zh|en)", text)])
    word = script.lines[number - 1][-2:]
    wrong = chance.choice(
        [f"# %% {word[::-1]}", f"# %% {word}{word[-1]}", f"# %%{word}x", f"# % {word}", "# %%", f"#%% {word}"]
    )
    lines = [*script.lines[: number - 1], wrong, *script.lines[number:]]
    return Damage(lines, range(number, number + 1))


RULES: list[Callable] = [
    a_number, a_literal, a_formula, a_link, a_label, a_heading_level, a_comma, a_term,
    a_dropped_part, exchanged_languages, a_mark,
]  # fmt: skip


def damages(rule: Callable, scripts: list[Script], glossary: Glossary) -> list[tuple[Script, Damage]]:
    """So many damages of one kind, the same ones every time; none where a script has nothing of the kind."""
    chance = random.Random(f"{SEED} {rule.__name__}")
    more = (glossary,) if rule is a_term else ()
    made: list[tuple[Script, Damage]] = []
    for _ in range(TRIES):
        script = chance.choice(scripts)
        if damage := rule(script, chance, *more):
            made.append((script, damage))
        if len(made) == EACH:
            break
    return made


def test_undamaged_lessons_have_no_fault(scripts, glossary):
    assert [str(fault) for script in scripts for fault in told(script.path, script.lines, glossary)] == []


@pytest.mark.everyday(1)
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_nearly_every_damage_is_told_at_its_line(scripts, glossary, path):
    missed, tried, scripts = [], 0, [script for script in scripts if script.path == path]
    for rule in RULES:
        for script, damage in damages(rule, scripts, glossary):
            tried += 1
            found = told(script.path, damage.lines, glossary)
            if not any(fault.path == script.path and fault.line in damage.told_at for fault in found):
                missed.append((rule.__name__, script.path.name, damage.told_at, [str(fault) for fault in found]))
    assert tried >= 80
    assert len(missed) <= 0.04 * tried, f"{len(missed)} of {tried} not told: {missed}"
