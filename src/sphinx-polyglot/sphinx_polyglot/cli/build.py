"""All languages from one process, one after the other; the first one runs the lessons."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.locale import translators
from sphinx.util.console import color_terminal, nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_polyglot.assets import render
from sphinx_polyglot.check.catalogue import remove_stale
from sphinx_polyglot.cli.explain import explained
from sphinx_polyglot.cli.ownership import TEMPLATES, check_output, mark, note, sources
from sphinx_polyglot.cli.project import Project
from sphinx_polyglot.cli.publish import publish, recover, remove_folder
from sphinx_polyglot.cli.templates import Templates
from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.disk.records import damaged, digests, give_way, names, read_record, write_record
from sphinx_polyglot.gallery.execution import ALL
from sphinx_polyglot.languages import native_name, tag


@dataclass(frozen=True)
class How:
    """How to build: one ``language`` or every one, which lessons to ``execute``, and whether
    to ``wait`` for another build and to be ``quiet`` about all but lessons and faults.
    """

    language: str = ""
    execute: str = ALL
    wait: bool = False
    quiet: bool = False


AS_EVER = How()


def build_site(sourcedir: Path, outputdir: Path, confdir: Path, how: How = AS_EVER) -> int:
    """Build each language into its folder of ``outputdir``; return an exit code."""
    sourcedir, outputdir, confdir = (path.resolve() for path in (sourcedir, outputdir, confdir))
    if not color_terminal():
        nocolor()
    try:
        config = read_configuration(confdir)
        project = Project(sourcedir, outputdir, confdir, config)
        with _alone(project.lock, how.wait):
            check_output(outputdir, project.work, sources(config, sourcedir, confdir))
            project.work.mkdir(parents=True, exist_ok=True)
            recover(project.work / "html" / how.language, outputdir / how.language)
            project.check()
            return _build_languages(project, how)
    except Timeout:
        return _fail(f"another build is writing the pages of {sourcedir}; wait until it has ended")
    except BaseException as error:
        message, code = explained(error)
        return _fail(message, code)


def _alone(path: Path, wait: bool):
    """The lock that keeps builds apart, taken, if need be after a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise
    print("another build is running; this one begins when it has ended", flush=True)
    return lock.acquire()


def _build_languages(project: Project, how: How) -> int:
    languages, site, outputdir = project.config.settings.languages, project.work / "html", project.outputdir
    for code, language in _chosen(languages, how.language).items():
        if not how.quiet:
            print(f"── {native_name(language)} ──", flush=True)
        remove_stale(project.sourcedir, project.config["locale_dirs"], language)
        if not _build_language(project, code, language, how):
            return _fail(f"{native_name(language)} has warnings, listed above; correct them and build again")
    for folder in (site, project.work / "doctrees"):
        _remove_other_languages(folder, languages)
    _write_root_page(project.config, site)
    if how.language:
        written = [f"{how.language}/{name}" for name in names(site / how.language)]
        outputdir.mkdir(parents=True, exist_ok=True)
        mark(outputdir, note(outputdir, project.work, [*written, "index.html"]))
        publish(site / how.language, outputdir / how.language)
        shutil.copy(site / "index.html", outputdir / "index.html.new")
        (outputdir / "index.html.new").replace(outputdir / "index.html")
        mark(outputdir, note(outputdir, project.work, []))
    else:
        note(outputdir, project.work, names(site))
        mark(site, names(site))
        publish(site, outputdir)
    if not how.quiet:
        print(f"The site is ready; open {outputdir / 'index.html'} in a browser.")
    return 0


def _chosen(languages: dict[str, str], code: str) -> dict[str, str]:
    if not code:
        return languages
    if code not in languages:
        raise ConfigError(f'"{code}" is not in polyglot_languages; name one of these: {", ".join(languages)}')
    return {code: languages[code]}


def _build_language(project: Project, code: str, language: str, how: How) -> bool:
    """Build one language; what a failed or killed build left, or was damaged since, is not built upon."""
    pages, doctrees, record = (project.work / part for part in (f"html/{code}", f"doctrees/{code}", f"records/{code}"))
    record = record.with_suffix(".json")
    _remove_damaged(record, {"pages": pages, "doctrees": doctrees}, project)
    doctrees.mkdir(parents=True, exist_ok=True)
    translators.clear()  # or the strings of the language before would come first
    with patch_docutils(str(project.confdir)), docutils_namespace():
        settings = {"language": language, "polyglot_execute": how.execute}
        status = io.StringIO() if how.quiet else sys.stdout
        folders = (project.sourcedir, project.confdir, pages, doctrees)
        app = Sphinx(*folders, "html", settings, status, warningiserror=project.config.settings.fail_on_warning)
        app.builder.templates.environment.bytecode_cache = Templates(project.work / TEMPLATES)
        give_way(record)
        record.unlink(missing_ok=True)  # not before: to run the lessons, as was done by now, changes no page
        app.build()
    if app.statuscode == 0:
        write_record(record, {"pages": digests(pages), "doctrees": digests(doctrees)})
    return app.statuscode == 0


def _remove_damaged(record: Path, folders: dict[str, Path], project: Project) -> None:
    """Have a language written anew unless all is as the last build left it."""
    known = read_record(record)
    known = known if known and all(isinstance(known.get(part), dict) for part in folders) else {}
    for part, folder in folders.items():
        wrong = damaged(folder, known[part]) if known else []
        if wrong:
            place = os.path.relpath(folder / wrong[0], project.confdir)
            more = f" and {len(wrong) - 1} more" if wrong[1:] else ""
            print(f"{place}{more}: not as the last build left it; the pages are written anew", flush=True)
        if wrong or not known:
            known = {}
    if not known:
        for folder in folders.values():
            remove_folder(folder)


def _remove_other_languages(folder: Path, languages: dict[str, str]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in languages:
            shutil.rmtree(path)


def _write_root_page(config: Configuration, site: Path) -> None:
    """The page that leads to the reader's language."""
    languages = [
        {"code": code, "tag": tag(name), "name": native_name(name)} for code, name in config.settings.languages.items()
    ]
    page = render(
        "root.html",
        project=config["project"],
        languages=languages,
        default=config.settings.default_language or languages[0]["code"],
        favicon=Path(config["html_favicon"] or "").name,
        base=config.settings.baseurl,
    )
    (site / "index.html").write_text(page, "utf-8")


def _fail(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code
