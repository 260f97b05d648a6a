"""What a browser would pass over in a style sheet is told with its line."""

from __future__ import annotations

import pytest

from sphinx_polyglot.check.styles import style_faults


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a {\n  color: red;\n}\n/* { */ b::after { content: '}'; }", []),
        (b"a {\n}\nb {\n  color: red;\n", ['3: this "{" is never closed; write its "}"']),
        (b"a {\n}\n}\nb {", ['3: this "}" closes nothing; remove it, or restore its "{"']),
        (b"<<<<<<< HEAD\na {}\n=======\n", ["1: a merge left both its versions here"]),
        ("a {}".encode("utf-16"), ["1: "]),
    ],
)
def test_braces_pair_and_the_file_can_be_read(tmp_path, text, told):
    path = tmp_path / "site.css"
    path.write_bytes(text)
    found = [str(fault).removeprefix(f"{path}:") for fault in style_faults(path)]
    assert len(found) == len(told)
    assert all(fault.startswith(begin) for fault, begin in zip(found, told, strict=True))


def test_a_build_tells_it(tiny):
    tiny.edit(
        "conf.py", 'project = "Tiny"', 'html_static_path = ["docs"]\nhtml_css_files = ["a.css"]\nproject = "Tiny"'
    )
    tiny.write("docs/a.css", "a {\n")
    done = tiny.build()
    assert done.returncode == 1
    assert done.stderr == 'docs/a.css:1: this "{" is never closed; write its "}"\n'
