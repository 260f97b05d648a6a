"""The cells that come first: they bring what a lesson needs and its reader may not have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sphinx.locale import _ as of_project

from sphinx_polyglot.notebooks.cells import Cell
from sphinx_polyglot.notebooks.packing import digest, pack
from sphinx_polyglot.source.files import read_text
from sphinx_polyglot.words import _

#: A temporary folder of this process alone: one with a known name could be somebody else's. Processes
#: that this one starts find it, too, by ``sys.path`` or by ``PYTHONPATH``. A second run of the cell
#: leaves modules that are loaded; those of another version, loaded before the first, are forgotten.
UNPACK = '''\
import atexit, base64, importlib.util, io, os, shutil, sys, tempfile, zipfile, zlib

needed = {needed}
missing = [module for module in needed if not importlib.util.find_spec(module)]
if missing:
    hints = {hints}
    command = " ".join(["pip install", *(needed[module] for module in missing)])
    raise ModuleNotFoundError("\\n".join([{message} + command, *(hints[name] for name in missing if name in hints)]))


def unpack(name, packages, packed):
    folder = next((path for path in sys.path if name in path), "")
    if not folder:
        folder = tempfile.mkdtemp(prefix=f"{{name}}-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
    with zipfile.ZipFile(io.BytesIO(zlib.decompress(base64.b64decode(packed)))) as files:
        for file in files.namelist():
            if not os.path.exists(os.path.join(folder, file)):
                files.extract(file, folder)
    if sys.path[0] != folder:
        sys.path.insert(0, folder)
        for module in list(sys.modules):
            if module.partition(".")[0] in packages:
                del sys.modules[module]


unpack("{name}", {packages}, """
{packed}
""")'''

WRITE = """\
# {purpose}
from pathlib import Path

Path("{folder}").mkdir(exist_ok=True)
Path("{folder}/{name}").write_text({text}, encoding="utf-8")"""


def bring(files: Mapping[str, bytes], needed: Mapping[str, str], hints: Mapping[str, str]) -> list[Cell]:
    """A cell that unpacks modules, content by name, and one above it that says so.

    It first asks for the distributions ``needed``, by the names under which they are imported, and
    tells the reader how to install those that are missing, with what ``hints`` add to it.
    """
    packages = sorted({name.partition("/")[0].removesuffix(".py") for name in files})
    purpose = _(
        "The next cell carries the parts of %s that this lesson imports, packed, and unpacks them"
        " into a temporary folder. It needs no network; just run it."
    )
    code = UNPACK.format(
        needed=_plain(dict(sorted(needed.items()))),
        message=_plain(_("This lesson needs packages that are not installed here. To install them, run: ")),
        hints=_plain({module: of_project(hints[module]) for module in sorted(needed) if module in hints}),
        name=f"{packages[0]}-{digest(files)}",
        packages=_plain(packages),
        packed=pack(files),
    )
    return [Cell("markdown", purpose % ", ".join(packages)), Cell("code", code, folded=True)]


def write_file(path: Path) -> Cell:
    """A cell that writes a text file which the lesson needs, in a folder beside it."""
    purpose = _("This lesson needs a file beside it; this cell writes it.")
    folder, text = path.parent.name, _literal(read_text(path))
    return Cell("code", WRITE.format(purpose=purpose, folder=folder, name=path.name, text=text))


def _plain(value: object) -> str:
    """Python for text, and for lists and dictionaries of it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _literal(text: str) -> str:
    """Python for a text, readable where it can be.

    >>> print(_literal("print(1)\\n"))
    r'''print(1)
    '''
    >>> _literal("'''")
    '"\\'\\'\\'"'
    """
    return repr(text) if "'''" in text or text.endswith(("'", "\\")) else f"r'''{text}'''"
