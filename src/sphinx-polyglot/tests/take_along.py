"""What the tests of notebooks share: a tiny course with all that readers take along, and ways to look at it."""

from __future__ import annotations

import base64
import re
import zipfile
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from hostile import add_hostile_lesson
from tiny import Tiny, tiny_course

SETTINGS = """\
polyglot_library = "tinylibrary"
polyglot_requirements = ["jupyterlab"]
polyglot_bundle_readme = "docs/bundle.md"
polyglot_published = os.environ.get("TINY_PUBLISHED", "")
polyglot_templates = True
templates_path = ["docs/_templates"]
"""
PAGE = '{% extends "!page.html" %}\n{% block content %}{{ polyglot_downloads }}{{ super() }}{% endblock %}\n'


def full_course(root: Path) -> Tiny:
    """The tiny course with a library, a hostile lesson, and a lesson with a file beside it."""
    tiny = tiny_course(root)
    tiny.edit("conf.py", 'polyglot_source_dirs = ["src"]\n', f'polyglot_source_dirs = ["src"]\n{SETTINGS}')
    tiny.write("docs/_templates/page.html", PAGE)
    tiny.write("LICENSE", "Do as you like.\n")
    tiny.write("src/tinylibrary/__init__.py", '"""A library."""\n\nanswer = 42\n')
    tiny.write("docs/bundle.md", "%% zh\n# 全部课程\n%% en\n# All lessons\n")
    tiny.write("src/tinylibrary/fetch.py", "import tinydist\n")
    tiny.edit("gallery/20_data.py", "import reader\n", "import reader\nimport tinylibrary\n")
    tiny.edit("conf.py", '"examples_dirs": [', r'"ignore_pattern": r"beside\.py$", "examples_dirs": [')
    tiny.write("gallery/beside.py", "value = 1\n")
    tiny.edit("gallery/30_version.py", "import tinydist\n", "import tinydist\nimport beside\n")
    tiny.write("gallery/30_version/worker.py", "print('''hard''', \"at work\")\n")
    tiny.edit(
        "gallery/30_version.py",
        "print(value)\n",
        'import runpy\n\nrunpy.run_path("30_version/worker.py")\n',
    )
    add_hostile_lesson(tiny)
    return tiny


def notebooks(folder: Path) -> dict[str, nbformat.NotebookNode]:
    """The notebooks in a folder and below, by name."""
    return {path.name: nbformat.read(path, 4) for path in sorted(folder.rglob("*.ipynb"))}


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a zip, by their names in its one folder."""
    with zipfile.ZipFile(path) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def text_of_page(path: Path) -> str:
    """What a reader sees of a lesson's page, formulas and what the theme adds aside."""
    article = BeautifulSoup(path.read_text("utf-8"), "html.parser").find(attrs={"role": "main"})
    unread = (
        "script, style, .headerlink, .polyglot-switch, .polyglot-both, .polyglot-downloads, .math, .polyglot-copy, "
    )
    unread += ".polyglot-drawing, .polyglot-series, [data-thing]"
    for summary in article.select(".polyglot-deeper > details > summary"):  # a notebook folds no part
        summary.decompose()
    return _text(article, unread)


def text_of_notebook(notebook: nbformat.NotebookNode) -> str:
    """What a reader sees of a notebook that nbconvert made a page of, formulas and first cells aside."""
    notebook.cells = [cell for cell in notebook.cells if lesson_itself(cell)]
    exporter = HTMLExporter(template_name="classic")
    soup = BeautifulSoup(exporter.from_notebook_node(notebook)[0], "html.parser")
    return _text(soup.body, "script, style, .prompt, .anchor-link, [data-run]")


def lesson_itself(cell) -> bool:
    """Whether a cell stands on the page, too; those that come first there do not."""
    if cell.cell_type == "markdown":
        return not cell.source.startswith(("The next cell carries", "下一格带着"))
    return bool(cell.execution_count)


def _text(soup, unread: str) -> str:
    for node in soup.select(unread):
        node.decompose()
    for block in soup.find_all(["h1", "h2", "h3", "p", "li", "td", "th", "dt", "dd", "br"]):
        block.append("\n")
    for block in soup.find_all(["ol", "ul"]):
        block.insert_before("\n")
    text = re.sub(r"\$\$.*?\$\$|(?<![\w$])\$[^$\n]+\$", " ", soup.get_text())
    return " ".join(text.split())


def kinds(cell) -> list[str]:
    """What a cell showed, text, picture or thing to play with, in order; text that follows text is one."""
    shown = [_kind(output) for output in cell.get("outputs", [])]
    return [kind for kind, before in zip(shown, ["", *shown], strict=False) if kind != before or kind == "picture"]


def streams(cell) -> str:
    """All that a cell of code printed or returned, without what one does not see."""
    texts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            texts.append(output.text)
        elif output.output_type == "execute_result" and "text/html" not in output.data:
            texts.append(output.data["text/plain"])
    return tidy("".join(texts))


def tidy(text: str) -> str:
    """Text without blanks at the ends of its lines, nor empty lines around it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def images(cell) -> list[bytes]:
    """Each image of a cell: its figures, and what stands for a thing to play with that was not run."""
    return [image for image in map(_image, cell.get("outputs", [])) if image]


def figures(cell) -> list[bytes]:
    """Each figure of a cell: a drawing as a lesson's notebook has it, or the picture that Jupyter makes of one."""
    return [_image(output) for output in cell.get("outputs", []) if _kind(output) == "picture"]


def _kind(output) -> str:
    if re.search(r"\bdata-(?:run|thing)\b", output.get("data", {}).get("text/html", "")):
        return "thing"
    return "picture" if _image(output) else "text"


def _image(output) -> bytes:
    data = output.get("data", {})
    drawn = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', data.get("text/html", ""))
    return base64.b64decode(drawn[1] if drawn else data.get("image/png", ""))
