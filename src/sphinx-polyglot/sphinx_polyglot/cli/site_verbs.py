"""The verbs that make a site. Each imports what does its work."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from sphinx_polyglot.cli.options import add_confdir, add_folders, add_sourcedir, count_of, sourcedir_of
from sphinx_polyglot.cli.supervise import lead
from sphinx_polyglot.gallery.worker import worker

#: How often Python looks for garbage. A build makes many objects that stay: to look for it as often as by default
#: takes a tenth of a build without changes.
COLLECT = (100_000, 50, 100)


def add_build(verbs) -> None:
    """Build every language into one site."""
    parser = verbs.add_parser("build", help="build every language into one site")
    add_folders(parser)
    parser.add_argument("--language", default="", metavar="CODE", help="build this language only")
    parser.add_argument("--wait", action="store_true", help="wait while another build is running, instead of failing")
    parser.add_argument(
        "--jobs", type=count_of, default=1, metavar="N", help="run so many lessons at the same time (default: 1)"
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


def add_serve(verbs) -> None:
    """Show the site while it is written."""
    parser = verbs.add_parser("serve", help="build, show the site on this machine, and build again on every save")
    add_folders(parser)
    parser.add_argument("--port", type=int, default=8000, help="serve here, or at the next free port (default: 8000)")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.serve import serve

        return serve(options.sourcedir, options.outputdir, options.confdir, options.port, options.execute)

    parser.set_defaults(run=run)


def add_new(verbs) -> None:
    """Begin a lesson."""
    parser = verbs.add_parser("new", help="begin a lesson in every language")
    parser.add_argument("name", help="two digits, an underscore and a name: 55_name")
    add_sourcedir(parser)
    add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.new import new_lesson

        return new_lesson(options.name, sourcedir_of(options), options.confdir)

    parser.set_defaults(run=run)


def add_publish(verbs) -> None:
    """Make a built site ready for a host."""
    parser = verbs.add_parser("publish", help="make a built site ready for any static host")
    parser.add_argument("site", type=Path, help="the folder of a site that was built with its address")
    parser.add_argument("outputdir", type=Path, help="where that goes which you copy to your host")
    add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.hosted import host_site

        return host_site(options.site, options.outputdir, options.confdir)

    parser.set_defaults(run=run)


def add_clean(verbs) -> None:
    """Remove what builds wrote."""
    parser = verbs.add_parser("clean", help="remove what builds wrote, and nothing else")
    parser.add_argument("outputdirs", type=Path, nargs="+", help="the folders of the sites")
    add_confdir(parser)

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.cli.clean import clean

        return clean(options.outputdirs, options.confdir)

    parser.set_defaults(run=run)


def add_settings(verbs) -> None:
    """List the settings."""
    parser = verbs.add_parser("settings", help="list what conf.py may set, with its default and its meaning")

    def run(options: argparse.Namespace) -> int:
        from sphinx_polyglot.settings import described

        print(described())
        return 0

    parser.set_defaults(run=run)
