"""What several verbs take."""

from __future__ import annotations

import argparse
from pathlib import Path

#: Which lessons a build executes, besides a single one; as in ``gallery.selection``, which takes long to import.
ALL, NONE = "all", "none"


def add_folders(parser: argparse.ArgumentParser) -> None:
    """Where the sources are, where the site goes, and which lessons run."""
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("outputdir", type=Path, help="where the site goes, a folder for each language")
    add_confdir(parser)
    lessons = parser.add_mutually_exclusive_group()
    lessons.add_argument("--lesson", metavar="NAME", dest="execute", default=ALL, help="execute this lesson only")
    lessons.add_argument("--preview", action="store_const", const=NONE, dest="execute", help="execute no lesson")


def add_sourcedir(parser: argparse.ArgumentParser) -> None:
    """Where the pages are that are not lessons, for verbs that can do without."""
    parser.add_argument(
        "--sourcedir", type=Path, help="the folder with the other pages (default: docs, or the one of conf.py)"
    )


def sourcedir_of(options: argparse.Namespace) -> Path:
    """The folder that was named, else the usual one."""
    docs = options.confdir / "docs"
    return options.sourcedir or (docs if docs.is_dir() else options.confdir)


def add_confdir(parser: argparse.ArgumentParser) -> None:
    """Where ``conf.py`` is."""
    parser.add_argument(
        "-c", "--confdir", type=Path, default=Path(), help="the folder with conf.py (default: this one)"
    )


def count_of(text: str) -> int:
    """A number of lessons."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of lessons; write 1 or more")
    return int(text)
