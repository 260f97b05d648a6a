"""The real course, killed at any moment: the next build is whole."""

from __future__ import annotations

import random
import time

import pytest

from copies import copied_course
from faults import clean_build, kill, site, start, wipe
from measured import masked


@pytest.mark.proof
def test_kills_of_the_real_course(tmp_path):
    course = copied_course(tmp_path)
    real = clean_build(course, masked)
    moments = random.Random(7)
    for _ in range(3):
        wipe(course)
        build = start(course)
        time.sleep(moments.uniform(0.05, 0.95) * real.seconds)
        kill(build)
        assert site(course) is None or real.is_shown(course)
        real.check_next_build(course)
