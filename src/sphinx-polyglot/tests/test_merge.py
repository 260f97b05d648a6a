"""One script of marks from its copies, and the way back: what is aligned, what is told, what stays as it was."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_polyglot.__main__ import main
from sphinx_polyglot.moving.merging import merged
from sphinx_polyglot.moving.split import languages_of, split
from sphinx_polyglot.source.lesson import read_script

EN = '''"""
The mean
========

Of numbers.
"""

import math

# %%
# .. _mean-sum:
#
# The sum
# -------
#
# Add them:

# three numbers
numbers = [1, 2, 3]
for number in numbers:  # one by one
    print(number)


# %%
# Divide.

print(sum(numbers) / 3)
'''
WORDS = {
    "The mean\n========": "平均数\n======",
    "Of numbers.": "几个数的。",
    "The sum\n# -------": "和\n# --",
    "Add them:": "加起来：",
    "three numbers": "三个数",
    "one by one": "一个一个来",
    "Divide.": "再除。",
}
GALLERY = Path(__file__).parents[3] / "gallery"


def in_chinese(text: str) -> str:
    for english, chinese in WORDS.items():
        text = text.replace(english, chinese)
    return text


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(**texts: str) -> list[str]:
        for code, text in texts.items():
            Path(f"{code}.py").write_text(text, "utf-8")
        return [f"{code}={code}.py" for code in texts]

    return write


def test_copies_are_merged_block_by_block(write):
    assert main(["merge", *write(zh=in_chinese(EN), en=EN), "-o", "both.py"]) == 0
    text = Path("both.py").read_text("utf-8")
    lesson = read_script(Path("both.py"), "both", text, ["zh", "en"])
    assert [title for title, _ in lesson.titles.values()] == ["平均数", "The mean"]
    assert [block["zh"][-1][0] for block in lesson.blocks] == ["几个数的。", "加起来：", "再除。"]
    assert [block["en"][-1][0] for block in lesson.blocks] == ["Of numbers.", "Add them:", "Divide."]
    assert "# zh: 三个数\n# en: three numbers\nnumbers = [1, 2, 3]\n" in text
    assert "# zh: 一个一个来\n# en: one by one\nfor number in numbers:\n" in text


def test_split_takes_marks_that_tell_what_they_were_made_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = (
        '"""\n%% en\nOne\n===\n\n%% zh 3f2a9c41\n一\n==\n"""\n\n# %% en\n# Two\n#\n# %% zh 0a1b2c3d\n# 二\n\nx = 1\n'
    )
    (tmp_path / "both.py").write_text(script, "utf-8")
    assert main(["split", "both.py", "-o", "out"]) == 0
    assert (tmp_path / "out/zh/both.py").read_text("utf-8") == '"""\n一\n==\n"""\n\n# %%\n# 二\n\nx = 1\n'


def test_split_gives_the_copies_back(write):
    copies = {code: text.replace("  # one by one", "").replace("  # 一个一个来", "") for code, text in
              {"zh": in_chinese(EN), "en": EN}.items()}  # fmt: skip
    main(["merge", *write(**copies), "-o", "both.py"])
    assert main(["split", "both.py", "-o", "out"]) == 0
    assert {code: Path("out", code, "both.py").read_text("utf-8") for code in copies} == copies


def test_a_comment_behind_code_comes_back_above_it(write):
    main(["merge", *write(zh=in_chinese(EN), en=EN), "-o", "both.py"])
    main(["split", "both.py", "-o", "out"])
    assert "# one by one\nfor number in numbers:\n" in Path("out/en/both.py").read_text("utf-8")


def test_code_that_differs_is_told_and_decided(write, capsys):
    arguments = ["merge", *write(zh=in_chinese(EN).replace("/ 3)", '/ 3, "平均")'), en=EN), "-o", "both.py"]
    assert main(arguments) == 1 and not Path("both.py").exists()
    told = capsys.readouterr().err
    assert 'zh.py:27: print(sum(numbers) / 3, "平均")\nen.py:27: print(sum(numbers) / 3)\n' in told
    assert "lines of code that differ: 1; choose" in told and "--code-of zh or --code-of en" in told
    assert main([*arguments, "--code-of", "en"]) == 0
    text = Path("both.py").read_text("utf-8")
    assert "print(sum(numbers) / 3)\n" in text and '平均"' not in text


def test_a_line_that_one_copy_lacks_is_told(write, capsys):
    arguments = ["merge", *write(en=EN, zh=in_chinese(EN).replace("import math\n", "import math\nimport os\n"))]
    assert main([*arguments, "-o", "both.py"]) == 1
    assert "en.py: (no such line)\nzh.py:9: import os\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# %%\n# 再除。\n\n", "", 'the block has en but no zh; add "# %% zh"'),
        ("# 三个数\n", "", 'the comment has en but no zh; add a line "# zh: …" below it'),
        ("print(number)\n", "print(number)  # 它\n", 'the comment has zh but no en; add a line "# en: …" below it'),
        ("import math\n", "# %%\n# 多的。\n\nimport math\n", 'the block has zh but no en; add "# %% en"'),
    ],
)
def test_what_has_no_partner_is_kept_and_told(write, capsys, old, new, message):
    chinese = in_chinese(EN).replace(old, new)
    assert main(["merge", *write(en=EN, zh=chinese), "-o", "both.py"]) == 0
    assert message in capsys.readouterr().out
    assert "Divide." in Path("both.py").read_text("utf-8")
    assert ("多的。" in chinese) == ("多的。" in Path("both.py").read_text("utf-8"))


def test_cells_of_another_number_are_paired_by_their_headings(write):
    english = EN.replace("# Divide.", "# Divide.\n\n# %%\n# Rest\n# ----\n#\n# One.\n\n# %%\n# Two.")
    chinese = in_chinese(EN).replace("# 再除。", "# 再除。\n#\n# 余\n# --\n#\n# 一。二。")
    assert main(["merge", *write(en=english, zh=chinese), "-o", "both.py"]) == 0
    lesson = read_script(Path("both.py"), "both", Path("both.py").read_text("utf-8"), ["en", "zh"])
    assert [block["zh"][0][0] for block in lesson.blocks[2:]] == ["再除。", "余"]
    assert [block["en"][0][0] for block in lesson.blocks[2:]] == ["Divide.", "Rest"]


def test_comments_of_another_number_lose_no_word(write):
    english = EN.replace("# three numbers", "# three\n# of the\n# numbers")
    assert (
        main(["merge", *write(en=english, zh=in_chinese(EN).replace("# 三个数", "# 三个\n# 数")), "-o", "both.py"]) == 0
    )
    assert "# en: three\n# zh: 三个\n# en: of the numbers\n# zh: 数\n" in Path("both.py").read_text("utf-8")


def test_no_comment_comes_inside_a_statement_that_goes_on(write):
    code = 'x = 1 + \\\n    2  # {}\ny = """\n"""  # {}\n'
    copies = {"en": EN + code.format("two", "none"), "zh": in_chinese(EN) + code.format("二", "无")}
    assert main(["merge", *write(**copies), "-o", "both.py"]) == 0
    text = Path("both.py").read_text("utf-8")
    assert "# en: two\n# zh: 二\nx = 1 + \\\n    2\n# en: none\n# zh: 无\ny = " in text
    assert ast.dump(ast.parse(text).body[-1]) == ast.dump(ast.parse(copies["en"]).body[-1])


def test_three_languages(write):
    french = EN.replace("Divide.", "Divisez.").replace("three numbers", "trois nombres")
    assert main(["merge", *write(en=EN, fr=french, zh=in_chinese(EN)), "-o", "both.py"]) == 0
    assert "# en: three numbers\n# fr: trois nombres\n# zh: 三个数\n" in Path("both.py").read_text("utf-8")


def test_a_title_comes_first(write, capsys):
    english = EN.replace("The mean\n", "The menu\n\n========\nThe mean\n")
    assert main(["merge", *write(en=english, zh=in_chinese(EN)), "-o", "both.py"]) == 0
    assert "en.py:2: what stood above the title stands below it now" in capsys.readouterr().out
    assert "%% en\nThe mean\n========\n\nThe menu\n\nOf numbers." in Path("both.py").read_text("utf-8")


def test_a_gallery_is_merged_and_split(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for code, text in {"en": EN, "zh": in_chinese(EN)}.items():
        Path(code, "sub").mkdir(parents=True)
        Path(code, "README.rst").write_text("All\n===\n" if code == "en" else "全部\n====\n", "utf-8")
        Path(code, "sub", "mean.py").write_text(text, "utf-8")
        Path(code, "same.py").write_text(EN, "utf-8")
    Path("en/alone.py").write_text(EN, "utf-8")
    assert main(["merge", "zh=zh", "en=en", "-o", "both"]) == 1 and not Path("both").exists()
    assert "alone.py:1: there is no alone.py in zh; copy it there, or move it away" in capsys.readouterr().err
    Path("en/alone.py").unlink()
    assert main(["merge", "zh=zh", "en=en", "-o", "both"]) == 0
    assert Path("both/README.rst").read_text("utf-8") == "%% zh\n全部\n====\n\n%% en\nAll\n===\n"
    assert Path("both/same.py").read_text("utf-8") == EN
    assert "the copies in zh and en are the same" in capsys.readouterr().out
    assert main(["split", "both", "-o", "out"]) == 0
    assert Path("out/zh/same.py").read_text("utf-8") == Path("out/en/same.py").read_text("utf-8") == EN
    assert Path("out/zh/README.rst").read_text("utf-8") == "全部\n====\n"


def test_nothing_is_written_over(write, capsys):
    arguments = write(en=EN, zh=in_chinese(EN))
    assert main(["merge", *arguments, "-o", "en.py"]) == 1
    assert "en.py:1: this is there already and stays as it is" in capsys.readouterr().err
    assert Path("en.py").read_text("utf-8") == EN


def test_folders_without_scripts_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for code in ("en", "zh"):
        Path(code).mkdir()
    assert main(["merge", "en=en", "zh=zh", "-o", "both"]) == 1
    assert "en:1: this folder holds no script" in capsys.readouterr().err
    assert main(["split", "en", "-o", "out"]) == 1
    assert "en:1: this folder holds no script" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["en.py", "zh=zh.py"], '"en.py" names no language and path'),
        (["en=en.py"], "two languages or more are merged"),
        (["en=en.py", "zh=none.py"], "none.py: there is no such file or folder"),
        (["en=en.py", "zh=zh.py", "--code-of", "fr"], "--code-of fr names none of the copies; write one of en, zh"),
    ],
)
def test_arguments_that_cannot_be(write, capsys, arguments, message):
    write(en=EN, zh=in_chinese(EN))
    assert main(["merge", *arguments, "-o", "both.py"]) == 1
    assert message in capsys.readouterr().err


def test_split_takes_the_languages_of_the_settings(write):
    write(both='"""\n%% en\nThe mean\n========\n"""\n\n# %% en\n# Add.\n#\n# %% zh\n# 加。\n')
    languages = {"en": "en", "zh": "zh_CN", "fr": "fr"}
    Path("conf.py").write_text(
        f'extensions = ["sphinx_polyglot"]\npolyglot_languages = {languages}\n'
        'sphinx_gallery_conf = {"examples_dirs": "gallery", "gallery_dirs": "lessons"}\n'
    )
    Path("gallery").mkdir()
    assert main(["split", "both.py", "-o", "out", "-c", "."]) == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["en", "zh"]
    assert Path("out/zh/both.py").read_text("utf-8") == '"""\nThe mean\n========\n"""\n\n# %%\n# 加。\n'


def test_split_tells_what_it_cannot_read(write, capsys):
    write(en=EN, fr=EN.replace("= [1", "= = [1"))
    assert main(["split", "fr.py", "-o", "out"]) == 1 and "fr.py:19: this is not Python" in capsys.readouterr().err
    assert main(["split", "en.py", "-o", "out"]) == 1 and not Path("out").exists()
    assert "en.py:1: this begins with no marks" in capsys.readouterr().err


PART = st.sampled_from(
    [
        "x = 1\n",
        "# note {}\n",
        "y = [\n    2,  # two {}\n]\n",
        "\n",
        "\n# %%\n# Prose {}.\n\n",
        "z = '''\n# no {{}}\n\n'''\n",
    ]
)


@settings(deadline=None)
@given(st.lists(PART, max_size=12), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_any_copies_keep_their_code_and_their_words(tmp_path_factory, parts, left_in_en, left_in_zh):
    """Prose and comments may lack in either copy; none is lost, and the code is the same."""
    folder = tmp_path_factory.mktemp("any")
    sources, words = {}, {}
    for code, left in (("en", left_in_en), ("zh", left_in_zh)):
        kept = [(part, index) for index, part in enumerate(parts) if "=" in part or index not in left]
        text = "".join(part.format(f"{code}{index}") for part, index in kept)
        words[code] = [f"{code}{index}" for part, index in kept if "{}" in part.replace("{{}}", "")]
        sources[code] = folder / f"{code}.py"
        sources[code].write_text(f'"""\nTitle {code}\n=====\n"""\n{text}', "utf-8")
    result = merged(sources, folder / "both.py")
    assert not result.differences
    bodies = [ast.parse(text).body[1:] for text in (result.text, sources["en"].read_text("utf-8"))]
    assert [ast.dump(node) for node in bodies[0]] == [ast.dump(node) for node in bodies[1]]
    for code, text in split(result.text, folder / "both.py", ["en", "zh"]).items():
        assert [word for word in words[code] if word not in text] == []


@pytest.mark.skipif(not GALLERY.is_dir(), reason="the course around this project is not here")
def test_the_lessons_of_the_course_come_back(tmp_path):
    for path in GALLERY.glob("*.py"):
        text = path.read_text("utf-8")
        parts = split(text, path, languages_of(text, path))
        for code, part in parts.items():
            (tmp_path / f"{code}-{path.name}").write_text(part, "utf-8")
        again = merged({code: tmp_path / f"{code}-{path.name}" for code in parts}, path)
        assert not again.differences and not again.faults
        assert [line for line in again.text.split("\n") if line.strip("# ")] == [
            line for line in text.split("\n") if line.strip("# ")
        ]
