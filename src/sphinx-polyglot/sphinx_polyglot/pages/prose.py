"""What a page says, as a script of its own: a page in another language loads it, and shows both together.

Of code, pictures and things to play with it keeps only where they stand, for both pages have them.
"""

from __future__ import annotations

import json
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

from sphinx_polyglot.assets import render
from sphinx_polyglot.languages import direction, native_name, tag
from sphinx_polyglot.words import _

ENDING = ".prose.js"
PREFIX, SUFFIX = "window.polyglotProse=", ";\n"
#: What prose is made of besides the elements that are read; all other attributes stay behind.
KEPT = ("class", "href", "open", "lang", "dir")
#: Elements of which only the place is kept, and those that go without a trace.
PLACES, DROPPED = {"pre", "img"}, {"script", "style", "svg", "template", "button", "input", "label"}
#: Classes of what is no prose: it is of one page only.
UNSAID = {"headerlink", "polyglot-note"}
VOID = {"br", "hr", "img", "input", "col", "wbr"}


def prose(body: str) -> str:
    """The HTML of a page's prose.

    >>> prose('<p id="a">See <a class="x" href="b.html" title="B">b</a><svg><path/></svg>.</p><pre>code</pre>')
    '<p>See <a class="x" href="b.html">b</a>.</p><pre></pre>'
    """
    reader = _Prose()
    reader.feed(body)
    reader.close()
    return "".join(reader.kept)


class _Prose(HTMLParser):
    """Keeps what is read, and skips to the end of what is not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep it, or begin to skip."""
        known = dict(attributes)
        classes = (known.get("class") or "").split()
        if self.skipped or name in DROPPED or UNSAID & set(classes):
            self.skipped += [] if name in VOID else [name]
        else:
            is_place = name in PLACES or "data-thing" in known or "polyglot-math" in classes
            self.kept.append(self._start(name, known))
            if is_place and name not in VOID:
                self.kept.append(f"</{name}>")
                self.skipped.append(name)

    def _start(self, name: str, known: dict[str, str | None]) -> str:
        kept = "".join(f' {key}="{escape(known[key] or "")}"' for key in KEPT if key in known)
        thing = " data-thing" if "data-thing" in known else ""
        section = f' id="{escape(known["id"] or "")}"' if name in ("section", "dt") and "id" in known else ""
        return f"<{name}{section}{kept}{thing}>"

    def handle_endtag(self, name: str) -> None:
        """End what was kept or skipped."""
        if not self.skipped:
            self.kept.append(f"</{name}>")
        elif name in self.skipped:
            while self.skipped.pop() != name:
                pass

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if not self.skipped:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        """Keep the words."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Keep the words."""
        self.handle_data(f"&#{name};")


def write_prose(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """``html-page-context``: the script beside the page, and the buttons that show another language's."""
    context["polyglot_together"] = ""
    course = app.env.polyglot
    others = [code for code in course.languages if code != course.language]
    if doctree is None or not others or not context.get("body"):
        return
    path = script_path(app, pagename)
    path.parent.mkdir(parents=True, exist_ok=True)
    said = json.dumps(prose(context["body"]), ensure_ascii=False).replace("</", "<\\/")
    path.write_text(f"{PREFIX}{said}{SUFFIX}", "utf-8", newline="\n")
    here = app.builder.get_target_uri(pagename).removesuffix(".html")
    up = "../" * (here.count("/") + 1)
    languages = [
        {
            "code": code,
            "tag": tag(course.languages[code]),
            "direction": direction(course.languages[code]),
            "name": native_name(course.languages[code]),
            "src": f"{up}{code}/{here}{ENDING}",
        }
        for code in others
    ]
    before, _name, after = _("Together with {language}").partition("{language}")
    context["polyglot_together"] = render("together.html", languages=languages, before=before, after=after)


def remove_scripts(app: Sphinx, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """``env-get-outdated``: a script goes with its page."""
    for docname in removed:
        script_path(app, docname).unlink(missing_ok=True)
    return []


def script_path(app: Sphinx, pagename: str) -> Path:
    """Where a page's script lies."""
    return Path(app.builder.get_outfilename(pagename)).with_suffix(ENDING)
