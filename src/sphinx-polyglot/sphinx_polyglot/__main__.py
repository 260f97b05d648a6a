"""Build a site in every language, check it, show it while it is written; begin lessons, exchange translations."""

from __future__ import annotations

import argparse
import sys

from sphinx_polyglot.cli import language_verbs, site_verbs

#: In the order in which the help lists them.
VERBS = (
    site_verbs.add_build,
    language_verbs.add_check,
    site_verbs.add_serve,
    language_verbs.add_confirm,
    site_verbs.add_new,
    language_verbs.add_export,
    language_verbs.add_import,
    site_verbs.add_settings,
    site_verbs.add_publish,
    site_verbs.add_clean,
    language_verbs.add_merge,
    language_verbs.add_split,
)


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0 when all went well, for ``build`` without a warning.

    Without a verb, the arguments are those of ``build``.
    """
    for stream in (sys.stdout, sys.stderr):  # an author's words may be more than a terminal can show
        stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="sphinx-polyglot", description=__doc__)
    verbs = parser.add_subparsers(metavar="VERB", help="build, if left out", required=True)
    for add in VERBS:
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


if __name__ == "__main__":
    sys.exit(main())
