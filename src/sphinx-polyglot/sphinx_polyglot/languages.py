"""The languages of a course, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from babel import Locale


class Languages(tuple):
    """The codes of a course's languages, in the order in which they stand in each block.

    ``drafts`` names those whose translation is under way: where one is missing,
    the language that it maps to stands in. ``translated`` names those that are made
    from another one, drafts among them, each with that.
    """

    drafts: Mapping[str, str]
    translated: Mapping[str, str]

    def __new__(
        cls,
        codes: Iterable[str],
        drafts: Mapping[str, str] | None = None,
        translated: Mapping[str, str] | None = None,
    ):
        languages = super().__new__(cls, codes)
        languages.drafts = dict(drafts or {})
        languages.translated = {**languages.drafts, **(translated or {})}
        return languages


def tag(name: str) -> str:
    """The language tag for ``<html lang>``.

    >>> tag("zh_CN")
    'zh-CN'
    """
    return name.replace("_", "-")


def native_name(name: str) -> str:
    """What a language calls itself.

    >>> native_name("zh_CN"), native_name("en")
    ('中文', 'English')
    """
    locale = Locale.parse(name)
    return locale.get_language_name().capitalize()


def direction(name: str) -> str:
    """Where a language's lines begin: ``ltr``, on the left, or ``rtl``.

    >>> direction("zh_CN"), direction("ar"), direction("he")
    ('ltr', 'rtl', 'rtl')
    """
    return Locale.parse(name).text_direction


def name_in(name: str, other: str) -> str:
    """What another language calls a language.

    >>> name_in("en", "fr"), name_in("zh_CN", "en")
    ('anglais', 'Chinese')
    """
    return Locale.parse(name).get_language_name(other)


def drafts_of(languages: Iterable[str]) -> Mapping[str, str]:
    """The drafts among the languages, each with the one that stands in; plain codes have none.

    >>> drafts_of(Languages(["en", "fr"], {"fr": "en"})), drafts_of(["en"])
    ({'fr': 'en'}, {})
    """
    return languages.drafts if isinstance(languages, Languages) else {}


def translated_of(languages: Iterable[str]) -> Mapping[str, str]:
    """The languages that are translated from another one, each with that; plain codes have none.

    >>> translated_of(Languages(["en", "fr", "ar"], {"fr": "en"}, {"ar": "en"})), translated_of(["en"])
    ({'fr': 'en', 'ar': 'en'}, {})
    """
    return languages.translated if isinstance(languages, Languages) else {}
