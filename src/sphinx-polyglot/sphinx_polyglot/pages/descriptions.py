"""What search engines and messengers show of a page: its first paragraph, or as much of it as they have room for."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_polyglot.languages import tag
from sphinx_polyglot.source.course import Course

#: How much of a description is shown, in letters of Latin; a Chinese one takes the room of two.
ROOM = 160
#: Where a sentence ends.
END = re.compile(r"[。！？]|[.!?](?=\s|$)")
#: Docutils writes one for the smallest of pages; each theme has its own.
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\n?')


def describe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """``html-page-context``: a description and, where the site's address is known, what messengers read."""
    metatags = VIEWPORT.sub("", context.get("metatags", ""))
    said = description(doctree) if doctree else ""
    told = {"name": {"description": said}} if said else {}
    course: Course = app.env.polyglot
    if said and course.settings.baseurl and course.languages:
        title = app.env.titles[pagename].astext() if pagename in app.env.titles else app.config.project
        told["property"] = _open_graph(app, course, app.builder.get_target_uri(pagename), title, said)
    lines = [
        f'\n    <meta {kind}="{name}" content="{html.escape(text)}">'
        for kind, properties in told.items()
        for name, text in properties.items()
    ]
    context["metatags"] = metatags + "".join(lines)


def _open_graph(app: Sphinx, course: Course, here: str, title: str, said: str) -> Mapping[str, str]:
    """As https://ogp.me asks for it."""
    base = f"{course.settings.baseurl}/{course.language}"
    picture = course.settings.preview.format(language=course.language)
    told = {
        "og:type": "website",
        "og:site_name": app.config.project,
        "og:title": title,
        "og:description": said,
        "og:url": f"{base}/{here}",
        "og:locale": tag(course.languages[course.language]).replace("-", "_"),
    }
    return told | ({"og:image": f"{base}/_static/{picture}"} if picture else {})


def description(doctree: nodes.document) -> str:
    """The first paragraph of a page, none that belongs to a picture or a table.

    >>> from docutils.core import publish_doctree
    >>> description(publish_doctree(".. note:: Mind this.\\n\\nIt begins here."))
    'It begins here.'
    """
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.document | nodes.section):
            return shortened(" ".join(paragraph.astext().split()))
    return ""


def shortened(text: str, room: int = ROOM) -> str:
    """As many whole sentences as fit; of one that is longer, its beginning.

    >>> shortened("One. Two and a half.", room=8), shortened("One two three", room=9), shortened("一二。三四。", room=6)
    ('One.', 'One two…', '一二。')
    """
    if _width(text) <= room:
        return text
    ends = [match.end() for match in END.finditer(text) if _width(text[: match.end()]) <= room]
    if ends:
        return text[: ends[-1]]
    while _width(text) >= room:
        text = text[:-1]
    return (text.rpartition(" ")[0] or text) + "…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
