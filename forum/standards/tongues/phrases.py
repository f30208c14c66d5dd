"""What pages say of translations. Each language has sentences of its own: they decline."""

from __future__ import annotations

from forum.core.i18n import _, lazy, ngettext

BINDS = {
    "en": lazy("This is a translation. The English text is the one that was approved."),
    "ru": lazy("This is a translation. The Russian text is the one that was approved."),
}
OTHER_BINDS = lazy("This is a translation. The original is the text that was approved.")
READ = {"en": lazy("Read it in English"), "ru": lazy("Read it in Russian")}
READ_ORIGINAL = lazy("Read the original")
MISSING = {
    "en": lazy("There is no English translation of it."),
    "ru": lazy("There is no Russian translation of it."),
}
INTO = {
    "en": lazy("Translate %(number)s into English"),
    "ru": lazy("Translate %(number)s into Russian"),
}
NOT_TRANSLATED = lazy("This clause is not translated.")
UP_TO_DATE = lazy("Translated")
NOT_YET = lazy("Not translated yet")
COMPARE = lazy("What changed")


def binds(main: str) -> str:
    """Which text counts."""
    return str(BINDS.get(main, OTHER_BINDS))


def read_in(lang: str) -> str:
    """The way to a language."""
    return str(READ.get(lang, READ_ORIGINAL))


def is_behind(versions: int) -> str:
    """How far a clause went on since it was translated."""
    return ngettext(
        "The translation is behind by %(num)d version.",
        "The translation is behind by %(num)d versions.",
        versions,
    )


def title_is_behind(versions: int) -> str:
    """The same of the title."""
    return ngettext(
        "The translation of the title is behind by %(num)d version.",
        "The translation of the title is behind by %(num)d versions.",
        versions,
    )


def into(lang: str, number: str) -> str:
    """The heading of the page where one translates."""
    return str(INTO[lang]) % {"number": number}


def state(behind: int | None) -> str:
    """How far the translation of a part is; None for none."""
    if behind is None:
        return str(NOT_YET)
    return is_behind(behind) if behind else str(UP_TO_DATE)


def name(part: str, number: str, title: str) -> str:
    """What a part is called among the fields."""
    return {
        "title": _("Title"),
        "change": _("What changes for you"),
        "opening": _("Before the first clause"),
    }.get(part, f"{number} {title}".strip())
