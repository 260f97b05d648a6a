"""All languages from one process, one after the other; the first one runs the lessons."""

from __future__ import annotations

import sys
from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.application import Sphinx
from sphinx.config import eval_config_file
from sphinx.errors import ExtensionError, SphinxError
from sphinx.locale import translators
from sphinx.util.console import color_terminal, nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.tags import Tags

from sphinx_polyglot.assets import render
from sphinx_polyglot.page import native_name, tag


def build_site(sourcedir: Path, outputdir: Path, confdir: Path) -> int:
    """Build each language into its folder of ``outputdir``; return an exit code."""
    sourcedir, outputdir, confdir = (path.resolve() for path in (sourcedir, outputdir, confdir))
    if not color_terminal():
        nocolor()
    lock = FileLock(outputdir.parent / "polyglot.lock", timeout=0)
    try:
        outputdir.mkdir(parents=True, exist_ok=True)
        with lock:
            return _build_languages(sourcedir, outputdir, confdir)
    except Timeout:
        return _fail(f"another build is writing {outputdir}; wait until it has ended")
    except SphinxError as error:
        return _fail(_reason(error))
    except OSError as error:
        if error.errno is None:  # no word of the system's, so a fault of ours
            raise
        return _fail(_unusable(error))


def _build_languages(sourcedir: Path, outputdir: Path, confdir: Path) -> int:
    config = eval_config_file(confdir / "conf.py", Tags())
    languages = config["polyglot_languages"]
    for code, language in languages.items():
        print(f"── {native_name(language)} ──", flush=True)
        doctreedir = outputdir.parent / "doctrees" / code
        translators.clear()  # or the strings of the language before would come first
        with patch_docutils(str(confdir)), docutils_namespace():
            settings = {"language": language}
            app = Sphinx(sourcedir, confdir, outputdir / code, doctreedir, "html", settings, warningiserror=True)
            app.build()
        if app.statuscode:
            return _fail(f"{native_name(language)} has warnings, listed above; correct them and build again")
    _write_root_page(config, outputdir)
    print(f"The site is ready; open {outputdir / 'index.html'} in a browser.")
    return 0


def _write_root_page(config: dict, outputdir: Path) -> None:
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
    (outputdir / "index.html").write_text(page, "utf-8")


def _reason(error: SphinxError) -> str:
    if isinstance(error, ExtensionError) and (error.modname or "").startswith("sphinx_gallery"):
        return "a lesson failed, see above; the build stopped there"
    cause = error.__cause__
    return _unusable(cause) if isinstance(cause, OSError) and cause.errno else str(error)


def _unusable(error: OSError) -> str:
    return f"{error.filename or 'a file'}: {error.strerror}; make it writable, make room, or name another output folder"


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
