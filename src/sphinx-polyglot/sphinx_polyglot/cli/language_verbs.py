"""The verbs that compare languages, move them and hand them over. Each imports what does its work."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_polyglot.cli.options import add_confdir, add_sourcedir, sourcedir_of


def add_check(verbs) -> None:
    """Compare the languages."""
    parser = verbs.add_parser("check", help="compare the languages of every lesson and page, without building")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.check.sources import check_project

        return check_project(options.sourcedir, options.confdir)

    parser.set_defaults(run=run)


def add_confirm(verbs) -> None:
    """Say that translations are right."""
    parser = verbs.add_parser("confirm", help="say that translations are right for what their originals say now")
    parser.add_argument("language", help="the language of the translations: fr")
    parser.add_argument("files", type=Path, nargs="*", help="the scripts, sidecars and pages (default: all)")
    parser.add_argument("--new", action="store_true", help="only those of which nothing is known yet")
    add_sourcedir(parser)
    add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.confirm import confirm

        return confirm(options.language, options.files, sourcedir_of(options), options.confdir, options.new)

    parser.set_defaults(run=run)


def add_export(verbs) -> None:
    """Write catalogues for translators."""
    parser = verbs.add_parser("export", help="write the prose into catalogues for translators")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("outputdir", type=Path, help="where the catalogues go, a folder for each language")
    add_confdir(parser)
    parser.add_argument("--format", choices=["po", "xliff"], default="po", help="PO of gettext (default), or XLIFF 1.2")
    parser.add_argument("--from", dest="source", default="", metavar="CODE", help="translate from this language")
    parser.add_argument("--to", dest="target", default="", metavar="CODE", help="into this language only")
    parser.add_argument("--overwrite", action="store_true", help="write over translations that were not imported")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.exchange import export_catalogues

        languages, folders = (options.source, options.target), (options.sourcedir, options.outputdir, options.confdir)
        return export_catalogues(*folders, languages, options.format, options.overwrite)

    parser.set_defaults(run=run)


def add_import(verbs) -> None:
    """Take the translations of catalogues."""
    parser = verbs.add_parser("import", help="put the translations of catalogues into the scripts and pages")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("catalogues", type=Path, nargs="+", help="catalogues, or folders with them")
    add_confdir(parser)
    parser.add_argument("--fuzzy", action="store_true", help="take also what is marked as fuzzy")
    parser.add_argument(
        "--overwrite", action="store_true", help="write over translations that changed since the export"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be taken, and write nothing")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.exchange import How, import_catalogues

        how = How(options.fuzzy, options.overwrite)
        return import_catalogues(options.sourcedir, options.catalogues, options.confdir, how, options.dry_run)

    parser.set_defaults(run=run)


def add_merge(verbs) -> None:
    """Make one script of copies."""
    parser = verbs.add_parser("merge", help="make one script of marks from copies of it, one in each language")
    parser.add_argument(
        "copies", nargs="+", metavar="CODE=PATH", help="a script, a folder of them or a catalogue, as in en=gallery"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the script or the folder that is written")
    parser.add_argument("--code-of", default="", metavar="CODE", help="where the code differs, keep this language's")
    parser.add_argument("-c", "--confdir", type=Path, help="have the languages in the order of the conf.py in here")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.merge import merge

        return merge(options.copies, options.output, options.code_of, options.confdir)

    parser.set_defaults(run=run)


def add_split(verbs) -> None:
    """Make an ordinary script for each language."""
    parser = verbs.add_parser("split", help="make an ordinary script for each language from one of marks")
    parser.add_argument("source", type=Path, help="a script, or a folder of them")
    parser.add_argument("-o", "--output", type=Path, required=True, help="gets a folder for each language")
    parser.add_argument("-c", "--confdir", type=Path, help="take the languages of the conf.py in here")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.split import split_scripts

        return split_scripts(options.source, options.output, options.confdir)

    parser.set_defaults(run=run)
