"""One script, many languages, executed once: an extension beside Sphinx-Gallery.

Its rooms, in the order in which a lesson passes them; none imports from a later one:

``disk`` knows whose a file is. ``source`` takes apart what authors write. ``gallery`` holds all
that is known of Sphinx-Gallery, which runs the lessons. ``check`` compares the languages before
anything is built. ``pages`` puts one language's prose back and adds what surrounds it, ``cjk``
and ``mathematics`` make Chinese and formulas read well, and ``notebooks`` makes what readers take
along. ``cli`` has the verbs: ``build``, ``check``, ``serve``, ``new`` and ``clean``.
"""

from __future__ import annotations

__version__ = "0.1.0"

#: Settings for ``conf.py``; all may be left out.
SETTINGS = {
    "polyglot_languages": {},  # code, as in paths and marks: Sphinx's name of the language
    "polyglot_drafts": {},  # languages not wholly translated yet: the one that fills their gaps
    "polyglot_default_language": "",  # for readers of none of them
    "polyglot_baseurl": "",  # where the site's languages are served: for hreflang and canonical
    "polyglot_stage_dir": "build/stage",
    "polyglot_source_dirs": [],  # where the modules lie whose edits re-run the lessons that import them
    "polyglot_distributions": {},  # import name: distribution, where the two differ
    "polyglot_inputs": {},  # module: the files and folders that it reads
    "polyglot_facts": {},  # what else every lesson depends on
    "polyglot_glossary": "",  # the file with the terms, in each language
    "polyglot_timeout": 1800.0,  # seconds that one lesson may take
    "polyglot_watched": {},  # what no lesson may leave changed: the function that tells it, by what it is called
    "polyglot_execute": "all",  # or "none", or the name of the one lesson that may run
    "polyglot_about": {},  # what else a page with the build's facts tells
    "polyglot_repository": "",  # where the sources are shown and mistakes reported
    "polyglot_branch": "main",
    "polyglot_source_link": "{repository}/blob/{branch}/{path}",
    "polyglot_report_link": "{repository}/issues/new?title={title}&body={address}",
    "polyglot_library": "",  # the package that the zip of all lessons holds whole
    "polyglot_install_hints": {},  # module: what else to tell the reader of a lesson who lacks it
    "polyglot_requirements": [],  # what readers need besides what the lessons import, say to open a notebook
    "polyglot_bundle_readme": "",  # the file that explains the zip of all lessons, marked like a page
    "polyglot_published": "",  # where the built site is kept, for hosts that open notebooks: owner/name/blob/branch
    "polyglot_clouds": {  # name of a host: the address at which it opens the notebook {path} or {url}
        "Colab": "https://colab.research.google.com/github/{published}/{path}",
        "ModelScope": "https://modelscope.cn/notebook/share/github/{published}/{path}",
    },
}
#: Those that show on every page, which is then written again.
SHOWN = {"polyglot_languages", "polyglot_default_language", "polyglot_repository", "polyglot_branch"} | {
    "polyglot_source_link",
    "polyglot_report_link",
    "polyglot_published",
    "polyglot_clouds",
    "polyglot_install_hints",
}
#: Those with which every page is read again.
READ = {"polyglot_glossary"}


def setup(app) -> dict:
    """Register everything with Sphinx."""
    from sphinx_polyglot import assets, mathematics, notebooks, settings
    from sphinx_polyglot.check import catalogue
    from sphinx_polyglot.cjk import search, typography
    from sphinx_polyglot.disk import refusal
    from sphinx_polyglot.gallery import execution, failure, leftovers, stage
    from sphinx_polyglot.pages import (
        contents,
        facts,
        glossary,
        links,
        page,
        pictures,
        projection,
        references,
        untranslated,
    )
    from sphinx_polyglot.source.course import Course

    for name, default in SETTINGS.items():
        app.add_config_value(name, default, "html" if name in SHOWN else "env" if name in READ else "")
    course = Course()
    failure.report_author_places(course, str(app.confdir))
    app.connect("config-inited", settings.refuse_misspelt, priority=1)
    app.connect("config-inited", assets.separate_paths, priority=1)
    app.connect("config-inited", page.set_baseurl, priority=1)
    app.connect("config-inited", lambda app, config: stage.stage(app, config, course), priority=1)
    app.connect("builder-inited", lambda app: setattr(app.env, "polyglot", course), priority=1)
    app.connect("builder-inited", leftovers.close_lessons, priority=600)
    app.connect("builder-inited", execution.choose, priority=20)
    app.connect("source-read", projection.project, priority=900)
    app.connect("env-get-outdated", leftovers.remove_pages)
    app.connect("env-updated", page.rewrite_neighbours)
    app.connect("html-page-context", page.add_languages)
    app.connect("build-finished", leftovers.remove_unused)
    app.add_source_parser(projection.PolyglotParser, override=True)
    for transform in (projection.InlinePlaceholders, page.EnglishNotes, page.LabelAnchors):
        app.add_transform(transform)
    app.add_js_file("polyglot.js", loading_method="defer")
    app.add_css_file("switch.css")
    for name in ("polyglot.js", "switch.css"):
        assets.ship(app, name)
    for part in (
        catalogue,
        contents,
        refusal,
        typography,
        search,
        mathematics,
        glossary,
        facts,
        links,
        notebooks,
        pictures,
        references,
        untranslated,
    ):
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
