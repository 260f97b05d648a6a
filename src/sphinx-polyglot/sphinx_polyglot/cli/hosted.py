"""A built site made ready for any static host, in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from sphinx.errors import ConfigError

from sphinx_polyglot.assets import render
from sphinx_polyglot.cli.ownership import HOSTED, MARK, check_output, mark, note
from sphinx_polyglot.cli.project import Project
from sphinx_polyglot.cli.publish import publish, recover, remove_folder
from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.disk.records import names
from sphinx_polyglot.hosting.addresses import write_addresses
from sphinx_polyglot.hosting.copies import compress, pack
from sphinx_polyglot.hosting.policy import write_policy
from sphinx_polyglot.hosting.sheets import join_sheets
from sphinx_polyglot.hosting.tokens import drop_plain_tokens
from sphinx_polyglot.languages import direction, tag
from sphinx_polyglot.words import said_in

#: What stands in for a missing page says, in each language.
SAID = {
    "missing": "There is no such page here. It may have moved, or the address has a slip.",
    "start": "Start page",
    "search": "Search",
}


def host_site(site: Path, outputdir: Path, confdir: Path) -> int:
    """Make ``outputdir`` of the built ``site``; return an exit code.

    Raises:
        ConfigError: where the site has no address, was built for another, or is not there.
    """
    site, outputdir = site.resolve(), outputdir.resolve()
    config = read_configuration(confdir.resolve())
    _check(site, config)
    project = Project(site, outputdir, confdir.resolve(), config)
    try:
        with FileLock(project.lock, timeout=0):
            _host(project)
    except Timeout:
        raise ConfigError(f"a build is writing {site}; wait until it has ended") from None
    print(f"{outputdir} is ready for {config.settings.baseurl}/ : copy all that is in it to your host.")
    return 0


def _host(project: Project) -> None:
    site, outputdir, work = project.sourcedir, project.outputdir, project.work
    check_output(outputdir, work, {"the built site": site})
    hosted = work / HOSTED
    recover(hosted, outputdir)
    _prepare(site, hosted, project.config)
    note(outputdir, work, names(hosted))
    mark(hosted, names(hosted))
    publish(hosted, outputdir)
    remove_folder(hosted)


def _check(site: Path, config: Configuration) -> None:
    base = config.settings.baseurl
    if urlsplit(base).scheme not in ("http", "https"):
        raise ConfigError(f"polyglot_baseurl is {base!r}; set it to where the site will be: https://example.org/course")
    root = site / "index.html"
    if not (site / MARK).exists() or not root.exists():
        raise ConfigError(f"{site} is no site that sphinx-polyglot built; build one there first")
    if f'<link rel="canonical" href="{base}/">' not in root.read_text("utf-8"):
        raise ConfigError(f"{site} was built for another address than {base}/; build it again, then repeat this")


def _prepare(site: Path, hosted: Path, config: Configuration) -> None:
    """Everything that a host needs beside the pages; the zip first, for it is read where there is no host."""
    languages, base = config.settings.languages, config.settings.baseurl
    remove_folder(hosted)
    for name in names(site) - {MARK}:  # no empty folder
        (hosted / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(site / name, hosted / name)
    pack(hosted, hosted / f"{config['project']}.zip")
    (hosted / "404.html").write_text(_missing(config), "utf-8")
    (hosted / ".nojekyll").touch()  # GitHub would leave out folders with an underscore
    write_addresses(hosted, base, languages)
    drop_plain_tokens(hosted)
    join_sheets(hosted)
    write_policy(hosted, base)
    compress(hosted)


def _missing(config: Configuration) -> str:
    """A page that stands in for any other, so that all its links begin at the root of the host."""
    settings, root = config.settings, urlsplit(config.settings.baseurl).path
    languages = [
        {"code": code, "tag": tag(name), "direction": direction(name)}
        | {key: said_in(name, words) for key, words in SAID.items()}
        for code, name in settings.languages.items()
    ]
    icon = Path(config["html_favicon"] or "").name
    return render("absent.html", project=config["project"], languages=languages, root=root, favicon=icon)
