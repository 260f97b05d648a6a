"""Where the links of a lesson lead once it has left the site: never nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from docutils import nodes
from sphinx.application import Sphinx

#: A page and an anchor on it.
Place = tuple[str, str]


@dataclass(frozen=True)
class Links:
    """The links of one page.

    ``page`` is its address below the language's folder, ``base`` that folder's own address
    where the site has one. ``headings`` are those of all pages; ``lessons`` the notebooks that
    travel together, by the address of their page.
    """

    page: str
    base: str = ""
    headings: Set[Place] = frozenset()
    lessons: Mapping[str, str] = field(default_factory=dict)

    def address(self, node: nodes.Element) -> str:
        """Where a reference leads; empty where it could not lead anywhere.

        >>> links = Links("a.html", headings={("a.html", "one"), ("b.html", "two")})
        >>> links.address(nodes.reference(refid="one"))
        '#cell-id=one'
        >>> links.address(nodes.reference(refuri="b.html#two"))
        ''
        >>> Links("a.html", "", links.headings, {"b.html": "b.ipynb"}).address(nodes.reference(refuri="b.html#two"))
        'b.ipynb#cell-id=two'
        >>> Links("x/a.html", "https://example.org/en/").address(nodes.reference(refuri="../b.html#two"))
        'https://example.org/en/b.html#two'
        """
        uri = node.get("refuri") or (f"#{node['refid']}" if node.get("refid") else "")
        if not uri or urlsplit(uri).scheme:
            return _encoded(uri)
        whole = urljoin(self.page, uri)
        page, _, anchor = whole.partition("#")
        fragment = f"#cell-id={cell_id(anchor)}" if (page, anchor) in self.headings and anchor else ""
        if page == self.page and fragment:
            return fragment
        if page in self.lessons and page != self.page:
            return _encoded(self.lessons[page]) + fragment
        return _encoded(self.base + whole) if self.base else ""


def headings(app: Sphinx) -> set[Place]:
    """The page and the anchor of each heading."""
    return {
        (app.builder.get_target_uri(docname), link["anchorname"].removeprefix("#"))
        for docname, contents in app.env.tocs.items()
        for link in contents.findall(nodes.reference)
        if link.get("refuri") == docname
    }


def cell_id(anchor: str) -> str:
    """What the cell of a heading is called: JupyterLab and nbconvert find it by that name, in every language."""
    return anchor[:64]


def _encoded(uri: str) -> str:
    """``uri`` without what would end a Markdown link early."""
    return re.sub(r"[\s()<>\\\"|]", lambda mark: quote(mark[0]), uri)
