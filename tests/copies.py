"""Copies of this repository."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from places import REPOSITORY
from tiny import Tiny


def copied_course(root: Path) -> Tiny:
    """This repository's own course, as a fresh clone has it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.splitlines()
    for name in names:
        if (REPOSITORY / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, root / name)
    day = str(int(time.time()))  # one for all its builds: the about page tells it, and midnight may come in between
    return Tiny(root, {"TORCHHOUR_DATA": "", "SOURCE_DATE_EPOCH": day})
