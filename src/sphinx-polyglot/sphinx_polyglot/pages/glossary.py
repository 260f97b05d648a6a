"""The glossary's page: what each term is called in every language, and what it is.

    .. polyglot-glossary:: training

lists the terms of one theme, or without a theme all of them, in the order of the
glossary's file. Each is a Sphinx term by its key: ``:term:`losses <loss>``` leads to the
anchor ``term-loss``, whatever the language.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.search import js_index
from sphinx.util.docutils import SphinxDirective, switch_source_input
from sphinx.util.parsing import nested_parse_to_nodes

from sphinx_polyglot.check.terms import Term, read_glossary
from sphinx_polyglot.cjk.typography import HAN
from sphinx_polyglot.languages import tag
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.words import _

#: Where a Chinese sentence has a space before a name in Latin letters.
BESIDE_HAN = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z])")


class PolyglotGlossary(SphinxDirective):
    """``.. polyglot-glossary:: theme``: the terms of one theme, or all."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the file, and have Sphinx read this page again when it is edited."""
        course: Course = self.env.polyglot
        name, theme = self.env.polyglot.settings.glossary, "".join(self.arguments)
        if not name or not course.languages:
            raise self.error("there is no glossary to show; set polyglot_glossary and polyglot_languages in conf.py")
        path = Path(course.root, name)
        self.env.note_dependency(path)
        terms = [term for term in read_glossary(path, course.codes).terms if term.theme == theme or not theme]
        if not terms:
            raise self.error(f'{name} has no term with the theme "{theme}"; correct one or the other')
        items = [nodes.definition_list_item("", self._head(course, term), self._text(path, term)) for term in terms]
        return [addnodes.glossary("", nodes.definition_list("", *items, classes=["glossary"]), sorted=False)]

    def _head(self, course: Course, term: Term) -> nodes.term:
        """The name, the names in other languages, the anchor, and what it is searched for by."""
        name, others = _names(course, term)
        head = nodes.term("", "", ids=[f"term-{term.key}"])
        lent = gaps.classes(course) if course.stand_in and not term.names[course.language] else []
        head += nodes.inline("", name, classes=["polyglot-lent", *lent]) if lent else nodes.Text(name)
        for language, other in others.items():
            classes = ["polyglot-name", f"language-{tag(course.languages[language])}"]  # docutils makes it ``lang``
            head += [nodes.Text(" "), nodes.inline("", other, classes=classes)]
        searched = [*(term.names[course.language] or [name]), *term.also.get(course.language, [])]
        head += addnodes.index(entries=[("single", each, head["ids"][0], "main", None) for each in searched])
        self.set_source_info(head)
        self.state.document.note_explicit_target(head)
        self.env.domains.standard_domain.note_object("term", term.key, head["ids"][0], location=head)
        return head

    def _text(self, path: Path, term: Term) -> nodes.definition:
        """The sentence, and what others call it; what is wrong in it is told at its line of the file."""
        lines = term.text.get(self.env.polyglot.language, [])
        if stand_in := self.env.polyglot.stand_in:
            gaps.note(self.env, str(path), lines, term.text.get(stand_in, []))
        content = StringList([text for text, _ in lines], items=[(str(path), number - 1) for _, number in lines])
        with switch_source_input(self.state, content):
            said = nested_parse_to_nodes(self.state, content, allow_section_headings=False)
        if (also := term.also.get(self.env.polyglot.language)) and said:
            told = str(_(" Also called {names}.")).format(names=str(_(", ")).join(also))
            said[-1] += nodes.Text(BESIDE_HAN.sub(" ", told))
        return nodes.definition("", *said)


def keep_searched(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: what terms are searched for by; Sphinx forgets it of pages that it did not write again."""
    index = Path(app.outdir, "searchindex.js")
    if exception or app.builder.format != "html" or not app.env.polyglot.languages or not index.is_file():
        return
    found = js_index.loads(index.read_text("utf-8"))
    kept = found["indexentries"]
    objects = app.env.domains.standard_domain.get_objects()
    for page in sorted({page for *_name, kind, page, _anchor, _rank in objects if kind == "term"}):
        number = found["docnames"].index(page)
        for node in app.env.get_doctree(page).findall(addnodes.index):
            for _kind, name, anchor, main, _key in node["entries"]:
                places = kept.setdefault(name.lower(), [])
                if [number, anchor, main == "main"] not in places:
                    places.append([number, anchor, main == "main"])
    index.write_text(js_index.dumps({**found, "indexentries": dict(sorted(kept.items()))}), "utf-8")


def _names(course: Course, term: Term) -> tuple[str, dict[str, str]]:
    """The term's name here, a draft's gap filled, and where it is called otherwise."""
    here = course.language if term.names[course.language] else course.drafts[course.language]
    names = {code: names[0] for code, names in term.names.items() if names}
    return names[here], {code: name for code, name in names.items() if name != names[here]}
