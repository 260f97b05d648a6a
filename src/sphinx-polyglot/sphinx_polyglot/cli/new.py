"""Begin a lesson: a script in every language that builds as it is, and shows what goes where."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from docutils.utils import column_width
from sphinx.errors import SphinxError

from sphinx_polyglot.assets import TEMPLATES
from sphinx_polyglot.check.terms import Glossary, Term, read_glossary
from sphinx_polyglot.configuration import Configuration, read_configuration
from sphinx_polyglot.gallery.folders import check_scripts, galleries
from sphinx_polyglot.languages import Languages, tag
from sphinx_polyglot.source.files import NOTEBOOKS

#: How lessons of a course are called, and how scripts of a gallery may be; the last part is what they are about.
NUMBERED = re.compile(r"\d\d_([a-z][a-z0-9_]*)")
NAME = re.compile(r"(?:plot_)?(?:\d+[a-z]?_)?([a-z][a-z0-9_]*)")
#: Between the parts of a template: the opening, a section, a comment, what follows the code, exercises.
CUT = "\n%%\n"
IMPORT = "import matplotlib.pyplot as plt\n"
CODE = """\
odd = [2 * index + 1 for index in range(4)]
total = sum(odd)
print("odd =", odd)
print("total =", total)
assert total == len(odd) ** 2

tiles = [[max(row, column) for column in range(4)] for row in range(4)]
figure, axis = plt.subplots(figsize=(2, 2), layout="constrained")
axis.imshow(tiles)
axis.set(xticks=[], yticks=[])
plt.show()
"""


def new_lesson(name: str, sourcedir: Path, confdir: Path) -> int:
    """Write the script ``name`` into the first gallery of ``conf.py``; return an exit code."""
    try:
        config = read_configuration(confdir.resolve())
        folder, _ = galleries(config["sphinx_gallery_conf"], sourcedir)[0]
        check_scripts(config["sphinx_gallery_conf"], sourcedir)
        path = folder / f"{name}.py"
        if fault := _fault(name, folder):
            raise SphinxError(fault)
        with path.open("x", encoding="utf-8") as script:
            script.write(skeleton(name, config.settings.languages, _glossary(config, confdir)))
    except SphinxError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; see examples_dirs in conf.py", file=sys.stderr)
        return 1
    print(f"{path} is written; see it with: {_how_to_see(name, sourcedir, confdir)}")
    return 0


def _how_to_see(name: str, sourcedir: Path, confdir: Path) -> str:
    """The project's own verb, or what stands behind it."""
    makefile = confdir / "Makefile"
    if makefile.is_file() and re.search(r"^serve:", makefile.read_text("utf-8", errors="replace"), re.MULTILINE):
        return f"make serve LESSON={name}"
    return f"python -m sphinx_polyglot serve {sourcedir} build/serve --lesson {name}"


def _glossary(config: Configuration, confdir: Path) -> Glossary:
    """The terms of the course; a fault in them is told by the check, not here."""
    name = config.settings.glossary
    codes = Languages(config.settings.languages, config.settings.drafts, config.settings.translated)
    return read_glossary(confdir / name, codes, []) if name else Glossary()


def skeleton(name: str, languages: Mapping[str, str], glossary: Glossary | None = None) -> str:
    """A lesson that says in each language what to write where.

    >>> skeleton("55_batch_norm", {"en": "en"}).splitlines()[1:4]
    ['%% en', 'Batch norm', '==========']
    """
    terms = glossary.terms if glossary else []
    parts = {code: _parts(name, _title(name, code, terms), language) for code, language in languages.items()}
    opening, idea, comment, result, exercises = (
        {code: texts[index] for code, texts in parts.items()} for index in range(5)
    )
    head = "\n".join(f"%% {code}\n{text}\n" for code, text in opening.items())
    comments = "".join(f"# {code}: {text}\n" for code, text in comment.items())
    return f'"""\n{head}"""\n\n{_cell(idea)}\n{IMPORT}\n{comments}{CODE}\n{_cell(result)}\n{_cell(exercises)}'


def _title(name: str, code: str, terms: list[Term]) -> str:
    """The file's name as words, and the terms in it as this language calls them: the check asks for them.

    >>> loss = Term({"zh": ["损失"], "en": ["loss"]})
    >>> [_title(name, "zh", [loss]) for name in ("55_loss", "55_loss_curve", "55_curve")]
    ['损失', 'Loss curve：损失', 'Curve']
    """
    title = NAME.fullmatch(name)[1].replace("_", " ").capitalize()
    lacking = []
    for term in (term for term in terms if term.compared and term.names.get(code)):
        named = {language for language, pattern in term.patterns.items() if _names(pattern, title)}
        if named and code not in named:
            if any(pattern.fullmatch(title) for pattern in term.patterns.values()):
                return term.names[code][0]
            lacking.append(term.names[code][0])
    colon = ": " if all(map(str.isascii, lacking)) else "："
    return f"{title}{colon}{'、'.join(lacking) if colon == '：' else ', '.join(lacking)}" if lacking else title


def _names(pattern: re.Pattern[str], title: str) -> bool:
    return any(match[1] for match in pattern.finditer(title))


def _parts(name: str, title: str, language: str) -> list[str]:
    """The parts of the template in this language, English where there is none."""
    template = TEMPLATES.select_template([f"lesson-{tag(language).partition('-')[0]}.txt", "lesson-en.txt"])
    text = template.render(title=title, label=NAME.fullmatch(name)[1].replace("_", "-"), words=len(title.split()))
    title, mark, rest = text.split("\n", 2)
    return f"{title}\n{mark * column_width(title)}\n{rest}".split(CUT)


def _cell(prose: Mapping[str, str]) -> str:
    """Prose as comments, one language after the other."""
    lines = "\n\n".join(f"%% {code}\n{text}" for code, text in prose.items()).split("\n")
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _fault(name: str, folder: Path) -> str:
    """What speaks against a name: the thing, the place and the remedy. Where all others have numbers, it needs one."""
    others = sorted(other for other in folder.glob("*.py") if NAME.fullmatch(other.stem))
    is_course = bool(others) and all(NUMBERED.fullmatch(other.stem) for other in others)
    found = (NUMBERED if is_course else NAME).fullmatch(name)
    if not found:
        begin = "two digits, an underscore, then small letters" if is_course else "small letters"
        form = "55_name" if is_course else "plot_name"
        return f'"{name}" is no name for a lesson: {begin}, digits and underscores, without .py; write it like {form}'
    for path in (folder / f"{name}{ending}" for ending in (".py", *NOTEBOOKS)):
        if path.exists():
            return f"{path}: this lesson is there already and stays as it is; choose another name"
    for other in others:
        if NAME.fullmatch(other.stem)[1] == found[1]:
            return f'{other}: a lesson is called "{found[1]}" already, and labels are made of that; choose another name'
    return ""
