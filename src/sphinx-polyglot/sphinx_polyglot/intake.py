"""At the begin of a build: read the sources, check them, stage the lessons."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from sphinx_polyglot.check.memo import read_and_check
from sphinx_polyglot.check.scope import scope
from sphinx_polyglot.gallery.folders import check_folders, check_scripts, excluded
from sphinx_polyglot.gallery.stage import stage
from sphinx_polyglot.pages.projection import placed
from sphinx_polyglot.settings import NAMES, OTHERS, Settings
from sphinx_polyglot.settings_faults import check_settings
from sphinx_polyglot.source.course import Course

logger = logging.getLogger(__name__)


def take_in(app: Sphinx, config: Config, course: Course) -> None:
    """``config-inited``: fill the course, or stop with all that is wrong in its sources."""
    values = {name: config[name] for name in {*OTHERS, *NAMES}}
    check_settings(values, "conf.py")
    course.settings, course.root = Settings.of(values), Path(app.confdir)
    course.language = _language(config, course)
    if course.settings.baseurl:  # each language lives in a folder of the site's address
        config.html_baseurl = f"{course.settings.baseurl}/{course.language}/"
    for tag, holds in course.settings.tags.items():
        if holds:
            app.tags.add(tag)
    if not course.languages:
        return
    check_folders(values, "conf.py")
    srcdir, gallery_conf = Path(app.srcdir), config.sphinx_gallery_conf
    check_scripts(gallery_conf, srcdir)
    stage_dir = course.root / course.settings.stage_dir
    config.exclude_patterns = [*config.exclude_patterns, *excluded(gallery_conf, srcdir, stage_dir)]
    read = read_and_check(
        course, srcdir, gallery_conf, scope(course.settings, config, srcdir, course.root, [config.language])
    )
    if remarks := course.remarks.get(course.language):
        logger.info("%s", remarks)
    stage(app, read, course)
    app.add_source_parser(placed(app.registry.get_source_parser("restructuredtext")), override=True)


def _language(config: Config, course: Course) -> str:
    """The code of the language that is built."""
    if not course.languages:
        return ""
    for code, name in course.languages.items():
        if config.language in (code, name):
            return code
    raise ConfigError(f"language {config.language!r} is not in polyglot_languages {course.languages}; add it there")
