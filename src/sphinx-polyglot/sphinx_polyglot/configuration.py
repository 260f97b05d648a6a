"""``conf.py``, read for verbs that start no Sphinx."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass
from pathlib import Path

from sphinx.config import eval_config_file
from sphinx.errors import ConfigError
from sphinx.util.tags import Tags

from sphinx_polyglot.gallery.folders import check_folders
from sphinx_polyglot.settings import OTHERS, Settings
from sphinx_polyglot.settings_faults import check_settings


@dataclass(frozen=True)
class Configuration:
    """Our settings, and those of others as ``conf.py`` has them."""

    settings: Settings
    others: dict

    def __getitem__(self, name: str):
        """A setting of others; what it is where ``conf.py`` leaves it out, too."""
        return self.others.get(name, OTHERS.get(name))


def read_configuration(confdir: Path) -> Configuration:
    """What ``conf.py`` sets; the environment stays as it was.

    Raises:
        ConfigError: there is none, it fails, or it does not set up a course.
    """
    path, environment = confdir / "conf.py", dict(os.environ)
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file; name its folder with -c")
    try:
        config = eval_config_file(path, Tags())
    except ConfigError as error:
        raise ConfigError(_fault(path, error)) from error
    finally:
        os.environ.clear()
        os.environ.update(environment)
    for name in ("polyglot_languages", "sphinx_gallery_conf"):
        if not config.get(name):
            raise ConfigError(f"{path}: {name} is not set; set it there")
    if "sphinx_polyglot" not in config.get("extensions", []):
        raise ConfigError(f'{path}: extensions does not name "sphinx_polyglot"; add it there')
    check_settings(config, path)
    check_folders(config, path)
    return Configuration(Settings.of(config), config)


def _fault(path: Path, error: ConfigError) -> str:
    """Why ``conf.py`` cannot be run, in one line, with the line where that shows."""
    cause = error.__cause__ or error.__context__
    if cause is None:
        return f"{path}: {error}"
    lines = [frame.lineno for frame in traceback.extract_tb(cause.__traceback__) if frame.filename == str(path)]
    if isinstance(cause, SyntaxError) and cause.filename in (str(path), "<string>", None):
        lines = [cause.lineno or 1]
    said = cause.msg if isinstance(cause, SyntaxError) else cause
    what = "it ends the program" if isinstance(cause, SystemExit) else f"{type(cause).__name__}: {said}"
    return f"{path}:{lines[-1] if lines else 1}: {what}; correct it"
