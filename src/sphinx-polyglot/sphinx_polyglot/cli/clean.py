"""Remove what builds wrote, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx_polyglot.check.memo import MEMO
from sphinx_polyglot.cli.ownership import WORK, WORKS, published
from sphinx_polyglot.cli.publish import remove_folder
from sphinx_polyglot.configuration import read_configuration
from sphinx_polyglot.disk.ledger import read_ledger
from sphinx_polyglot.gallery.imports import PARSED


def clean(outputdirs: Iterable[Path], confdir: Path) -> int:
    """Remove the sites in ``outputdirs``, the build's work, staged scripts and generated pages; return an exit code.

    Raises:
        ConfigError: there is no ``conf.py`` that sets up a course.
    """
    config = read_configuration(confdir)
    for outputdir in (path.resolve() for path in outputdirs):
        work = outputdir.parent / WORK
        _remove(outputdir, published(outputdir, work))
        for name in WORKS:
            remove_folder(work / name)
        if work.is_dir() and not any(work.iterdir()):
            work.rmdir()
    stage = (confdir / config.settings.stage_dir).resolve()
    ledger = read_ledger(stage, confdir.resolve())
    _remove(confdir.resolve(), {*ledger.staged, *ledger.generated})
    _remove(stage, {ledger.path.name, MEMO, PARSED})
    return 0


def _remove(folder: Path, ours: set[str]) -> None:
    """Remove these files, and the folders that are empty then."""
    for path in (folder / name for name in sorted(ours)):
        if not (path.is_symlink() or path.is_file()):
            continue
        path.unlink()
        for above in path.parents:
            if above == folder.parent or any(above.iterdir()):
                break
            above.rmdir()
