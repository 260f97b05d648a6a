"""The recorded trainings of lesson 60: what is written is read back, and what is none is told."""

from __future__ import annotations

import datetime
import re
import statistics
from dataclasses import replace

import pytest

from lessons import GALLERY
from torchhour.timing.recorded import RecordingError
from torchhour.timing.trainings import FOLDER, Row, Trainings, all_trainings, read_trainings

MADE = Trainings(
    cpu="a CPU",
    cores=4,
    torch="2.15.0",
    torchvision="0.30.0",
    system="Linux x86_64",
    date=datetime.date(2026, 1, 31),
    rows={"as written": Row([100.5, 99.5], [0.5, 0.52], [0.51, 0.5]), "one tensor": Row([40.0, 41.0], [0.5, 0.5], [])},
)


def test_what_is_written_is_read_back(tmp_path):
    (tmp_path / "b.toml").write_text(MADE.toml(), "utf-8")
    (tmp_path / "a.toml").write_text(MADE.toml().replace("a CPU", "another"), "utf-8")
    found = all_trainings(tmp_path)
    assert [each.cpu for each in found] == ["another", "a CPU"]
    assert found[1] == MADE


def test_a_name_that_toml_would_have_to_escape_is_read_back(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(replace(MADE, cpu='A "fast" CPU\\\n').toml(), "utf-8")
    assert read_trainings(path) == replace(MADE, cpu="A  fast  CPU  ")


def test_means_are_those_of_statistics():
    row = MADE.rows["as written"]
    assert row.mean("seconds") == statistics.mean([100.5, 99.5])
    with pytest.raises(statistics.StatisticsError):
        MADE.rows["one tensor"].mean("test")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cores = 4", "cores = "),
        ("cores = 4\n", ""),
        ("seconds = [100.5, 99.5]\n", ""),
        ("seconds = [100.5, 99.5]", "seconds = [-1.0, 99.5]"),
        ("seconds = [100.5, 99.5]", "seconds = [100.5, 99.5]\nwatts = [1.0]"),
        (MADE.toml()[MADE.toml().index("\n[rows") :], ""),
    ],
)
def test_what_is_no_recording_is_told_with_its_place_and_the_remedy(tmp_path, old, new):
    path = tmp_path / "broken.toml"
    assert MADE.toml().count(old) == 1
    path.write_text(MADE.toml().replace(old, new), "utf-8")
    with pytest.raises(RecordingError, match=rf"^{re.escape(str(path))}: .*measure anew with `python tests/measure_"):
        read_trainings(path)


def test_this_project_has_a_record_of_the_lesson_as_it_is():
    """Each way to train is recorded under the name that the lesson gives it, as often as the others."""
    names = re.findall(r'measure\("([^"]+)"', (GALLERY / "60_training_faster.py").read_text("utf-8"))
    assert list(FOLDER.glob("*.toml"))
    for record in all_trainings():
        assert list(record.rows) == ["as written", *names, "small network"]
        assert {len(row.seconds) for row in record.rows.values()} == {len(record.rows["as written"].validation)}


def test_the_record_holds_what_the_lesson_promises():
    """Several times faster, and better, by the mean of five runs; and far better in the time of the loop as written."""
    [record, *_] = all_trainings()
    written, fast, small = (record.rows[name] for name in ("as written", "two threads", "small network"))
    assert len(written.seconds) >= 5
    assert written.mean("seconds") > 8 * fast.mean("seconds")
    assert fast.mean("test") > written.mean("test") + 0.03
    assert small.mean("seconds") < written.mean("seconds") and small.mean("test") > 0.83
