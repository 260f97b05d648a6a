"""Go back from scripts of marks: the verb ``split``, for a script or a whole gallery."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.files import refuse_existing, scripts_of, write_new
from sphinx_polyglot.moving.split import languages_of, split, split_header
from sphinx_polyglot.source.files import read_text


def split_scripts(source: Path, output: Path, confdir: Path | None = None) -> int:
    """Write a script, or a gallery, once for each language into a folder of ``output``; return an exit code.

    The languages are those of the ``conf.py`` in ``confdir``, without that the ones that each script begins with.
    """
    settled = list(read_configuration(confdir.resolve()).settings.languages) if confdir else []
    files = sorted(scripts_of(source)) if source.is_dir() else [source]
    base = source if source.is_dir() else source.parent
    written: dict[Path, str] = {}
    faults = []
    for path in files:
        try:
            text, cut = read_text(path), split if path.suffix == ".py" else split_header
            for code, part in cut(text, path, settled or languages_of(text, path)).items():
                target = output / code / path.relative_to(base)
                refuse_existing(target)
                written[target] = part
        except SourceError as error:
            faults.append(error)
    if faults:
        print(*faults, "nothing is written", sep="\n", file=sys.stderr)
        return 1
    for path, text in written.items():
        write_new(path, text)
        print(f"{path} is written")
    return 0
