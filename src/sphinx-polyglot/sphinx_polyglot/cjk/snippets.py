"""A line of text below each search result, without asking a server for the page, and marks on that page.

Sphinx's search page fetches every page that it found, which a browser refuses on
``file://``. Here the texts of all pages are one script, loaded by the search page and by
whoever begins to type a query. What a page shall mark stands in the link that leads to it.
Pages that ``cjk_found_last`` names in ``conf.py`` come after all others: those about the project.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from sphinx_polyglot.assets import add, ship

#: What finds, and what shows the hits: on the page of results, and below the search box of each page.
HITS, PAGE, TYPING = "search-hits.js", "search-page.js", ("search-typing.js", "search-typing.css")
MARKS = "search-marks.js"

#: The texts, beside Sphinx's own ``searchindex.js``, and what stands around them there.
TEXTS = "searchtexts.js"
PREFIX, SUFFIX = "window.polyglotTexts=", ";\n"

HIDDEN = (nodes.Invisible, nodes.raw, nodes.math_block)

#: A page, section by section: the anchor and the text.
Sections = list[list[str]]


def page_sections(doctree: nodes.document) -> Sections:
    """What a page says, except its title, which the search result shows anyway."""
    sections: Sections = []
    _collect(doctree, sections)
    return [[anchor, " ".join(text.split())] for anchor, text in sections]


def _collect(node: nodes.Element, sections: Sections) -> None:
    """Append what stands in a node, in reading order."""
    for child in node.children:
        if not isinstance(child, nodes.Element) or isinstance(child, HIDDEN) or "no-search" in child.get("classes", ()):
            continue
        if anchor := _anchor(child):
            sections.append([anchor, ""])
        if not isinstance(child, nodes.TextElement):
            _collect(child, sections)
        elif not isinstance(child, nodes.title) or len(sections) > 1:
            sections[:] = sections or [["", ""]]
            sections[-1][1] += f"{_shown(child)}\n"


def _anchor(node: nodes.Element) -> str:
    """A section has one, and so has a term of a glossary."""
    if isinstance(node, nodes.section):
        return node["ids"][0]
    is_term = isinstance(node, nodes.definition_list_item) and isinstance(node.parent.parent, addnodes.glossary)
    return next(iter(node[0]["ids"]), "") if is_term else ""


def _shown(node: nodes.Node) -> str:
    """The text of a node; a formula is more than its TeX."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return "…"
    return "" if isinstance(node, HIDDEN) else "".join(map(_shown, node.children))


class PageTexts:
    """The texts of all pages, kept from build to build in the script itself."""

    def __init__(self) -> None:
        self.written: dict[str, Sections] = {}

    def remember(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """``doctree-resolved``: a page is about to be written."""
        self.written[docname] = page_sections(doctree)

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """``build-finished``: pages that were not written now have their texts from before."""
        if exception or app.builder.name not in ("html", "dirhtml"):
            return
        path = app.outdir / TEXTS
        before = _read(path)
        addresses = {docname: app.builder.get_target_uri(docname) for docname in sorted(app.env.found_docs)}
        for docname, address in addresses.items():
            if docname not in self.written and address not in before:  # someone removed the script
                app.env.get_and_resolve_doctree(docname, app.builder, tags=app.tags)  # calls ``remember``
        pages = {address: self.written.get(name, before.get(address)) for name, address in addresses.items()}
        last = [addresses[name] for name in app.config.cjk_found_last if name in addresses]
        texts = {"last": last, "pages": pages}
        script = PREFIX + json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + SUFFIX
        if not path.exists() or path.read_text("utf-8") != script:
            path.write_text(script, "utf-8")


def _read(path: Path) -> dict[str, Sections]:
    try:
        return json.loads(path.read_text("utf-8").removeprefix(PREFIX).removesuffix(SUFFIX))["pages"]
    except (OSError, ValueError, LookupError):
        return {}


def load_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the search page shows texts at once; all pages mark in a way of ours."""
    scripts = context.get("script_files", [])
    scripts[:] = [script for script in scripts if Path(str(script.filename)).name != "sphinx_highlight.js"]
    if pagename == "search":
        for script in (HITS, PAGE):
            app.add_js_file(script, loading_method="defer")


def replace_summaries(app: Sphinx, config) -> None:
    """``config-inited``: Sphinx shall not fetch pages."""
    config.html_show_search_summary = False


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what collects the texts, and the script that shows them."""
    texts = PageTexts()
    app.add_config_value("cjk_found_last", [], "")
    app.connect("config-inited", replace_summaries)
    add(app, MARKS, *TYPING)
    for script in (HITS, PAGE):
        ship(app, script)
    app.connect("doctree-resolved", texts.remember)
    app.connect("html-page-context", load_scripts)
    app.connect("build-finished", texts.write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
