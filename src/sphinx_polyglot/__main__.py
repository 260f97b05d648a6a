"""Build every language into one site: ``python -m sphinx_polyglot docs build/html``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sphinx_polyglot.build import build_site


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0 when every language was built without a warning."""
    parser = argparse.ArgumentParser(prog="python -m sphinx_polyglot", description=__doc__)
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("outputdir", type=Path, help="where the site goes, a folder for each language")
    parser.add_argument(
        "-c", "--confdir", type=Path, default=Path(), help="the folder with conf.py (default: this one)"
    )
    options = parser.parse_args(arguments)
    return build_site(options.sourcedir, options.outputdir, options.confdir)


if __name__ == "__main__":
    sys.exit(main())
