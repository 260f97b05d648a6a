"""Give the prose to translators, and take their translations back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.errors import SourceError, told
from sphinx_polyglot.exchange.catalogue import Catalogue, code_of
from sphinx_polyglot.exchange.export import catalogues, check_overwriting
from sphinx_polyglot.exchange.formats import ENDINGS, catalogues_in, read_catalogue, write_catalogues
from sphinx_polyglot.exchange.sources import pairs_of, read_sources
from sphinx_polyglot.exchange.taken_in import How, TakenIn, take_in
from sphinx_polyglot.exchange.units import Pair, units_of
from sphinx_polyglot.source.files import write_exactly


def export_catalogues(
    sourcedir: Path, outputdir: Path, confdir: Path, languages: tuple[str, str], form: str, overwrite: bool
) -> int:
    """Write a catalogue of each script and page, in a folder for each language; return an exit code."""
    sourcedir, confdir = sourcedir.resolve(), confdir.resolve()
    config, fresh, left_out = read_configuration(confdir), {}, {}
    for pair in pairs_of(config, *languages):
        sources = read_sources(sourcedir, confdir, config, pair)
        left_out |= dict.fromkeys(sources.left_out)
        for key, catalogue in catalogues(sources, pair, config, confdir):
            fresh[outputdir / pair.target / f"{key}{ENDINGS[form]}"] = catalogue
    if not overwrite:
        check_overwriting(fresh, confdir)
    write_catalogues(fresh)
    for pair in pairs_of(config, *languages):
        _tell_export(pair, [fresh[path] for path in fresh if path.is_relative_to(outputdir / pair.target)], outputdir)
    for path in left_out:
        what = "a notebook, or with translations in a file beside it"
        print(f"{os.path.relpath(path, confdir)}: left out, as it is {what}; translate it there")
    return 0


def _tell_export(pair: Pair, written: list[Catalogue], outputdir: Path) -> None:
    entries = [entry for catalogue in written for entry in catalogue.entries]
    left = sum(not entry.target for entry in entries)
    folder = outputdir / pair.target
    print(f"{folder}: {len(entries)} texts of {len(written)} files from {pair.source} to {pair.target}, {left} to do")


def import_catalogues(sourcedir: Path, files: list[Path], confdir: Path, how: How, dry_run: bool) -> int:
    """Take the translations of catalogues into the sources; return an exit code, 1 where one is refused."""
    sourcedir, confdir = sourcedir.resolve(), confdir.resolve()
    config, refused = read_configuration(confdir), []
    for pair, found in _by_pair(files, config, refused).items():
        sources = read_sources(sourcedir, confdir, config, pair)
        units = [unit for origin in sources.files for unit in units_of(origin, sources.languages, pair)]
        entries = [(catalogue.path, entry) for catalogue in found for entry in catalogue.entries]
        into = take_in(entries, units, pair, sources.languages, how)
        for path, text in {} if dry_run else into.texts.items():
            write_exactly(path, text)
        _tell_import(pair, into, confdir, dry_run)
        refused += into.faults
    if refused:
        print(told(refused, confdir), _counted(len(refused), "translation") + " refused", sep="\n", file=sys.stderr)
    return 1 if refused else 0


def _by_pair(files: list[Path], config: Configuration, refused: list[SourceError]) -> dict[Pair, list[Catalogue]]:
    """The catalogues by their languages; one that cannot be read is refused, and the others are taken."""
    found: dict[Pair, list[Catalogue]] = {}
    for path in catalogues_in(files):
        try:
            catalogue = read_catalogue(path)
            names = (catalogue.source, catalogue.target)
            source, target = (code_of(name, config.settings.languages, path) for name in names)
        except SourceError as fault:
            refused.append(fault)
            continue
        (pair,) = pairs_of(config, source, target)
        found.setdefault(pair, []).append(catalogue)
    return found


def _tell_import(pair: Pair, into: TakenIn, confdir: Path, dry_run: bool) -> None:
    verb = "would be taken" if dry_run else "taken"
    for path, count in sorted(into.counts.items()):
        print(f"{os.path.relpath(path, confdir)}: {_counted(count, 'translation')} {verb}")
    told = [f"{_counted(sum(into.counts.values()), 'translation')} {verb}", f"{into.same} as they were"]
    told += [f"{into.open} not there yet"] if into.open else []
    told += [f"{into.fuzzy} of them fuzzy: look at them, or take them with --fuzzy"] if into.fuzzy else []
    print(f"{pair.source} to {pair.target}: {', '.join(told)}")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
