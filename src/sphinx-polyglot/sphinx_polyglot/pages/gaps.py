"""Which lines of a page fill a gap: they are another language's, which stands in for what is not translated yet.

An author's line belongs to one language. So a node of docutils, which knows its file and line, tells whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.environment import BuildEnvironment

from sphinx_polyglot.languages import tag
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.marks import Line

#: What is known of the page that is being read.
LINES = "polyglot_gaps"


def note(env: BuildEnvironment, path: str, lines: Iterable[Line], others: Iterable[Line]) -> None:
    """Note which ``lines`` of a page are ``others``, those of the language that stands in."""
    shared = set(others)
    found = env.current_document.get(LINES, {})
    env.current_document[LINES] = found | {(path, line[1]): line in shared for line in lines}


def fills_gap(node: nodes.Node, env: BuildEnvironment) -> bool | None:
    """Whether a node's text is the other language's; ``None`` where it is not written in each language."""
    return env.current_document.get(LINES, {}).get(place(node))


def place(node: nodes.Node) -> tuple[str, int] | None:
    """The author's file and line of a node, or of the nearest around it that knows them."""
    while node is not None and not (node.source and node.line):
        node = node.parent
    return (node.source, node.line) if node is not None else None


def language(course: Course) -> str:
    """The tag of the language that stands in; empty where none does."""
    return tag(course.languages[course.stand_in]) if course.stand_in else ""


def classes(course: Course) -> list[str]:
    """What docutils writes as the ``lang`` of the language that stands in."""
    return [f"language-{language(course)}"]


def spoken(node: nodes.Node | None) -> str:
    """The tag of the language that a node, or the nearest around it, is marked with; empty where none is.

    docutils has this itself, but its releases up to 0.21 look no further than the node.
    """
    while node is not None:
        for name in getattr(node, "attributes", {}).get("classes", ()):
            if name.startswith("language-"):
                return name.removeprefix("language-")
        node = node.parent
    return ""


def comments(course: Course, docname: str) -> list[str]:
    """The comments in the code of a lesson that the other language lends."""
    lesson = course.lessons.get(docname)
    if lesson is None or not course.stand_in:
        return []
    pairs = ((comment[course.language], comment[course.stand_in]) for comment in lesson.comments)
    return [own[0] for own, other in pairs if own == other]
