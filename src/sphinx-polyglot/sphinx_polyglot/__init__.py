"""One script, many languages, executed once: an extension beside Sphinx-Gallery.

``marks``, ``grouping`` and ``source`` read what authors write, ``lesson`` takes it apart, ``check``
compares the languages, ``paragraphs`` one by one, and what stands ``around`` them, ``drafts``
counts what is left to translate, ``stage`` writes what Sphinx-Gallery runs, with a ``fingerprint``
of what its outputs depend on, and ``project`` puts one language's prose back when Sphinx reads the
result. ``execution`` chooses which lessons run, ``progress`` tells of those that do. ``failure``
names the author's line, ``leftovers`` removes what is gone. ``page`` adds what surrounds the text,
``links`` what stands at its foot, ``pictures`` the sizes of its figures; ``glossary`` and ``facts``
are directives for pages around the lessons; ``themes`` finds terms that no page shows.
``notebooks`` makes what readers take along and run. ``typography``, ``inliner``, ``search`` and
``mathematics`` make Chinese and formulas read well. ``python -m sphinx_polyglot`` has verbs:
``build`` makes every language, and ``publish`` shows them all at once; ``serve`` builds on every
save, which ``watch`` sees, and ``live`` tells the pages that are open; ``new`` begins a lesson;
``check`` stands alone, too. ``catalogue`` watches over translations of the theme, ``styles`` over
style sheets, ``untranslated`` tells what they lack, ``references`` which links lead nowhere,
``refusal`` tells what the disk refused. ``supervise`` leads the process that builds and ``guard``
watches its lessons; ``records`` of what was written tell ``ownership`` and ``ledger`` what is ours,
``contents`` which pages are read again, and ``clean`` what to remove. ``explain`` puts into words
whatever ends a verb.
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
    from sphinx_polyglot import (
        assets,
        catalogue,
        contents,
        execution,
        facts,
        failure,
        glossary,
        leftovers,
        links,
        mathematics,
        notebooks,
        page,
        pictures,
        project,
        references,
        refusal,
        search,
        settings,
        stage,
        typography,
        untranslated,
    )
    from sphinx_polyglot.course import Course

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
    app.connect("source-read", project.project, priority=900)
    app.connect("env-get-outdated", leftovers.remove_pages)
    app.connect("env-updated", page.rewrite_neighbours)
    app.connect("html-page-context", page.add_languages)
    app.connect("build-finished", leftovers.remove_unused)
    app.add_source_parser(project.PolyglotParser, override=True)
    for transform in (project.InlinePlaceholders, page.EnglishNotes, page.LabelAnchors):
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
