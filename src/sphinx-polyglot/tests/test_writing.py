"""Other prose in a source: it lands where it belongs, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.files import read_exactly, write_exactly
from sphinx_polyglot.source.lesson import read_script
from sphinx_polyglot.source.writing import Edit, with_prose

LANGUAGES = ["zh", "en"]
MORE = Languages(["fr", "zh", "de", "en", "ar"], {"fr": "en", "de": "en", "ar": "en"})
SCRIPT = '''\
"""
%% zh
题
==

文。

%% en
T
==

Text."""
# zh: 注
# en: Note
x = 1

# %% zh
# 甲
#
# 乙
#
# %% en
# A

# B is no prose
def f():
    # zh: 里
    # en: Inside
    return "%% zh"
'''.replace("# 乙\n#\n", "# 乙\n# \n")  # an author's blank, which must stay
PAGE = "%% zh\n甲\n\n%% en\nA\n%% end\n\n.. toctree::\n\n%% zh\n乙\n%% en\nB"


def changed(text: str, line: int, language: str, *lines: str, name: str = "a.py", languages=LANGUAGES) -> str:
    return with_prose(text, Path(name), languages, [Edit(line, language, lines)])


def test_only_the_lines_of_that_prose_change():
    assert changed(SCRIPT, 17, "en", "New", "", "  text") == SCRIPT.replace("# A\n", "# New\n#\n#   text\n")
    assert changed(SCRIPT, 18, "zh", "新") == SCRIPT.replace("# 甲\n#\n# 乙\n", "# 新\n")
    assert changed(SCRIPT, 14, "en", "New") == SCRIPT.replace("# en: Note", "# en: New")
    assert changed(SCRIPT, 28, "zh", "新") == SCRIPT.replace("    # zh: 里", "    # zh: 新")
    assert changed(PAGE, 10, "en", "New", name="a.rst") == PAGE[:-1] + "New"


def test_quotes_on_the_last_line_of_a_docstring_stay_there():
    assert changed(SCRIPT, 2, "en", "T", "==", "", "1", "2") == SCRIPT.replace('Text."""', '1\n2"""')


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_of_lines_and_the_byte_order_mark_stay(tmp_path: Path, newline: str, mark: str):
    path = tmp_path / "a.py"
    path.write_bytes((mark + SCRIPT.replace("\n", newline)).encode())
    path.chmod(0o640)
    write_exactly(path, changed(read_exactly(path), 17, "en", "1", "2"))
    expected = mark + SCRIPT.replace("# A\n", "# 1\n# 2\n").replace("\n", newline)
    assert path.read_bytes() == expected.encode()
    assert path.stat().st_mode & 0o777 == 0o640 and list(tmp_path.iterdir()) == [path]


def test_ends_of_lines_that_are_mixed_stay_where_they_are():
    text = PAGE.replace("甲\n", "甲\r\n").replace("%% en\nA", "%% en\r\nA")
    assert changed(text, 1, "en", "New", name="a.rst") == text.replace("\nA\n", "\nNew\n")


def test_a_language_that_is_new_stands_in_its_place():
    def added(line: int, language: str, *lines: str) -> str:
        return changed(SCRIPT, line, language, *lines, languages=MORE)

    assert added(18, "fr", "F") == SCRIPT.replace("# %% zh\n# 甲", "# %% fr\n# F\n#\n# %% zh\n# 甲")
    assert added(18, "de", "D", "", "E") == SCRIPT.replace("# 乙\n", "# 乙\n#\n# %% de\n# D\n#\n# E\n")
    assert added(18, "ar", "R") == SCRIPT.replace("# A\n", "# A\n#\n# %% ar\n# R\n")
    assert added(2, "fr", "F", "=") == SCRIPT.replace('"""\n%%', '"""\n%% fr\nF\n=\n\n%%')
    assert added(2, "ar", "R", "=") == SCRIPT.replace('Text."""', 'Text.\n\n%% ar\nR\n="""')
    assert added(13, "de", "D") == SCRIPT.replace("# zh: 注\n", "# zh: 注\n# de: D\n")
    assert added(28, "fr", "F") == SCRIPT.replace("    # zh: 里", "    # fr: F\n    # zh: 里")
    assert changed(PAGE, 10, "ar", "R", name="a.rst", languages=MORE) == PAGE + "\n\n%% ar\nR"


def test_a_mark_on_the_line_of_the_opening_quotes_makes_room():
    text = SCRIPT.replace('"""\n%%', 'r"""%%', 1)
    assert changed(text, 1, "fr", "F", "=", languages=MORE) == text.replace('r"""%% zh', 'r"""%% fr\nF\n=\n\n%% zh')


def test_several_languages_of_one_block_are_written_at_once():
    edits = [Edit(18, "ar", ["R"]), Edit(2, "en", ["N", "=="]), Edit(17, "en", ["New"]), Edit(23, "fr", ["F"])]
    script = with_prose(SCRIPT, Path("a.py"), MORE, edits)
    assert "# %% fr\n# F\n#\n# %% zh\n# 甲\n#\n# 乙\n# \n# %% en\n# New\n#\n# %% ar\n# R\n\n" in script
    lesson = read_script(Path("a.py"), "a", script, MORE)
    assert lesson.titles["en"][0] == "N" and [text for text, _ in lesson.blocks[1]["de"]] == ["New"]


def test_a_mark_tells_what_the_prose_was_made_from():
    languages = Languages(["zh", "en", "fr"], {"fr": "en"})
    once = with_prose(SCRIPT, Path("a.py"), languages, [Edit(18, "fr", ["F"], "0a1b2c3d")])
    assert once == SCRIPT.replace("# A\n", "# A\n#\n# %% fr 0a1b2c3d\n# F\n")
    for digest, now in (("", "0a1b2c3d"), ("11111111", "11111111")):
        again = with_prose(once, Path("a.py"), languages, [Edit(18, "fr", ["G"], digest)])
        assert again == once.replace("0a1b2c3d\n# F", f"{now}\n# G")


@pytest.mark.parametrize(
    ("line", "lines", "message"),
    [
        (17, ["A", "%% zh"], 'a.py:17: "# %% zh" would be read as a mark; write this line another way'),
        (17, ["%%"], '"# %%" would be read as a mark'),
        (2, ["T", "=", "", "# %% en"], '"# %% en" would be read as a mark'),
        (2, ["T", "=", "", 'One """ two'], "this is not Python"),
        (2, ["T", "=", "", '"""', "x = 1", '"""'], "would be read as something else"),
        (2, ["T", "=", "", "\\N{one}"], "this is not Python"),
        (13, ["One", "two"], "a comment is one line"),
        (17, ["", "One"], "a blank line begins or ends the prose"),
        (17, [], "a blank line begins or ends the prose, or there is none"),
        (15, ["One"], "a.py:15: no block of prose stands here"),
    ],
)
def test_what_would_not_be_read_back_is_refused(line: int, lines: list[str], message: str):
    with pytest.raises(SourceError) as refused:
        changed(SCRIPT, line, "en", *lines)
    assert message in str(refused.value)


def test_a_page_is_not_ended_by_its_prose():
    with pytest.raises(SourceError, match='"%% end" would be read as a mark'):
        changed(PAGE, 1, "en", "A", "%% end", name="a.rst")
