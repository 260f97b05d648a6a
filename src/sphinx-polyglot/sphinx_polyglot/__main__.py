"""Build a site in every language, check it, show it while it is written; begin lessons, exchange translations."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from sphinx_polyglot.cli.supervise import lead
from sphinx_polyglot.gallery.worker import worker

#: Which lessons a build executes, besides a single one; as in ``gallery.selection``, which takes long to import.
ALL, NONE = "all", "none"
#: How often Python looks for garbage. A build makes many objects that stay: to look for it as often as by default
#: takes a tenth of a build without changes.
COLLECT = (100_000, 50, 100)


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0 when all went well, for ``build`` without a warning.

    Without a verb, the arguments are those of ``build``.
    """
    for stream in (sys.stdout, sys.stderr):  # an author's words may be more than a terminal can show
        stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="sphinx-polyglot", description=__doc__)
    verbs = parser.add_subparsers(metavar="VERB", help="build, if left out", required=True)
    for add in (
        _add_build,
        _add_check,
        _add_serve,
        _add_confirm,
        _add_new,
        _add_export,
        _add_import,
        _add_settings,
        _add_publish,
        _add_clean,
        _add_merge,
        _add_split,
    ):
        add(verbs)
    if not arguments or arguments[0] not in {*verbs.choices, "-h", "--help"}:
        arguments = ["build", *arguments]
    options = parser.parse_args(arguments, argparse.Namespace(arguments=arguments))
    try:
        return options.run(options)
    except Exception as error:
        from sphinx_polyglot.cli.explain import explained

        message, code = explained(error)
        print(message, file=sys.stderr)
        return code


def _add_build(verbs) -> None:
    parser = verbs.add_parser("build", help="build every language into one site")
    _add_folders(parser)
    parser.add_argument("--language", default="", metavar="CODE", help="build this language only")
    parser.add_argument("--wait", action="store_true", help="wait while another build is running, instead of failing")
    parser.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help="run so many lessons at the same time (default: 1)"
    )
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="run them on this Dask cluster: tcp://…")
    parser.add_argument("--quiet", action="store_true", help="tell only of the lessons that run, and of faults")

    def run(options: argparse.Namespace) -> int:
        if not worker.notes:
            return lead(options.arguments)
        gc.set_threshold(*COLLECT)
        from sphinx_polyglot.cli.build import build_site
        from sphinx_polyglot.cli.language import How

        how = How(options.language, options.execute, options.wait, options.quiet, options.jobs, options.cluster)
        return worker.leave(build_site(options.sourcedir, options.outputdir, options.confdir, how))

    parser.set_defaults(run=run)


def _add_check(verbs) -> None:
    parser = verbs.add_parser("check", help="compare the languages of every lesson and page, without building")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    _add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.check.sources import check_project

        return check_project(options.sourcedir, options.confdir)

    parser.set_defaults(run=run)


def _add_confirm(verbs) -> None:
    parser = verbs.add_parser("confirm", help="say that translations are right for what their originals say now")
    parser.add_argument("language", help="the language of the translations: fr")
    parser.add_argument("files", type=Path, nargs="*", help="the scripts, sidecars and pages (default: all)")
    parser.add_argument("--new", action="store_true", help="only those of which nothing is known yet")
    _add_sourcedir(parser)
    _add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.confirm import confirm

        return confirm(options.language, options.files, _sourcedir(options), options.confdir, options.new)

    parser.set_defaults(run=run)


def _add_serve(verbs) -> None:
    parser = verbs.add_parser("serve", help="build, show the site on this machine, and build again on every save")
    _add_folders(parser)
    parser.add_argument("--port", type=int, default=8000, help="serve here, or at the next free port (default: 8000)")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.serve import serve

        return serve(options.sourcedir, options.outputdir, options.confdir, options.port, options.execute)

    parser.set_defaults(run=run)


def _add_new(verbs) -> None:
    parser = verbs.add_parser("new", help="begin a lesson in every language")
    parser.add_argument("name", help="two digits, an underscore and a name: 55_name")
    _add_sourcedir(parser)
    _add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.new import new_lesson

        return new_lesson(options.name, _sourcedir(options), options.confdir)

    parser.set_defaults(run=run)


def _add_export(verbs) -> None:
    parser = verbs.add_parser("export", help="write the prose into catalogues for translators")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("outputdir", type=Path, help="where the catalogues go, a folder for each language")
    _add_confdir(parser)
    parser.add_argument("--format", choices=["po", "xliff"], default="po", help="PO of gettext (default), or XLIFF 1.2")
    parser.add_argument("--from", dest="source", default="", metavar="CODE", help="translate from this language")
    parser.add_argument("--to", dest="target", default="", metavar="CODE", help="into this language only")
    parser.add_argument("--overwrite", action="store_true", help="write over translations that were not imported")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.exchange import export_catalogues

        languages, folders = (options.source, options.target), (options.sourcedir, options.outputdir, options.confdir)
        return export_catalogues(*folders, languages, options.format, options.overwrite)

    parser.set_defaults(run=run)


def _add_import(verbs) -> None:
    parser = verbs.add_parser("import", help="put the translations of catalogues into the scripts and pages")
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("catalogues", type=Path, nargs="+", help="catalogues, or folders with them")
    _add_confdir(parser)
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


def _add_settings(verbs) -> None:
    parser = verbs.add_parser("settings", help="list what conf.py may set, with its default and its meaning")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.settings import described

        print(described())
        return 0

    parser.set_defaults(run=run)


def _add_publish(verbs) -> None:
    parser = verbs.add_parser("publish", help="make a built site ready for any static host")
    parser.add_argument("site", type=Path, help="the folder of a site that was built with its address")
    parser.add_argument("outputdir", type=Path, help="where that goes which you copy to your host")
    _add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.hosted import host_site

        return host_site(options.site, options.outputdir, options.confdir)

    parser.set_defaults(run=run)


def _add_clean(verbs) -> None:
    parser = verbs.add_parser("clean", help="remove what builds wrote, and nothing else")
    parser.add_argument("outputdirs", type=Path, nargs="+", help="the folders of the sites")
    _add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.clean import clean

        return clean(options.outputdirs, options.confdir)

    parser.set_defaults(run=run)


def _add_merge(verbs) -> None:
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


def _add_split(verbs) -> None:
    parser = verbs.add_parser("split", help="make an ordinary script for each language from one of marks")
    parser.add_argument("source", type=Path, help="a script, or a folder of them")
    parser.add_argument("-o", "--output", type=Path, required=True, help="gets a folder for each language")
    parser.add_argument("-c", "--confdir", type=Path, help="take the languages of the conf.py in here")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.split import split_scripts

        return split_scripts(options.source, options.output, options.confdir)

    parser.set_defaults(run=run)


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sourcedir", type=Path, help="the folder with the pages that are not lessons")
    parser.add_argument("outputdir", type=Path, help="where the site goes, a folder for each language")
    _add_confdir(parser)
    lessons = parser.add_mutually_exclusive_group()
    lessons.add_argument("--lesson", metavar="NAME", dest="execute", default=ALL, help="execute this lesson only")
    lessons.add_argument("--preview", action="store_const", const=NONE, dest="execute", help="execute no lesson")


def _add_sourcedir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sourcedir", type=Path, help="the folder with the other pages (default: docs, or the one of conf.py)"
    )


def _sourcedir(options: argparse.Namespace) -> Path:
    docs = options.confdir / "docs"
    return options.sourcedir or (docs if docs.is_dir() else options.confdir)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of lessons; write 1 or more")
    return int(text)


def _add_confdir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-c", "--confdir", type=Path, default=Path(), help="the folder with conf.py (default: this one)"
    )


if __name__ == "__main__":
    sys.exit(main())
