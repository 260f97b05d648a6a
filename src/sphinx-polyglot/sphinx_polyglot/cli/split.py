"""Go back from scripts of marks: the verb ``split``, for a script or a whole gallery."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.moving.files import refuse_existing, scripts_of, write_new
from sphinx_polyglot.moving.split import languages_of, split, split_header
from sphinx_polyglot.source.files import read_text


def split_scripts(source: Path, output: Path, confdir: Path | None = None) -> int:
    """Write a script, or a gallery, once for each language into a folder of ``output``; return an exit code.

    The languages are those of the ``conf.py`` in ``confdir``, without that the ones that the scripts begin with.
    """
    settled = list(read_configuration(confdir.resolve()).settings.languages) if confdir else []
    base = source if source.is_dir() else source.parent
    texts, faults, written = {}, [], {}
    for path in sorted(scripts_of(source)) if source.is_dir() else [source]:
        try:
            text = read_text(path)
            texts[path] = text, languages_of(text, path)
        except SourceError as fault:
            faults.append(fault)
    everyone = settled or list(dict.fromkeys(code for _, languages in texts.values() for code in languages))
    for path, (text, languages) in texts.items():
        try:
            for code, part in _parts(path, text, bool(languages), everyone).items():
                target = output / code / path.relative_to(base)
                refuse_existing(target)
                written[target] = part
        except SourceError as fault:
            faults.append(fault)
    if not texts and not faults:
        faults.append(SourceError(source, 1, "this folder holds no script; name the one of the gallery"))
    if faults:
        print(*faults, "nothing is written", sep="\n", file=sys.stderr)
        return 1
    for path, text in written.items():
        write_new(path, text)
        print(f"{path} is written")
    return 0


def _parts(path: Path, text: str, is_marked: bool, everyone: Sequence[str]) -> dict[str, str]:
    """The file in each language; one without marks is that of all languages that others have."""
    if not everyone:
        raise SourceError(path, 1, 'this begins with no marks; write one above each language, like "%% en"')
    if not is_marked:
        return dict.fromkeys(everyone, text)
    return (split if path.suffix == ".py" else split_header)(text, path, everyone)
