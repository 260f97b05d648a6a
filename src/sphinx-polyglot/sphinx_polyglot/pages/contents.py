"""Which pages are read again: those whose sources hold other text, whatever the dates of the files say.

Sphinx looks at dates only, and a file that was moved, copied with its date or restored may be older
than the one before. So each page's sources are noted with a digest of what was in them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from sphinx_polyglot.assets import own_digest
from sphinx_polyglot.disk.records import digest, names

#: What makes pages out of sources, besides this extension and the theme.
MAKERS = ("sphinx", "docutils", "sphinx-gallery", "ziamath", "latex2mathml", "pygments")


def note_makers(app: Sphinx, config: Config) -> None:
    """``config-inited``: another version of what makes the pages makes all of them again; so does a template."""
    versions = [f"{name} {_version(name)}" for name in (*MAKERS, config.html_theme.replace("_", "-"))]
    folders = [Path(app.confdir, folder) for folder in config.templates_path]
    templates = [f"{Path(name).name} {digest(folder / name)}" for folder in folders for name in sorted(names(folder))]
    config.polyglot_makers = hashlib.blake2b("\n".join([own_digest(), *versions, *templates]).encode()).hexdigest()[:32]


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def outdated_sources(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """``env-get-outdated``: pages with a source that is not what it was."""
    noted: dict[str, dict[str, str]] = getattr(env, "polyglot_contents", {})
    now = {path: digest(Path(path)) for path in {path for contents in noted.values() for path in contents}}
    return [name for name, contents in noted.items() if any(now[path] != found for path, found in contents.items())]


def note_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """``env-before-read-docs``: what each page holds that is about to be read."""
    env.polyglot_contents = {
        name: found for name, found in getattr(env, "polyglot_contents", {}).items() if name in env.found_docs
    }
    for name in docnames:
        path = str(env.doc2path(name))
        env.polyglot_contents[name] = {path: digest(Path(path))}


def note_dependencies(app: Sphinx, env: BuildEnvironment) -> None:
    """``env-updated``: what else went into the pages; a lesson as it was when it was read, maybe long ago."""
    course = env.polyglot
    known = dict(course.contents)
    for name, contents in getattr(env, "polyglot_contents", {}).items():
        for path in _dependencies(env, name):
            if path not in contents:
                known.setdefault(path, digest(Path(path)))
                contents[path] = known[path]


def _dependencies(env: BuildEnvironment, name: str) -> Iterator[str]:
    for path in env.dependencies.get(name, ()):
        yield os.path.normpath(Path(env.srcdir, path))
