"""What a page needs beside its text: equal anchors, no English notes, the other languages."""

from __future__ import annotations

from babel import Locale
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.assets import render
from sphinx_polyglot.source.course import Course

NOTES = {"sphx-glr-download-link-note", "sphx-glr-footer-example"}


class EnglishNotes(SphinxTransform):
    """Remove Sphinx-Gallery's notes on downloads from bilingual lessons."""

    default_priority = 6

    def apply(self, **kwargs) -> None:
        """Find the notes by their class."""
        if self.env.current_document.docname not in self.env.polyglot.lessons:
            return
        for node in list(self.document.findall(nodes.Element)):
            if NOTES & set(node.get("classes", ())) and node.parent is not None:
                node.parent.remove(node)


class LabelAnchors(SphinxTransform):
    """A heading's anchor is its label, a page's its name: docutils would call both ``id1`` in Chinese."""

    default_priority = 270  # labels have just been handed to their headings

    def apply(self, **kwargs) -> None:
        """Put the explicit identifier first: contents and links take that one."""
        if not self.env.polyglot.languages:
            return
        explicit = {self.document.nameids.get(name) for name, given in self.document.nametypes.items() if given}
        for section in self.document.findall(nodes.section):
            section["ids"].sort(key=lambda identifier: identifier not in explicit)
            if section.parent is self.document and section["ids"][0] not in explicit:
                section["ids"].insert(0, nodes.make_id(self.env.current_document.docname))
            # a title may give the same identifier once more, as "Glossary" on the page ``glossary``
            section["ids"] = list(dict.fromkeys(section["ids"]))


def add_languages(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the same page in the other languages."""
    course: Course = app.env.polyglot
    if not course.languages:
        return
    here = app.builder.get_target_uri(pagename)
    up = "../" * (pagename.count("/") + 1)
    context["language"] = tag(course.languages[course.language])
    others = [
        {"code": code, "tag": tag(name), "name": native_name(name), "href": f"{up}{code}/{here}"}
        for code, name in course.languages.items()
        if code != course.language
    ]
    values = {"label": _("Language"), "here": course.language, "languages": others}
    context["polyglot_switch"] = render("switch.html", **values) if others else ""
    base = app.config.polyglot_baseurl
    if base and doctree is not None:
        context["metatags"] = context.get("metatags", "") + _alternates(base, here, course, app.config)


def _alternates(base: str, here: str, course: Course, config) -> str:
    """Search engines take absolute addresses only."""
    links = {tag(name): f"{base}/{code}/{here}" for code, name in course.languages.items()}
    links["x-default"] = f"{base}/{config.polyglot_default_language or next(iter(course.languages))}/{here}"
    return "".join(f'\n    <link rel="alternate" hreflang="{name}" href="{href}">' for name, href in links.items())


def set_baseurl(app: Sphinx, config) -> None:
    """``config-inited``: each language lives in a folder of the site's address."""
    config.polyglot_baseurl = config.polyglot_baseurl.rstrip("/")
    if config.polyglot_baseurl:
        code = next((code for code, name in config.polyglot_languages.items() if name == config.language), "")
        config.html_baseurl = f"{config.polyglot_baseurl}/{code}/"


def rewrite_neighbours(app: Sphinx, env) -> list[str]:
    """``env-updated``: a new title, heading or term shows on other pages too; write all again."""
    domain = env.domains.standard_domain
    shown = {docname: title.astext() for docname, title in env.titles.items()}
    shown |= {f"#{name}": label for name, label in domain.labels.items()}
    shown |= {f"term {name}": place for (kind, name), place in domain.objects.items() if kind == "term"}
    before, env.polyglot_titles = getattr(env, "polyglot_titles", shown), shown
    return [] if before == shown else sorted(env.found_docs)


def tag(name: str) -> str:
    """The language tag for ``<html lang>``.

    >>> tag("zh_CN")
    'zh-CN'
    """
    return name.replace("_", "-")


def native_name(name: str) -> str:
    """What a language calls itself.

    >>> native_name("zh_CN"), native_name("en")
    ('中文', 'English')
    """
    locale = Locale.parse(name)
    return locale.get_language_name().capitalize()
