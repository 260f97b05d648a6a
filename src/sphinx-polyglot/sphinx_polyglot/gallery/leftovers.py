"""What is left of lessons that were edited, renamed or removed, or whose build broke off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import js_index

from sphinx_polyglot.disk.records import digest, give_way, names
from sphinx_polyglot.gallery.folders import galleries
from sphinx_polyglot.gallery.upstream import NAMES, PAGE, SUM, maker, script_sum

NOTHING: Mapping[str, str] = {}


def remove_generated(generated: Path, staged: Path, kept: set[Path], known: Mapping[str, str] = NOTHING) -> None:
    """Remove pages and figures of scripts that are gone, were edited, damaged, or whose build broke off.

    ``known`` are digests of all that was there when it was last whole.

    What is gone is still staged, and not ``kept``; call ``remove_staged`` after this.

    Sphinx-Gallery notes that a script ran before it has written the page, and never removes a
    figure. After a kill in between, no later build would write that page; and of a script that
    is edited, run, and put back, the page would show figures of the edit.
    """
    for folder, inside, _ in os.walk(generated):
        for path in (Path(folder, name) for name in inside):
            if maker(path.relative_to(generated).as_posix()):
                give_way(path)
    made = _by_maker(names(generated))
    known_of = _by_maker(known)
    scripts = {script for script, found in made.items() if f"{script}{SUM}" in found}
    scripts |= {path.relative_to(staged).with_suffix("").as_posix() for path in staged.rglob("*.py")}
    for script in sorted(scripts):
        source, found = staged / f"{script}.py", made.get(script, [])
        _remove_broken_sum(generated / f"{script}{SUM}")
        if source not in kept or not _is_whole(generated / script, source):
            _remove_lesson(generated, found)
        elif wrong := _damaged(generated, script, {name: known[name] for name in known_of.get(script, [])}):
            print(f"{wrong}: not as the lesson left it; the lesson runs again", flush=True)
            _remove_lesson(generated, found)


def _by_maker(found: Iterable[str]) -> dict[str, list[str]]:
    """Names of what Sphinx-Gallery made, by the script that it was made of."""
    made: dict[str, list[str]] = {}
    for name in found:
        if script := maker(name):
            made.setdefault(script, []).append(name)
    return made


def remove_staged(staged: Path, kept: set[Path]) -> None:
    """Remove the staged files that no source stands behind."""
    for path in sorted(staged.rglob("*")):
        if path.is_file() and path not in kept:
            path.unlink()


def _is_whole(script: Path, source: Path) -> bool:
    """Whether all was made, and from this source; of what does not run, the ``.md5`` holds no sum."""
    page, ran, code_names = (script.with_name(script.name + end) for end in (PAGE, SUM, NAMES))
    if not page.is_file() or not page.stat().st_size:
        return False
    noted = ran.read_text("utf-8", errors="replace") if ran.is_file() else ""
    return len(noted) != 32 or (noted == script_sum(source) and code_names.is_file())


def _remove_broken_sum(ran: Path) -> None:
    """Sphinx-Gallery would stop at bytes that are no text; without a sum, it runs the script again."""
    if ran.is_file() and not ran.read_bytes().isascii():
        ran.unlink()


def _damaged(generated: Path, script: str, known: Mapping[str, str]) -> str:
    """The first file that is not as it was when the script ran; empty if all are, or it ran again since."""
    ran = f"{script}{SUM}"
    if known.get(ran) != digest(generated / ran):
        return ""
    shown = sorted(name for name in known if name.endswith((PAGE, NAMES)) or "images/" in name)
    return next((name for name in shown if digest(generated / name) != known[name]), "")


def _remove_lesson(generated: Path, found: Iterable[str]) -> None:
    """The page first and the ``.md5`` last, so that nothing of a removal that breaks off is taken for whole."""
    for name in sorted(found, key=lambda name: (not name.endswith(PAGE), name.endswith(SUM))):
        give_way(generated / name)
        (generated / name).unlink(missing_ok=True)


def close_lessons(app: Sphinx) -> None:
    """``builder-inited``, after Sphinx-Gallery: the names in the code, which it writes last, unless there are none."""
    if not app.env.polyglot.lessons:
        return
    for ran in _generated(app, f"*{SUM}"):
        code_names = ran.with_name(ran.name.removesuffix(SUM) + NAMES)
        if not code_names.exists():
            code_names.write_text("{}", "utf-8")
    app.env.polyglot.ledger.has_generated(sorted(_made(app)))


def _made(app: Sphinx) -> Iterator[Path]:
    """All that Sphinx-Gallery wrote: of each script, and its lists."""
    for _, gallery in galleries(app.config.sphinx_gallery_conf, Path(app.srcdir)):
        for script, found in _by_maker(names(gallery)).items():
            if f"{script}{SUM}" in found:
                yield from (gallery / name for name in found)
    yield from _generated(app, "index.rst")


def _generated(app: Sphinx, pattern: str) -> Iterator[Path]:
    """Files of Sphinx-Gallery's."""
    for _, gallery in galleries(app.config.sphinx_gallery_conf, Path(app.srcdir)):
        yield from gallery.rglob(pattern)


def remove_pages(app: Sphinx, env, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """``env-get-outdated``: Sphinx leaves pages and images of removed documents where they are."""
    if not removed or not env.polyglot.languages:
        return []
    for docname in removed:
        Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
        Path(app.doctreedir, f"{docname}.doctree").unlink(missing_ok=True)
    shutil.rmtree(app.outdir / "_images", ignore_errors=True)
    return sorted(env.found_docs)  # pages that are read again bring their images again


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """``build-finished``: figures that no page shows, words that no page has, the settings of before."""
    if exception or app.builder.format != "html" or not app.env.polyglot.languages:
        return
    used = {name for _, name in app.env.images.values()} | {path.name for path in _generated(app, "sphx_glr_*")}
    for path in app.outdir.glob("_images/sphx_glr_*"):
        if path.name not in used:
            path.unlink()
    (app.outdir / ".buildinfo.bak").unlink(missing_ok=True)
    index = app.outdir / "searchindex.js"
    if index.is_file() and ":[]" in (text := index.read_text("utf-8")):
        found = js_index.loads(text)
        for kind in ("terms", "titleterms"):
            found[kind] = {term: pages for term, pages in found[kind].items() if pages != []}
        index.write_text(js_index.dumps(found), "utf-8")
