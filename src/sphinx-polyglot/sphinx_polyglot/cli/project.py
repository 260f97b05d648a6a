"""The folders of one build, and what is checked of them before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sphinx.errors import ConfigError

from sphinx_polyglot.check.catalogue import all_catalogue_faults
from sphinx_polyglot.check.styles import style_faults
from sphinx_polyglot.cli.ownership import WORK
from sphinx_polyglot.configuration import Configuration
from sphinx_polyglot.errors import LessonError, SourceError, told
from sphinx_polyglot.source.hidden import text_faults


@dataclass(frozen=True)
class Project:
    """The folders of one build, and what ``conf.py`` says."""

    sourcedir: Path
    outputdir: Path
    confdir: Path
    config: Configuration

    @cached_property
    def work(self) -> Path:
        """Beside the site: one of these is put in the other's place."""
        return self.outputdir.parent / WORK

    @cached_property
    def lock(self) -> Path:
        """Beside the staged scripts: builds into other folders run and stage the same lessons."""
        return self.confdir / f"{self.config.settings.stage_dir}.lock"

    def check(self) -> None:
        """Refuse sources of which no site can be made."""
        if {"{", "}"} & set(str(self.sourcedir)):
            message = "the path of the sources has a brace, with which Sphinx-Gallery cannot save figures"
            raise ConfigError(f"{self.sourcedir}: {message}; rename the folder")
        self._check_files()
        if faults := list(self._faults()):  # Sphinx reads catalogues before all else
            raise LessonError(told(faults, self.confdir))

    def _check_files(self) -> None:
        """Refuse names of files that are not there, where Sphinx would say it late or not at all."""
        root = self.config["root_doc"] or self.config["master_doc"] or "index"
        if not list(self.sourcedir.glob(f"{root}.*")):
            raise ConfigError(
                f"{self.sourcedir / root}.rst: there is no such page, with which the site begins; write it"
            )
        for setting, base in (("locale_dirs", self.sourcedir), ("templates_path", self.confdir)):
            for folder in (base / name for name in self.config.others.get(setting, [])):
                if not folder.is_dir():
                    message = f"conf.py: {setting} names {folder.name}, and there is no folder {folder}"
                    raise ConfigError(f"{message}; correct the name, as seen from {base}")
        for name, found in self._styles():
            if not found:
                raise ConfigError(f"conf.py: html_css_files names {name}, which no html_static_path has; correct it")

    def _styles(self) -> Iterator[tuple[str, list[Path]]]:
        """The style sheets of this project, each with the files of its name."""
        folders = [self.confdir / name for name in self.config["html_static_path"]]
        for name in self.config["html_css_files"] or []:
            if isinstance(name, str) and "://" not in name:
                yield name, [folder / name for folder in folders if (folder / name).is_file()]

    def _faults(self) -> Iterator[SourceError]:
        settings = self.confdir / "conf.py"
        yield from text_faults(settings)
        languages = self.config.settings.languages.values()
        yield from all_catalogue_faults(self.sourcedir, self.config["locale_dirs"], languages)
        for _, found in self._styles():
            yield from style_faults(found[-1])
        for folder in self.config["templates_path"]:
            for path in sorted((self.confdir / folder).rglob("*.html")):
                yield from text_faults(path)
