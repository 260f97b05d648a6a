"""Put one language's prose where the placeholders are, each line with its author's place.

Sphinx and docutils then name ``gallery/…py`` and the line that was written, for
whatever they find wrong in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from docutils import nodes
from docutils.statemachine import StringList
from docutils.utils import column_width
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.parsers import RSTParser
from sphinx.transforms import SphinxTransform

from sphinx_polyglot.cjk.typography import join_cjk_lines
from sphinx_polyglot.errors import file_of
from sphinx_polyglot.pages import gaps
from sphinx_polyglot.source.course import Course
from sphinx_polyglot.source.files import companion_files
from sphinx_polyglot.source.lesson import PLACEHOLDER
from sphinx_polyglot.source.marks import Line
from sphinx_polyglot.source.origins import translations_of
from sphinx_polyglot.source.script import is_marked, parse_page

#: A line of reStructuredText, the file it comes from, and its number there.
Placed = tuple[str, str, int]


def project(app: Sphinx, docname: str, content: list[str]) -> None:
    """``source-read``: choose the language of what Sphinx is about to parse."""
    course: Course = app.env.polyglot
    path = str(app.env.doc2path(docname))
    text = content[0]
    if is_marked(text, course.codes):
        lines = [(line, path, number) for line, number in _page_lines(text, path, app.env)]
    else:
        lines = [(line, path, number) for number, line in enumerate(text.split("\n"), 1)]
    if "⟦" in text:
        note_lessons(app.env, text)
        lines = _lesson_lines(lines, app.env)
    content[0] = "\n".join(line for line, _, _ in lines)
    note_translations(app.env, text, path)
    app.env.current_document["polyglot_lines"] = lines


def note_translations(env, text: str, path: str) -> None:
    """Have the page know the translations in it, and what they were made from."""
    course: Course = env.polyglot
    if course.language not in course.codes.translated:
        return
    shown = dict.fromkeys(key for key, _ in PLACEHOLDER.findall(text) if key in course.lessons)
    found = [one for key in shown for one in course.lessons[key].translations]
    if is_marked(text, course.codes):
        found += translations_of(parse_page(text, path, course.codes), path, course.codes)
    env.current_document["polyglot_translations"] = [one for one in found if one.language == course.language]


def note_lessons(env, text: str) -> None:
    """Have Sphinx read the page again when a lesson that it shows, or a file beside it, is edited."""
    for key, _ in PLACEHOLDER.findall(text):
        if key in env.polyglot.lessons:
            path = env.polyglot.lessons[key].path
            for file in (path, *companion_files(path), *env.polyglot.lessons[key].sidecars):
                env.note_dependency(file)


def _page_lines(text: str, path: str, env: BuildEnvironment) -> list[Line]:
    course: Course = env.polyglot
    lines: list[Line] = []
    for block in parse_page(text, path, course.codes):
        chosen = block.prose[course.language] if block.prose else block.code
        if block.prose and course.stand_in:
            gaps.note(env, path, chosen, block.prose[course.stand_in])
        lines += [*chosen, ("", block.line)]
    return lines


def _lesson_lines(lines: list[Placed], env: BuildEnvironment) -> list[Placed]:
    course: Course = env.polyglot
    projected: list[Placed] = []
    titled = False
    for text, path, number in lines:
        found = PLACEHOLDER.fullmatch(text.strip())
        lesson = course.lessons.get(found[1]) if found else None
        if titled:  # the underline of the title before
            title, path, number = projected[-1]
            projected.append((text[:1] * column_width(title), path, number))
        elif lesson:
            prose = lesson.project(found[2], course.language)
            if course.stand_in:
                gaps.note(env, str(lesson.path), prose, lesson.project(found[2], course.stand_in))
            projected += [(line, str(file_of(lesson.path, author_line)), author_line) for line, author_line in prose]
        else:
            projected.append((with_comments(text, course), path, number))
        titled = bool(lesson) and found[2] == "title"
    return projected


def with_comments(text: str, course: Course) -> str:
    """Code with its comments in this language; other placeholders stay."""

    def replace(match: re.Match[str]) -> str:
        lesson = course.lessons.get(match[1])
        if lesson and match[2].startswith("c"):
            return lesson.project(match[2], course.language)[0][0]
        return match[0]

    return PLACEHOLDER.sub(replace, text)


def placed(parser: type[RSTParser]) -> type[RSTParser]:
    """The same parser, told each line's author; whatever it knows besides, say markup beside Chinese, stays."""

    class PlacedParser(parser):
        def parse(self, inputstring, document: nodes.document) -> None:
            """Parse what ``project`` left for this document."""
            lines = document.settings.env.current_document.get("polyglot_lines")
            if isinstance(inputstring, str) and lines and "\n".join(text for text, _, _ in lines) == inputstring:
                texts = [text.expandtabs(document.settings.tab_width).rstrip() for text, _, _ in lines]
                inputstring = StringList(texts, items=[(path, number - 1) for _, path, number in lines])
            super().parse(inputstring, document)

    return PlacedParser


class InlinePlaceholders(SphinxTransform):
    """Titles and first sentences in thumbnails, also where ``minigallery`` put them."""

    default_priority = 5

    def apply(self, **kwargs) -> None:
        """Replace them in text, in raw HTML and in the alternatives of images."""
        for text in list(self.document.findall(nodes.Text)):
            if "⟦" in text:
                raw = isinstance(text.parent, nodes.raw)
                text.parent.replace(text, nodes.Text(self._replaced(text, _marked if raw else _plainly)))
        for image in self.document.findall(nodes.image):
            if "⟦" in image.get("alt", ""):
                image["alt"] = self._replaced(image["alt"], _plainly)

    def _replaced(self, text: str, write: Callable[[str, str], str]) -> str:
        note_lessons(self.env, text)
        course: Course = self.env.polyglot

        def replace(match: re.Match[str]) -> str:
            lesson = course.lessons.get(match[1])
            if lesson is None:
                return match[0]
            lines = lesson.project(match[2], course.language)
            is_between_tags = text[: match.start()].endswith(">") and text[match.end() :].startswith("<")
            is_gap = course.stand_in and lines == lesson.project(match[2], course.stand_in)
            stands_in = gaps.language(course) if is_gap and is_between_tags else ""
            return write(plain([line for line, _ in lines]), stands_in)

        return PLACEHOLDER.sub(replace, text)


def _plainly(text: str, stands_in: str) -> str:
    return text


def _marked(text: str, stands_in: str) -> str:
    """Text in HTML, marked where it is of another language."""
    text = html.escape(text)
    return f'<span lang="{stands_in}">{text}</span>' if stands_in else text


def plain(lines: list[str]) -> str:
    """The first paragraph without markup, on one line.

    >>> plain(["See :ref:`views <tensors-view>` and", "``x_train``, **now**.", "", "More."])
    'See views and x_train, now.'
    """
    text = "\n".join(lines).strip().split("\n\n")[0]
    text = re.sub(r":[\w:]+:`~?([^`<]+?)(?:\s*<[^`]*>)?`", r"\1", text)
    text = re.sub(r"`([^`<]+?)\s*<[^`]*>`_+", r"\1", text)
    text = re.sub(r"\*\*|``|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)", "", text).replace("\\ ", "")
    return " ".join(join_cjk_lines(text).split())
