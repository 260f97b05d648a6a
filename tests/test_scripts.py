"""Scripts that really run as processes, some of which start others."""

from __future__ import annotations

import subprocess

import pytest

from torchhour.outcomes import Outcome
from torchhour.scripts import script_outcomes


def test_a_script_that_works_has_printed():
    assert script_outcomes("""
        if __name__ == "__main__":
            print("张量", 1)
    """) == [Outcome("value", "str", "张量 1")]


def test_errors_come_in_order_with_all_lines_of_their_messages():
    code = """
        class Odd(ValueError):
            pass

        print("begins")
        try:
            raise KeyError("first")
        except KeyError as error:
            raise Odd("second: line\\n\\n  another in /usr/x/y") from error
    """
    first, second, printed = script_outcomes(code)
    assert str(first) == "KeyError: 'first'"
    assert second == Outcome("error", "Odd", "second: line\n\n  another in …/y")
    assert printed.message == "begins"


def test_an_error_without_a_message():
    assert script_outcomes("raise ValueError")[0] == Outcome("error", "ValueError", "")


def test_the_error_of_a_process_that_was_started_comes_first():
    """Spawned, a process imports the script, and an unguarded start fails in it, on every system."""
    child, _ = script_outcomes("""
        import multiprocessing

        multiprocessing.set_start_method("spawn", force=True)
        process = multiprocessing.Process(target=print)
        process.start()
        process.join()
    """)
    assert child.type == "RuntimeError"
    assert child.message.startswith("An attempt has been made to start a new process before the\n")
    assert "\n    if __name__ == '__main__':\n        freeze_support()\n" in child.message


def test_a_script_that_hangs_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        script_outcomes("import time; time.sleep(60)", seconds=1)
