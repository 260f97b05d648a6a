"""All languages of a site; the first one runs the lessons."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.errors import ConfigError
from sphinx.util.console import color_terminal, nocolor

from sphinx_polyglot.assets import render
from sphinx_polyglot.cli.beside import Beside, can_fork
from sphinx_polyglot.cli.explain import explained
from sphinx_polyglot.cli.language import How, Language
from sphinx_polyglot.cli.ownership import check_output, mark, note, sources
from sphinx_polyglot.cli.project import Project
from sphinx_polyglot.cli.publish import publish, recover
from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.disk.records import names
from sphinx_polyglot.gallery.selection import is_up_to_date
from sphinx_polyglot.languages import native_name, tag

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
    chosen = _chosen(project.config.settings.languages, how.language)
    languages = [Language(project, code, name, how) for code, name in chosen.items()]
    languages[0].import_extensions()
    if code := _build_all(languages):
        return code
    _publish(project, how)
    if not how.quiet:
        print(f"The site is ready; open {project.outputdir / 'index.html'} in a browser.")
    return 0


def _build_all(languages: list[Language]) -> int:
    """The first language runs the lessons, or finds that they ran; then the others are built, beside it if they can."""
    first, *others = languages
    with ExitStack() as open_until_end, ExitStack() as namespace:
        app = first.begin(namespace)
        beside = None
        if others and can_fork() and is_up_to_date(app):
            beside = open_until_end.enter_context(Beside(partial(_build_others, others, namespace)))
        code = _told(first, first.finish(app))
        if beside and not code:
            return beside.join()
    return _build_all(others) if others and not code else code


def _build_others(languages: list[Language], namespace: ExitStack) -> int:
    """In a fork: nothing of the former language stays registered."""
    namespace.close()
    return _build_all(languages)


def _told(language: Language, is_good: bool) -> int:
    if is_good:
        return 0
    return _fail(f"{native_name(language.name)} has warnings, listed above; correct them and build again")


def _publish(project: Project, how: How) -> None:
    """Put the languages that were built into the site."""
    languages, site, outputdir = project.config.settings.languages, project.work / "html", project.outputdir
    for folder in (site, project.work / "doctrees"):
        _remove_other_languages(folder, languages)
    _write_root_page(project.config, site, how.language)
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


def _chosen(languages: dict[str, str], code: str) -> dict[str, str]:
    if not code:
        return languages
    if code not in languages:
        raise ConfigError(f'"{code}" is not in polyglot_languages; name one of these: {", ".join(languages)}')
    return {code: languages[code]}


def _remove_other_languages(folder: Path, languages: dict[str, str]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in languages:
            shutil.rmtree(path)


def _write_root_page(config: Configuration, site: Path, built: str) -> None:
    """The page that leads to the reader's language; its script is that of a language that is there."""
    languages = [
        {"code": code, "tag": tag(name), "name": native_name(name), "draft": code in config.settings.drafts}
        for code, name in config.settings.languages.items()
    ]
    default = config.settings.default_language or languages[0]["code"]
    page = render(
        "root.html",
        project=config["project"],
        languages=languages,
        default=default,
        built=built or default,
        favicon=Path(config["html_favicon"] or "").name,
        base=config.settings.baseurl,
    )
    (site / "index.html").write_text(page, "utf-8")


def _fail(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code
