"""One script, many languages, executed once: an extension beside Sphinx-Gallery.

Its rooms; none imports from a later one:

``disk`` knows whose a file is. ``source`` takes apart what authors write. ``cjk`` and ``mathematics``
make Chinese and formulas read well, each an extension of its own. ``gallery`` holds all that is known
of Sphinx-Gallery, which runs the lessons. ``check`` compares the languages before anything is built.
``pages`` puts one language's prose back and adds what surrounds it. ``notebooks`` makes what readers
take along. ``running`` has lessons run in processes of their own. ``moving`` turns copies of a script into
one of marks, and back; ``exchange`` gives the prose to translators, and takes it back. ``cli`` has the verbs.
"""

from __future__ import annotations

__version__ = "0.1.0"

#: What every page is styled with.
STYLES = (
    "switch",
    "downloads",
    "folding",
    "checked",
    "figures",
    "held",
    "series",
    "together",
    "copy",
    "note",
    "directions",
)


def setup(app) -> dict[str, object]:
    """Register everything with Sphinx, Sphinx-Gallery included."""
    from sphinx_polyglot import assets, events, settings
    from sphinx_polyglot.disk import refusal
    from sphinx_polyglot.gallery import notes
    from sphinx_polyglot.pages import (
        anchors,
        borrowed,
        captions,
        drawings,
        facts,
        folding,
        glossary,
        held,
        lent_names,
        minutes,
        note,
        printed,
        projection,
        regions,
        settings_list,
        stale,
        standing_in,
        things,
    )
    from sphinx_polyglot.source.course import Course

    app.setup_extension("sphinx_gallery.gen_gallery")
    settings.register(app)
    for name in ("polyglot_makers", "polyglot_catalogues"):  # digests, with which every page is read again
        app.add_config_value(name, "", "env")
    events.connect(app, Course())
    app.add_directive("polyglot-glossary", glossary.PolyglotGlossary)
    app.add_directive("polyglot-facts", facts.PolyglotFacts)
    app.add_directive("polyglot-settings", settings_list.PolyglotSettings)
    app.add_role("printed", printed.PrintedRole())
    for transform in (
        projection.InlinePlaceholders,
        printed.QuotePrinted,
        notes.EnglishNotes,
        anchors.LabelAnchors,
    ):
        app.add_transform(transform)
    for room in (
        folding,
        regions,
        minutes,
        drawings,
        things,
        captions,
        borrowed,
        held,
        note,
        standing_in,
        lent_names,
        stale,
    ):
        room.register(app)
    refusal.listen()
    assets.ship(app, "root.js")
    assets.add(app, "polyglot.js", "together.js", "copy.js", *(f"{name}.css" for name in STYLES))
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
