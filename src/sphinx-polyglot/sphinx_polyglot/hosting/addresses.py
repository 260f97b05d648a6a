"""The addresses of a site's pages, for search engines: ``sitemap.xml`` and ``robots.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from sphinx_polyglot.languages import tag

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
#: Pages that Sphinx makes for looking things up; nobody looks for these.
UNLISTED = {"search.html", "genindex.html", "py-modindex.html"}


def write_addresses(site: Path, base: str, languages: Mapping[str, str]) -> None:
    """List every page of each language, with the same page in the others.

    ``robots.txt`` is read where the site is at the root of its host; elsewhere it does no harm.
    """
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for code in languages:
        for name in pages(site / code):
            _add_page(root, name, code, _having(site, name, languages), base)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(site / "sitemap.xml", "utf-8", xml_declaration=True)
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\n\nSitemap: {base}/sitemap.xml\n", "utf-8")


def pages(folder: Path) -> list[str]:
    """The pages of one language that someone wrote, by their names in its folder."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    return sorted(name for name in found if name not in UNLISTED and not name.startswith("_"))


def _having(site: Path, name: str, languages: Mapping[str, str]) -> dict[str, str]:
    """The languages that have this page, each with its tag."""
    return {code: tag(locale) for code, locale in languages.items() if (site / code / name).exists()}


def _add_page(root: ElementTree.Element, name: str, code: str, tags: Mapping[str, str], base: str) -> None:
    url = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
    ElementTree.SubElement(url, f"{{{SITEMAP}}}loc").text = f"{base}/{code}/{quote(name)}"
    for other, named in tags.items():
        href = f"{base}/{other}/{quote(name)}"
        ElementTree.SubElement(url, f"{{{XHTML}}}link", {"rel": "alternate", "hreflang": named, "href": href})
