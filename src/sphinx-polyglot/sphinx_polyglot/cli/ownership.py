"""Which folders a build may write, and what in them is its own: a stranger's file is never removed.

A site holds a list of its files, ``MARK``; the folder with the build's work holds another. A folder
that bears neither, or holds files that neither names, is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.disk.records import names, read_record, write_record
from sphinx_polyglot.gallery.folders import galleries

#: The list of a site's files, in the site.
MARK = ".sphinx-polyglot.json"
#: The folder for a build's work, beside the site, and what may be in it.
WORK = ".sphinx-polyglot"
TEMPLATES = "templates"
HOSTED = "hosted"
WORKS = {f"{folder}{state}" for folder in ("html", HOSTED) for state in ("", ".new", ".old")}
WORKS |= {"doctrees", "records", TEMPLATES}
#: How many names a message gives.
TOLD = 3


def check_output(outputdir: Path, work: Path, sources: Mapping[str, Path]) -> None:
    """Refuse a folder that holds anything which no build wrote, or sources.

    Raises:
        ConfigError: with the place, and what to do.
    """
    for what, source in sources.items():
        if source == outputdir or source.is_relative_to(outputdir):
            raise ConfigError(f"{outputdir} holds {what}; name another output folder, which holds nothing else")
    for folder in (outputdir, work):
        if folder.exists() and not folder.is_dir():
            raise ConfigError(f"{folder} is a file, and a build makes a folder there; remove it, or name another")
    found = {path.name for path in work.iterdir()} if work.is_dir() else set()
    _refuse(work, found - WORKS)
    if outputdir.is_dir():
        _refuse(outputdir, names(outputdir) - published(outputdir, work))


def published(outputdir: Path, work: Path) -> set[str]:
    """The names of all that builds wrote into a folder; none where it is not theirs."""
    records = [read_record(path) for path in (outputdir / MARK, _copy(outputdir, work))]
    known = [record["files"] for record in records if record and isinstance(record.get("files"), list)]
    return {MARK, f"{MARK}.new", "index.html.new"}.union(*known) if known else set()


def note(outputdir: Path, work: Path, written: Iterable[str]) -> set[str]:
    """Note, before it is done and beside the folder, that these files come into it; return all that are ours then."""
    known = published(outputdir, work) & names(outputdir) if outputdir.is_dir() else set()
    ours = {*known, *written}
    _write(_copy(outputdir, work), ours)
    return ours


def mark(site: Path, files: Iterable[str]) -> None:
    """Put the list of its files into a site."""
    _write(site / MARK, files)


def sources(config: Configuration, sourcedir: Path, confdir: Path) -> dict[str, Path]:
    """Where authors write, by what it is called; the generated pages lie among them."""
    found = {"conf.py": confdir / "conf.py", "the pages that are sources": sourcedir}
    for scripts, pages in galleries(config["sphinx_gallery_conf"], sourcedir):
        found |= {f"the lessons of {scripts.name}": scripts, f"the generated pages of {pages.name}": pages}
    listed = (*config.settings.source_dirs, *config["templates_path"])
    listed += (*config["html_static_path"], *filter(None, [config.settings.glossary]))
    found["the staged lessons"] = confdir / config.settings.stage_dir
    return found | {str(name): confdir / name for name in listed}


def _write(path: Path, files: Iterable[str]) -> None:
    made_by = "sphinx_polyglot, which replaces this folder whole"
    write_record(path, {"made by": made_by, "files": sorted({*files, MARK})})


def _copy(outputdir: Path, work: Path) -> Path:
    return work / "records" / f"{outputdir.name}.published.json"


def _refuse(folder: Path, strangers: Iterable[str]) -> None:
    strangers = sorted(strangers)
    if strangers:
        more = f" and {len(strangers) - TOLD} more" if strangers[TOLD:] else ""
        raise ConfigError(
            f"{folder} holds what no build wrote: {', '.join(strangers[:TOLD])}{more}; "
            "move it elsewhere, or name another output folder"
        )
