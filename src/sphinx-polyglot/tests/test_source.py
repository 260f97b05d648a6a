"""The source format: what is read, and what is refused at which line."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.languages import Languages
from sphinx_polyglot.source.script import is_marked, is_marked_script, parse_page, parse_script

LANGUAGES = ["zh", "en"]
DOCSTRING = '"""\n%% zh\n题\n==\n\n%% en\nT\n==\n"""\n'


def parse(body: str, docstring: str = DOCSTRING):
    return parse_script(docstring + body, "a.py", LANGUAGES)


def test_blocks_come_in_order_with_the_authors_lines():
    blocks = parse("x = 1\n\n# %% zh\n# 甲\n#\n# 乙\n# %% en\n# A\n\ny = 2\n")
    assert [block.line for block in blocks] == [2, 10, 12, 19]
    assert blocks[2].prose == {"zh": [("甲", 13), ("", 14), ("乙", 15)], "en": [("A", 17)]}
    assert blocks[3].code == (("y = 2", 19),)


def test_a_blank_line_between_two_languages_is_allowed():
    block = parse("# %% zh\n# 甲\n\n# %% en\n# A\n")[1]
    assert block.prose == {"zh": [("甲", 11)], "en": [("A", 14)]}


def test_a_comment_after_a_blank_line_is_code():
    blocks = parse("# %% zh\n# 甲\n# %% en\n# A\n\n# zh: 注\n# en: Note\nx = 1\n")
    assert blocks[2].code[0] == ("# zh: 注", 15)


def test_a_mark_may_tell_what_its_text_was_translated_from():
    languages = Languages(LANGUAGES, {}, {"en": "zh"})
    script = DOCSTRING.replace("%% en", "%% en 3f2a9c41") + "# %% zh\n# 甲\n# %% en 0b1e5f77\n# A\n"
    assert is_marked_script("# %% en 3f2a9c41\n# A\n", "a.py", languages)
    head, block = parse_script(script, "a.py", languages)
    assert head.marks == {"zh": (2, ""), "en": (6, "3f2a9c41")}
    assert block.marks == {"zh": (10, ""), "en": (12, "0b1e5f77")} and block.prose["en"] == [("A", 13)]
    page = "%% zh\n甲\n%% en 3f2a9c41\nA\n%% end\n"
    assert parse_page(page, "a.rst", languages)[0].marks["en"] == (3, "3f2a9c41")
    with pytest.raises(SourceError, match='a.rst:3: "%% en 3f2" is not a mark'):
        parse_page(page.replace("3f2a9c41", "3f2"), "a.rst", languages)


def test_backslashes_and_indentation_of_prose_stay():
    block = parse("# %% zh\n# .. math::\n#\n#    \\theta\n# %% en\n# .. math::\n#\n#    \\theta\n")[1]
    assert block.prose["en"][2] == ("   \\theta", 17)


def test_marks_inside_a_string_are_code():
    code = ["def show():", '    text = """', "    # %% zh", "%% en", "#%%%", '  # %% em"""', "    return text"]
    blocks = parse("\n".join(code).replace("#%%%", "# zh") + "\n")
    assert [text for text, _ in blocks[1].code] == [text.replace("#%%%", "# zh") for text in code]


def test_pages_keep_what_is_for_every_language():
    blocks = parse_page("%% zh\n你好\n\n%% en\nHello\n%% end\n.. toctree::\n", "a.rst", LANGUAGES)
    assert blocks[0].prose == {"zh": [("你好", 2)], "en": [("Hello", 5)]}
    assert blocks[1].code == ((".. toctree::", 7),)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("# %% zh\n# 甲\nx = 1\n", 10, 'the block has zh but no en; add "# %% en" and its text below it'),
        ("# %% en\n# A\n", 10, 'the block has en but no zh; add "# %% zh"'),
        ("# %% zh\n# 甲\n# %% en\n\nx = 1\n", 10, "the block has zh but no en"),
        ("# %% en\n# A\n# %% zh\n# 甲\n", 12, '"# %% zh" stands below en; zh comes first: move it above en'),
        ("# %% zh\n# 甲\nx = 1\n# %% en\n# A\n", 12, "code stands between zh and en of one block; move it below en"),
        ("# %% en\n# A\n# %% zh\n# 乙\n# %% en\n# B\n", 10, "the block has en but no zh"),
        ("# %% zh\n# 甲\n# %% zh\n# 乙\n# %% en\n# B\n", 10, "the block has zh but no en"),
        ("# %% zn\n# 甲\n", 10, '"# %% zn" is not a mark; write "# %% zh" or "# %% en"'),
        ("#%% zh\n# 甲\n", 10, '"#%% zh" is not a mark'),
        ("# %zh\n# 甲\n", 10, '"# %zh" is not a mark'),
        ("x = 1\n# %%\n", 11, '"# %%" is not a mark'),
        (
            "# %% zh 3f2a9c41\n# 甲\n# %% en\n# A\n",
            10,
            "zh is translated from no language that polyglot_translated tells",
        ),
        ("# %% zh 3f2\n# 甲\n# %% en\n# A\n", 10, '"# %% zh 3f2" is not a mark; write "# %% zh"'),
        ("x = = 1\n", 10, "this is not Python: invalid syntax; correct the code"),
        (
            'x = """\n# %% zh\n"""\n',
            11,
            'Sphinx-Gallery would cut the string at "# %% zh", as it begins the line; indent',
        ),
        ('x = """\n#%%time\n"""\n', 11, 'Sphinx-Gallery would cut the string at "#%%time"'),
        (f'x = """\n{"#" * 20}\n"""\n', 11, "Sphinx-Gallery would cut the string at"),
        (f"x = 1\n{'#' * 24}\n", 11, "Sphinx-Gallery would begin prose at a line of 20 number signs; write fewer"),
        (
            'x = 1\nprint("\\ud800")\n',
            11,
            "the string holds U+D800, half of a character, which no page can show; write",
        ),
        ("x = 1\n# %% A cell with a long name\n", 11, '"# %% A cell with a long name" is not a mark; write'),
        ("def f():\n    x = 1\n# %% zh\n# 甲\n# %% en\n# A\n    return x\n", 12, "the prose stands inside code"),
        ("x = [\n# %% zh\n# 甲\n# %% en\n# A\n]\n", 11, "code that goes from line 10 to 15; move it above or below"),
    ],
)
def test_faults_have_line_and_remedy(body, line, message):
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert str(caught.value).startswith(f"a.py:{line}: ")
    assert message in str(caught.value)


def test_one_fault_for_languages_that_are_exchanged_or_parted():
    for body in ("# %% en\n# A\n# %% zh\n# 甲\n", "# %% zh\n# 甲\nx = 1\n# %% en\n# A\n"):
        with pytest.raises(SourceError) as caught:
            parse(body)
        assert caught.value.also == []


PROSE = "# %% zh\n# 甲\n# %% en\n# A.\n\n"


CUT_OFF = [
    "# More of it.\n# And more.\nx = 1\n",
    "# More\n\nx = 1\n",
    "# More\n",
    "# 还有\nx = 1\n",
    "# Of the same.\nx = 1\n",
]


@pytest.mark.parametrize(
    "code",
    [
        "# More of it.\n# And more.\nx = 1\n",
        "# More\n\nx = 1\n",
        "# More\n",
        "# 还有\nx = 1\n",
        "# More of the same.\nx = 1\n",
    ],
)
def test_prose_that_an_empty_line_cuts_off_is_told(code):
    with pytest.raises(SourceError) as caught:
        parse(PROSE + code)
    message = (
        'an empty line ended the prose above, so that this is a comment in one language; put "#" on the empty line'
    )
    assert caught.value.line == 15 and message in str(caught.value) and not caught.value.also


def test_prose_that_an_empty_line_cuts_off_above_another_language():
    with pytest.raises(SourceError) as caught:
        parse("# %% zh\n# 甲\n\n# 乙\n# %% en\n# A.\n")
    assert "a.py:13: an empty line ended the prose" in str(caught.value) and not caught.value.also


@pytest.mark.parametrize(
    "code",
    ["# zh: 注\n# en: Note\nx = 1\n", "# fmt: off\nx = 1\n", "# (N, C, H, W)\nx = 1\n", "# x = torch.ones(3)\n\ny = 1\n",  # noqa: E501
     "# noqa: E402\nimport a\n", "# mean\nx = 1\n", "x = 1\n\n# What follows is long.\n# Very.\ny = 1\n",
     "# sphinx_gallery_thumbnail_number = 2\n", "# ----\nx = 1\n"],
)  # fmt: skip
def test_a_comment_of_the_code_is_left_alone(code):
    assert [text for text, _ in parse(PROSE + code)[2].code] == code.rstrip("\n").split("\n")


def test_code_beside_the_docstring_is_not_lost():
    with pytest.raises(SourceError, match='a.py:9: "; x = 1" stands on the last line of the docstring; give it a line'):
        parse("", DOCSTRING.rstrip() + "; x = 1\n")


def test_a_script_that_only_has_marks_in_a_string_is_not_marked():
    for line in ("# %% zh", "%% zh"):
        assert not is_marked_script(f'"""\nTitle\n=====\n"""\ntext = """\n{line}\n"""\n', "a.py", LANGUAGES)
    for text in (DOCSTRING, '"""T"""\n# %% zh\n# 甲\n', "x = (\n# %% zh\n"):
        assert is_marked_script(text, "a.py", LANGUAGES)


def test_every_block_that_lacks_a_language_is_told():
    with pytest.raises(SourceError) as caught:
        parse("# %% zh\n# 甲\nx = 1\n# %% zh\n# 乙\n", '"""\n%% zh\n题\n==\n"""\n')
    assert [fault.line for fault in (caught.value, *caught.value.also)] == [2, 6, 9]


@pytest.mark.parametrize(
    ("docstring", "message"),
    [
        ("x = 1\n", "the script has no docstring"),
        ('"""\n%% zh\n题\n"""\n', "the block has zh but no en"),
        ('"""\nUnmarked\n%% zh\n题\n%% en\nT\n"""\n', "the docstring is not one block; give each language once"),
        ('"""\n%% zh\n题\n# %% en\nT\n"""\n', 'a.py:4: "# %% en" has a number sign, .* write "%% en"'),
        ('"""\n%% zh\n题\n%% em\nT\n"""\n', '"%% em" is not a mark; write "%% zh" or "%% en"'),
    ],
)
def test_faults_of_the_docstring(docstring, message):
    with pytest.raises(SourceError, match=message):
        parse("", docstring)


def test_ordinary_scripts_are_not_marked():
    assert not is_marked('"""\nTitle\n=====\n"""\n# %%\n# zh and en\n', LANGUAGES)
    assert is_marked(DOCSTRING, LANGUAGES)


LINES = st.sampled_from(
    [
        '"""',
        "%% zh",
        "%% en",
        "%% end",
        "# %% zh",
        "# %% en",
        "# %%",
        "# 甲",
        "# A",
        "x = 1",
        "",
        "    y = '''",
        "题",
        "==",
    ]
)


def every_line(block):
    return [*block.code, *(line for prose in (block.prose or {}).values() for line in prose)]


@given(st.lists(LINES | st.text(max_size=12), max_size=30).map("\n".join))
@example('"""\n"""\n\r0\n"""')
def test_any_script_parses_or_names_a_line(text):
    text = text.replace("\r", "\n")  # as ``read_text`` hands it on
    try:
        blocks = parse_script(text, "a.py", LANGUAGES)
    except SourceError as fault:
        assert 1 <= fault.line <= text.count("\n") + 1
        return
    lines = text.split("\n")
    for block in blocks[1:]:
        if block.code:
            assert [lines[number - 1] for _, number in block.code] == [text for text, _ in block.code]
        for shown, number in [line for prose in (block.prose or {}).values() for line in prose]:
            assert lines[number - 1] in (f"# {shown}", f"#{shown}")
    kept = {number for block in blocks for _, number in every_line(block)}
    inside = lines[blocks[0].line - 1 :]
    left = [text for number, text in enumerate(inside, blocks[0].line) if number not in kept]
    assert all(not text.strip("#\"' \t\f\r") or "%% " in text or text.endswith(('"', "'")) for text in left)
    ast.parse("\n".join(line for block in blocks[1:] for line, _ in block.code) or "pass")


@given(st.lists(LINES | st.text(max_size=12), max_size=30).map("\n".join))
def test_any_page_parses_or_names_a_line(text):
    try:
        blocks = parse_page(text, "a.rst", LANGUAGES)
    except SourceError as fault:
        assert 1 <= fault.line <= text.count("\n") + 1
        return
    written = [text for text in text.split("\n") if text.strip() and not text.startswith("%% ")]
    kept = [line for block in blocks for line, _ in block.code] + [
        line for block in blocks for lines in (block.prose or {}).values() for line, _ in lines
    ]
    assert sorted(written) == sorted(line for line in kept if line.strip())
