"""The cells that come first: they bring what a lesson needs and its reader may not have."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from sphinx.locale import _

from sphinx_polyglot.notebooks.cells import Cell
from sphinx_polyglot.notebooks.library import Library
from sphinx_polyglot.reading import read_text

INSTALL = """\
# {purpose}
import subprocess
import sys
from importlib import metadata
from pathlib import Path

wheel = "{wheel}"
versions = [found.version for found in metadata.distributions(name="{name}")]
if versions[:1] != ["{version}"]:
    if not Path(wheel).exists():
        {otherwise}
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", wheel], check=True)"""

WRITE = """\
# {purpose}
from pathlib import Path

Path("{folder}").mkdir(exist_ok=True)
Path("{folder}/{name}").write_text({text}, encoding="utf-8")"""


def install(library: Library, base: str) -> Cell:
    """A cell that installs the library where it is missing or of another version.

    The wheel comes from beside the notebook, else from the site's address ``base``; where there
    is neither, the reader is told what to do.
    """
    if base:
        otherwise = f'wheel = "{base}{quote(library.wheel)}"'
    else:
        remedy = _("{wheel} is not in this folder; take it from the zip of all lessons")
        otherwise = f'raise FileNotFoundError(f"{remedy}")'
    purpose = _("This lesson imports %s; where this version of it is missing, this cell installs it.")
    names = {"name": library.distribution, "version": library.version, "wheel": library.wheel}
    return Cell("code", INSTALL.format(purpose=purpose % library.distribution, otherwise=otherwise, **names))


def write_file(path: Path) -> Cell:
    """A cell that writes a text file which the lesson needs, in a folder beside it."""
    purpose = _("This lesson needs a file beside it; this cell writes it.")
    folder, text = path.parent.name, _literal(read_text(path))
    return Cell("code", WRITE.format(purpose=purpose, folder=folder, name=path.name, text=text))


def _literal(text: str) -> str:
    """Python for a text, readable where it can be.

    >>> print(_literal("print(1)\\n"))
    r'''print(1)
    '''
    >>> _literal("'''")
    '"\\'\\'\\'"'
    """
    return repr(text) if "'''" in text or text.endswith(("'", "\\")) else f"r'''{text}'''"
