"""What is left of lessons that were renamed or removed: Sphinx-Gallery would keep their pages."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx


def remove_staged(staged: Path, kept: set[Path]) -> None:
    """Remove the staged files that no source stands behind."""
    for path in sorted(staged.rglob("*")):
        if path.is_file() and path not in kept:
            path.unlink()


def remove_generated(generated: Path, staged: Path) -> None:
    """Remove the pages and figures that Sphinx-Gallery made of scripts that are gone."""
    for md5 in sorted(generated.rglob("*.py.md5")):
        script = md5.with_suffix("")
        if not (staged / script.relative_to(generated)).exists():
            stem = script.stem
            for pattern in (f"{stem}.*", f"images/sphx_glr_{stem}_*", f"images/thumb/sphx_glr_{stem}_*"):
                for path in list(script.parent.glob(pattern)):
                    path.unlink()


def remove_pages(app: Sphinx, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """``env-get-outdated``: Sphinx leaves pages and images of removed documents where they are."""
    if not removed:
        return []
    for docname in removed:
        Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
        Path(app.doctreedir, f"{docname}.doctree").unlink(missing_ok=True)
    shutil.rmtree(app.outdir / "_images", ignore_errors=True)
    return sorted(env.found_docs)  # pages that are read again bring their images again
