"""Where the project lies, and its lessons."""

from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
#: The names of the lessons, in their order.
LESSONS = sorted(path.stem for path in REPOSITORY.glob("gallery/[0-9]*.py"))
#: The pages that someone wrote, without the gallery's own list.
PAGES = [
    "index",
    "glossary",
    "cheatsheet",
    "about",
    "contributing",
    "coming-over",
    "publishing",
    "polyglot",
    "translating",
    *(f"lessons/{name}" for name in LESSONS),
]
