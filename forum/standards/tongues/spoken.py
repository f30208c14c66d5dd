"""What a reader gets of a version: their language where there is one, else the other, and what has
to be said of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forum.accounts.models import Person
from forum.core.i18n import LOCALES, locale_code
from forum.standards.clauses.known import Standing
from forum.standards.models import Standard
from forum.standards.queries import Shown
from forum.standards.tongues import phrases
from forum.standards.tongues.models import Part
from forum.standards.tongues.parts import NO_KEY, Place, originals
from forum.standards.tongues.policy import may_translate
from forum.standards.tongues.queries import Known, known_parts
from forum.standards.tongues.there import languages_said

Line = tuple[str, str]
"""Words, and their language."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to the same version in another language."""

    url: str
    words: str
    lang: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A version in the language of its page, that of the translation or its own (`main`).

    `parts` are the translations shown, none on the page of the main text.
    """

    lang: str
    main: str
    title: Line
    change: Line
    parts: Mapping[Place, Known]
    said: Sequence[str]
    ways: Sequence[Way]
    may_translate: bool


def spoken(
    reader: Person,
    shown: Shown,
    standing: Sequence[Standing],
    *,
    asked: str = "",
    as_of: date | None = None,
) -> Spoken:
    """A version as the reader gets it, in the language `asked` for, else their own.

    One query where it was translated into that language, otherwise none.
    """
    standard, main = shown.standard, shown.version.lang
    wanted = asked if asked in (*LOCALES, main) else locale_code()
    parts = _parts(shown, standing, wanted)
    others = [each for each in _others(shown) if _is_there(shown, each)]
    if parts:
        said, leads = _said(main, parts), [main]
    elif wanted != main and shown.version.published_at is not None:
        said, leads = [str(phrases.MISSING[wanted])], [each for each in others if each != wanted]
    else:
        said, leads = [], others
    return Spoken(
        lang=wanted if parts else main,
        main=main,
        title=_line(parts, Part.TITLE, wanted) or (shown.version.title, main),
        change=_line(parts, Part.CHANGE, wanted) or (shown.version.change, main),
        parts=parts,
        said=said,
        ways=[_way(shown, lang, as_of) for lang in leads],
        may_translate=shown.current and may_translate(reader, standard),
    )


def _parts(shown: Shown, standing: Sequence[Standing], wanted: str) -> dict[Place, Known]:
    """What is there in a language of a version that was published; of the next one nothing is."""
    if wanted not in _others(shown):
        return {}
    wordings = originals(shown.version, shown.html, standing)
    known = known_parts(shown.standard, shown.version, wanted, wordings)
    return {place: part for place, part in known.items() if not part.says_nothing}


def _others(shown: Shown) -> list[str]:
    if shown.version.published_at is None:
        return []
    return [lang for lang in languages_of(shown.standard) if lang != shown.version.lang]


def _is_there(shown: Shown, lang: str) -> bool:
    """Whether anything of an older version is said in a language; of the one in force something
    is, though it may be behind."""
    if shown.current or shown.translations is None:
        return shown.current
    return lang in languages_said(shown.translations, shown.version, shown.html)


def languages_of(standard: Standard) -> list[str]:
    """Those into which something of a standard was translated."""
    return standard.translated.split()


def _said(main: str, parts: Mapping[Place, Known]) -> list[str]:
    title = parts.get((Part.TITLE, NO_KEY))
    late = [phrases.title_is_behind(title.behind)] if title and title.behind else []
    return [phrases.binds(main), *late]


def _line(parts: Mapping[Place, Known], part: Part, lang: str) -> Line | None:
    known = parts.get((part, NO_KEY))
    return (known.title, lang) if known is not None else None


def _way(shown: Shown, lang: str, as_of: date | None) -> Way:
    address = f"/standards/{shown.standard.number}"
    if as_of is not None:
        return Way(f"{address}?as-of={as_of}&lang={lang}", phrases.read_in(lang), lang)
    if not shown.current:
        address += f"/versions/{shown.version.number}"
    return Way(f"{address}?lang={lang}", phrases.read_in(lang), lang)
