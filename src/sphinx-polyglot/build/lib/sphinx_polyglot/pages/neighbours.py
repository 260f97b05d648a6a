"""Pages that show another page's titles, headings and terms."""

from __future__ import annotations

from sphinx.application import Sphinx


def rewrite_neighbours(app: Sphinx, env) -> list[str]:
    """``env-updated``: a new title, heading or term shows on other pages too; write all again."""
    domain = env.domains.standard_domain
    shown = {docname: title.astext() for docname, title in env.titles.items()}
    shown |= {f"#{name}": label for name, label in domain.labels.items()}
    shown |= {f"term {name}": place for (kind, name), place in domain.objects.items() if kind == "term"}
    before, env.polyglot_titles = getattr(env, "polyglot_titles", shown), shown
    return [] if before == shown else sorted(env.found_docs)
