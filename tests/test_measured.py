"""What is masked where two runs are compared: times, in the lessons that may measure, and nothing else."""

from __future__ import annotations

import io
import zipfile

import nbformat
import pytest

from measured import LESSONS as MEASURING
from measured import NUMBER, masked, undrawn
from places import LESSONS
from take_along import figures, streams

AXIS = "<svg><path d='{}'/><text>{}</text><text>seconds a step</text></svg>"


@pytest.mark.parametrize("code", ["zh", "en"])
def test_no_other_lesson_prints_or_draws_a_time(site, code):
    for name in set(LESSONS) - set(MEASURING):
        for cell in nbformat.read(site / code / f"lessons/{name}.ipynb", 4).cells:
            if cell.cell_type == "code":
                assert not NUMBER.search(streams(cell)), (name, cell.source)
                drawings = [data.decode() for data in figures(cell)]
                assert [undrawn(svg) for svg in drawings] == drawings, (name, cell.source)


@pytest.mark.parametrize("code", ["zh", "en"])
def test_each_lesson_that_measures_has_times_to_mask(site, code):
    for name in set(LESSONS) & set(MEASURING):
        page = (site / code / f"lessons/{name}.html").read_bytes()
        assert masked({f"{name}.html": page})[f"{name}.html"] != page
        assert masked({"30_networks.html": page})["30_networks.html"].count(b"<svg") < page.count(b"<svg")


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("70_accelerators.rst", "    6       1.83 ms", "    6      11.20 ms", True),
        ("70_accelerators.html", "<span>4.1×</span>", "<span>12.0×</span>", True),
        ("searchtexts.js", "took 0.3 s", "took 12 s", True),
        ("70_accelerators.rst", "6 steps, 94.2%", "7 steps, 94.2%", False),
        ("70_accelerators.rst", "3×32×32", "4×32×32", False),
        ("45_fine_tuning.rst", "1.83 ms", "1.84 ms", False),
        ("70_accelerators.svg", AXIS.format("M 1 2", "0.1"), AXIS.format("M 3 4", "0.25"), True),
        ("lessons/index.html", AXIS.format("M 1 2", "0.1"), AXIS.format("M 3 4", "0.25"), True),
        ("70_accelerators.svg", "<svg><path d='M 1 2'/></svg>", "<svg><path d='M 1 3'/></svg>", False),
    ],
)
def test_what_may_differ(name, one, other, same):
    assert (masked({name: one.encode()}) == masked({name: other.encode()})) is same


def test_an_archive_is_compared_by_its_members():
    def packed(text: str, day: int) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr(zipfile.ZipInfo("all/70_accelerators.py", (2026, 1, day, 0, 0, 0)), text)
        return written.getvalue()

    assert masked({"a.zip": packed("# 1.5 ms", 1)}) == masked({"a.zip": packed("# 2.5 ms", 2)})
    assert masked({"a.zip": packed("x = 1", 1)}) != masked({"a.zip": packed("x = 2", 1)})
