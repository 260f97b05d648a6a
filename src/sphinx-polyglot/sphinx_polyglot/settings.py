"""The settings of ``conf.py``: type, default, meaning, and which pages a change rebuilds. Read once, here.

The documentation of the settings is made from this table, see ``pages.settings``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from textwrap import fill
from types import GenericAlias
from typing import get_type_hints

from sphinx.application import Sphinx

PREFIX = "polyglot_"

CLOUDS = {
    "Colab": "https://colab.research.google.com/github/{published}/{path}",
    "ModelScope": "https://modelscope.cn/notebook/share/github/{published}/{path}",
}


def _setting(default: object, meaning: str, rebuilds: str = ""):
    """One row: ``rebuilds`` is "html" where every page is then written again, "env" where each is read again."""
    metadata = {"default": default, "meaning": meaning, "rebuilds": rebuilds}
    return field(default_factory=lambda: default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """What ``conf.py`` says; there, each name begins with ``polyglot_``.

    >>> Settings.of({"polyglot_baseurl": "https://example.org/"}).baseurl
    'https://example.org'
    """

    languages: dict[str, str] = _setting(
        {},
        'Required. The codes used in marks, each with Sphinx\'s name of the language: ``{"zh": "zh_CN", "en": "en"}``.',
        "html",
    )
    drafts: dict[str, str] = _setting(
        {}, 'Languages not wholly translated yet, each with the one that fills its gaps: ``{"fr": "en"}``.', "env"
    )
    translated: dict[str, str] = _setting(
        {},
        "Languages that are translated from another one, each with that; drafts are, from the one that fills their "
        'gaps: ``{"fr": "en", "ar": "en"}``. Their marks may tell which text they were made from.',
        "env",
    )
    default_language: str = _setting("", "What a reader gets whose language is none of them.", "html")
    baseurl: str = _setting(
        "",
        "The address of the site; only with it do pages have canonical links and links to the other languages.",
    )
    preview: str = _setting(
        "",
        "A picture that messengers show beside a link, by its name in an ``html_static_path``; ``{language}`` is "
        "filled in. It needs ``polyglot_baseurl``.",
        "html",
    )
    templates: bool = _setting(
        False,
        "Whether the project's templates place ``{{ polyglot_switch }}``, ``{{ polyglot_together }}``, "
        "``{{ polyglot_downloads }}`` and ``{{ polyglot_links }}``; otherwise they stand at the head and at the foot "
        "of the text.",
        "html",
    )
    fail_on_warning: bool = _setting(False, "Whether a warning keeps the site from being published.")
    minutes_explained: str = _setting(
        "", "The label of the section that tells how minutes are counted; the minutes of a lesson lead to it.", "env"
    )
    glossary: str = _setting("", "The file with the terms.", "env")
    figure_words: str = _setting(
        "", "The file with the words in figures that are no terms: what each is called in the other languages.", "env"
    )
    source_dirs: list[str] = _setting([], "The folders with the modules that lessons import.")
    carried: list[str] = _setting(
        [],
        "Modules in ``polyglot_source_dirs`` that the files of every lesson carry, though its code imports none of "
        "them: what readers may call in exercises. They may import only what every lesson imports.",
    )
    distributions: dict[str, str] = _setting(
        {}, 'Import names whose distribution has another name: ``{"sklearn": "scikit-learn"}``.'
    )
    inputs: dict[str, list[str]] = _setting({}, "Modules, each with the files and folders that it reads.")
    facts: dict[str, str] = _setting({}, "What else every lesson depends on, say the kind of device.")
    tags: dict[str, bool] = _setting(
        {},
        "Remarks that stand only where they are true: the tags that ``.. only::`` may name, each with whether it holds "
        'in this build, as in ``{"cifar10": True}``.',
    )
    show_names: bool = _setting(True, "Whether pages show what the names in a lesson's code hold after each cell.")
    timeout: float = _setting(
        1800.0,
        "How many seconds one lesson may run; one that takes longer is stopped, and told with the line that it was at.",
    )
    store: str = _setting(
        "",
        "Where the outputs of lessons are kept for whoever builds the same: a folder, or an address of ``fsspec``. "
        "Only what you trust: pages show what lies there.",
    )
    jobs: float = _setting(1.0, "How many lessons run at the same time; the verbs set it.")
    cluster: str = _setting("", "The address of a Dask cluster that runs the lessons; the verbs set it.")
    execute: str = _setting("all", "Which lessons may run: ``all``, ``none`` or the name of one; the verbs set it.")
    stage_dir: str = _setting("build/stage", "Where the scripts without prose go.")
    about: dict[str, str] = _setting(
        {},
        'What else the build\'s facts shall tell: ``{"Device": "cpu"}``; both texts are translated with the '
        "site's catalogue.",
    )
    repository: str = _setting(
        "",
        "The address of the repository; only with it do pages link to their source and to a report of mistakes.",
        "html",
    )
    branch: str = _setting("main", "The branch that source links lead to.", "html")
    source_link: str = _setting(
        "{repository}/blob/{branch}/{path}",
        "How the link to a page's source is written; ``{repository}``, ``{branch}``, ``{path}``, ``{title}`` and "
        "``{address}`` are filled in.",
        "html",
    )
    report_link: str = _setting(
        "{repository}/issues/new?title={title}&body={address}",
        "The same for the link to a report of a mistake.",
        "html",
    )
    library: str = _setting(
        "",
        "The name of a package in ``polyglot_source_dirs``; the zip of all lessons holds the whole of it, to be read "
        "and used, and the ``LICENSE`` beside ``conf.py``.",
    )
    install_hints: dict[str, str] = _setting(
        {},
        'What else to tell readers who lack a module: ``{"torch": "About 5 GB."}``; the text is translated with the '
        "site's catalogue.",
        "html",
    )
    requirements: list[str] = _setting(
        [], 'What readers need to install besides what the lessons import, say ``["jupyterlab"]``.'
    )
    bundle_readme: str = _setting("", "The file that explains the zip, marked like a page.")
    published: str = _setting(
        "",
        "The repository on GitHub that holds the built site, and its branch, as in ``owner/name/blob/branch``; only "
        "with it do links open the notebook in a cloud.",
        "html",
    )
    clouds: dict[str, str] = _setting(
        CLOUDS,
        "Names of clouds, each with the address at which it opens a notebook; it may use ``{published}``, ``{path}`` "
        "and ``{url}``.",
        "html",
    )

    @classmethod
    def of(cls, config: Mapping[str, object]) -> Settings:
        """What is set in ``config``, a namespace of ``conf.py`` or what Sphinx made of it."""
        given = {name: config[PREFIX + name] for name in DEFAULTS if PREFIX + name in config}
        if "baseurl" in given:
            given["baseurl"] = str(given["baseurl"]).rstrip("/")
        return cls(**given)


#: What the verbs set, and ``conf.py`` need not.
SET_BY_VERBS = {"execute", "jobs", "cluster"}
WIDTH, INDENTED = 110, {"initial_indent": "    ", "subsequent_indent": "    "}
#: By name, without the prefix.
DEFAULTS = {row.name: row.metadata["default"] for row in fields(Settings)}
TYPES: dict[str, GenericAlias | type] = get_type_hints(Settings)
NAMES = [PREFIX + name for name in DEFAULTS]
#: Settings of others that are read here, and what they are where ``conf.py`` leaves them out.
OTHERS = {
    "project": "",
    "locale_dirs": ["locales"],
    "templates_path": [],
    "html_static_path": [],
    "sphinx_gallery_conf": {},
}


def register(app: Sphinx) -> None:
    """Have Sphinx know the settings."""
    for row in fields(Settings):
        app.add_config_value(PREFIX + row.name, row.metadata["default"], row.metadata["rebuilds"])


def described() -> str:
    """Each setting, its default and its meaning, as plain text.

    >>> print(described().split("\\n\\n")[1])
    polyglot_drafts = {}
        Languages not wholly translated yet, each with the one that fills its gaps: {"fr": "en"}.
    """
    rows = [(PREFIX + row.name, row.metadata) for row in fields(Settings) if row.name not in SET_BY_VERBS]
    meanings = {name: fill(metadata["meaning"].replace("``", ""), WIDTH, **INDENTED) for name, metadata in rows}
    return "\n\n".join(f"{name} = {metadata['default']!r}\n{meanings[name]}" for name, metadata in rows)
