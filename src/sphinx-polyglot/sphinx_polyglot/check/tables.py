"""Files of the project in TOML: the glossary, the words of figures."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from sphinx_polyglot.errors import SourceError
from sphinx_polyglot.source.files import numbered, read_text
from sphinx_polyglot.source.hidden import hidden_faults


def read_tables(path: Path, what: str, setting: str, faults: list[SourceError]) -> tuple[str, dict]:
    """The file as text and as tables; of what cannot be read, nothing, and a fault."""
    if not path.exists():
        faults.append(SourceError(path, 1, f"there is no such {what}; correct {setting} in conf.py"))
        return "", {}
    try:
        content = read_text(path)
        faults += hidden_faults(path, numbered(content))
        return content, tomllib.loads(content)
    except SourceError as fault:
        faults.append(fault)
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        faults.append(SourceError(path, int(line[1]) if line else 1, f"this is not TOML: {error}; correct it"))
    return "", {}
