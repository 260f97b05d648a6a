"""All languages from one process, one after the other; the first one runs the lessons."""

from __future__ import annotations

import io
import shutil
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.application import Sphinx
from sphinx.config import eval_config_file
from sphinx.errors import ConfigError, ExtensionError, SphinxError
from sphinx.locale import translators
from sphinx.util.console import color_terminal, nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.tags import Tags

from sphinx_polyglot import SETTINGS
from sphinx_polyglot.assets import render
from sphinx_polyglot.catalogue import remove_broken
from sphinx_polyglot.execution import ALL
from sphinx_polyglot.page import native_name, tag
from sphinx_polyglot.publish import publish, recover
from sphinx_polyglot.refusal import unusable
from sphinx_polyglot.settings import check_languages


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
    work = outputdir.parent / "work"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _alone(_lock(confdir), how.wait):
            return _build_languages(sourcedir, outputdir, confdir, work, how)
    except Timeout:
        return _fail(f"another build is writing the pages of {sourcedir}; wait until it has ended")
    except KeyboardInterrupt:
        return _fail("interrupted; the last good site stays", code=130)
    except SphinxError as error:
        return _fail(_reason(error))
    except OSError as error:
        if error.errno is None:  # no word of the system's, so a fault of ours
            raise
        return _fail(unusable(error))


def _lock(confdir: Path) -> Path:
    """Beside the staged scripts: builds into other folders run and stage the same lessons."""
    config = eval_config_file(confdir / "conf.py", Tags())
    lock = confdir / f"{config.get('polyglot_stage_dir', SETTINGS['polyglot_stage_dir'])}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    return lock


def _alone(path: Path, wait: bool):
    """The lock that keeps builds apart, taken, if need be after a while."""
    lock = FileLock(path)
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise
    print("another build is running; this one begins when it has ended", flush=True)
    return lock.acquire()


def _build_languages(sourcedir: Path, outputdir: Path, confdir: Path, work: Path, how: How) -> int:
    config = eval_config_file(confdir / "conf.py", Tags())
    check_languages(config, confdir / "conf.py")
    site = work / "html"
    recover(site / how.language, outputdir / how.language)
    for code, language in _chosen(config["polyglot_languages"], how.language).items():
        if not how.quiet:
            print(f"── {native_name(language)} ──", flush=True)
        remove_broken(sourcedir, config.get("locale_dirs", ["locales"]), language)
        if not _build_language(language, sourcedir, confdir, site / code, work / "doctrees" / code, how):
            return _fail(f"{native_name(language)} has warnings, listed above; correct them and build again")
    for folder in (site, work / "doctrees"):
        _remove_other_languages(folder, config["polyglot_languages"])
    _write_root_page(config, site)
    (outputdir / how.language).parent.mkdir(parents=True, exist_ok=True)
    publish(site / how.language, outputdir / how.language)
    if how.language:
        shutil.copy(site / "index.html", outputdir / "index.html.new")
        (outputdir / "index.html.new").replace(outputdir / "index.html")
    if not how.quiet:
        print(f"The site is ready; open {outputdir / 'index.html'} in a browser.")
    return 0


def _chosen(languages: dict[str, str], code: str) -> dict[str, str]:
    if not code:
        return languages
    if code not in languages:
        raise ConfigError(f'"{code}" is not in polyglot_languages; name one of these: {", ".join(languages)}')
    return {code: languages[code]}


def _build_language(
    language: str, sourcedir: Path, confdir: Path, outputdir: Path, doctreedir: Path, how: How = AS_EVER
) -> bool:
    """Build one language; what a failed or killed build left is not built upon."""
    unfinished = doctreedir.with_name(f"{doctreedir.name}.unfinished")
    if unfinished.exists():
        for folder in (outputdir, doctreedir):
            if folder.exists():
                shutil.rmtree(folder)
    doctreedir.mkdir(parents=True, exist_ok=True)
    translators.clear()  # or the strings of the language before would come first
    with patch_docutils(str(confdir)), docutils_namespace():
        settings = {"language": language, "polyglot_execute": how.execute}
        status = io.StringIO() if how.quiet else sys.stdout
        app = Sphinx(sourcedir, confdir, outputdir, doctreedir, "html", settings, status, warningiserror=True)
        unfinished.touch()  # not before: to run the lessons, as was done by now, changes no page of this language
        app.build()
    if app.statuscode == 0:
        unfinished.unlink()
    return app.statuscode == 0


def _remove_other_languages(folder: Path, languages: dict[str, str]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in languages:
            shutil.rmtree(path)


def _write_root_page(config: dict, site: Path) -> None:
    """The page that leads to the reader's language."""
    languages = [
        {"code": code, "tag": tag(name), "name": native_name(name)}
        for code, name in config["polyglot_languages"].items()
    ]
    page = render(
        "root.html",
        project=config["project"],
        languages=languages,
        default=config.get("polyglot_default_language") or languages[0]["code"],
        favicon=Path(config.get("html_favicon") or "").name,
        base=config.get("polyglot_baseurl", "").rstrip("/"),
    )
    (site / "index.html").write_text(page, "utf-8")


def _reason(error: SphinxError) -> str:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno and not _of_a_lesson(cause):
        return unusable(cause)
    if isinstance(error, ExtensionError) and (error.modname or "").startswith("sphinx_gallery"):
        return "a lesson failed, see above; the build stopped there"
    if isinstance(error, ExtensionError) and cause:  # a fault of an extension: its own words say most
        traceback.print_exception(cause)
    return str(error)


def _of_a_lesson(error: Exception) -> bool:
    """Whether a lesson's code raised it; Sphinx-Gallery runs that as ``__main__``."""
    return any(frame.f_globals.get("__name__") == "__main__" for frame, _ in traceback.walk_tb(error.__traceback__))


def _fail(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code
