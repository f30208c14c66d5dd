"""Two equal languages: gettext, the reader's locale, dates and numbers in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale
from flask_babel.speaklater import LazyString

from forum.core.clock import now
from forum.core.config import PACKAGE

LOCALES = ("en", "ru")
LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
CATALOGUES = PACKAGE / "translations"
NOBODY = NullTranslations()
KEPT = ("translations", "language")
"""What a request remembers of its language."""
_here = g._get_current_object
"""What a request remembers, past the proxy: pages ask for their language two hundred times, and
each time the proxy costs ten times what it stands before."""

__all__ = [
    "LOCALES",
    "_",
    "day",
    "install",
    "lazy",
    "local_day",
    "moment",
    "ngettext",
    "number",
    "percent",
]


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [locale])


def _translations() -> NullTranslations:
    """The reader's catalogue, looked up once a request."""
    if not has_app_context():
        return NOBODY
    kept = _here()
    found: NullTranslations | None = kept.get("translations")
    if found is None:
        found = kept.translations = _catalogue(locale_code())
    return found


def _(message: str, **variables: Any) -> str:
    """A message in the reader's language, with its variables filled in."""
    text = str(_translations().gettext(message))
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """A message that depends on a number, with the language's own plural forms."""
    text = str(_translations().ngettext(singular, plural, num))
    return text % {"num": num, **variables}


def lazy(message: str, **variables: Any) -> Any:
    """A message that is translated when it is shown."""
    return LazyString(_, message, **variables)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak another language for a while, as a mail to somebody else does."""
    before = {name: g.pop(name, None) for name in KEPT}
    try:
        with force_locale(locale):
            yield
    finally:
        for name, value in before.items():
            g.pop(name, None)
            if value is not None:
                setattr(g, name, value)


def forget_language() -> None:
    """Choose the language anew: the reader is known only now."""
    from flask_babel import refresh

    for name in KEPT:
        g.pop(name, None)
    refresh()


def install(app: Flask) -> None:
    """Wire gettext to the reader's choice, then the cookie, then the browser, then the site."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=choose_locale, timezone_selector=company_zone)
    app.jinja_env.globals.update(_=_, gettext=_, ngettext=ngettext)
    app.jinja_env.filters.update(ago=ago, moment=moment, day=day, month=month)
    app.jinja_env.filters.update(number=number, percent=percent)


def choose_locale() -> str:
    """The locale of this request, `en` or `ru`."""
    if not has_request_context():
        return str(g.get("locale", "en")) if has_app_context() else "en"
    for wanted in (getattr(g, "person_locale", None), session.get("locale")):
        if wanted in LOCALES:
            return str(wanted)
    fallback = str(g.get("site_locale", "en"))
    return request.accept_languages.best_match(LOCALES, fallback) or fallback


def company_zone() -> str:
    """The company's time zone; every day on a page is the company's day."""
    return str(_here().get("site_zone", "UTC")) if has_app_context() else "UTC"


def locale_code() -> str:
    """`en` or `ru`."""
    if not has_app_context():
        return "en"
    kept = _here()
    found: str | None = kept.get("language")
    if found is None:
        locale: Locale | None = get_locale()
        found = kept.language = str(locale.language) if locale is not None else "en"
    return found


def local_day(at: datetime) -> date:
    """The company's day of a moment."""
    return at.astimezone(ZoneInfo(company_zone())).date()


def moment(at: datetime) -> str:
    """Date and time as this reader writes them, to the minute."""
    local = at.astimezone(ZoneInfo(company_zone()))
    return f"{_long_day(local.date(), locale_code())}, {local:%H:%M}"


@lru_cache(8192)
def _long_day(on: date, locale: str) -> str:
    return str(format_date(on, "d MMMM y", locale=locale))


DAYS = {"en": "medium", "ru": "d MMM y"}
"""Russian's own pattern ends in “г.”, which would double the full stop of a sentence."""


def day(on: date | datetime) -> str:
    """A day as this reader writes it."""
    return _day(local_day(on) if isinstance(on, datetime) else on, locale_code())


@lru_cache(8192)
def _day(on: date, locale: str) -> str:
    return str(format_date(on, DAYS[locale], locale=locale))


def month(on: date) -> str:
    """The month of a day, with its year, standing by itself."""
    return str(format_date(on, "LLLL y", locale=locale_code()))


def short_month(on: date) -> str:
    """The same in few letters, beside a figure."""
    return _short_month(on, locale_code())


@lru_cache(1024)
def _short_month(on: date, locale: str) -> str:
    return str(format_date(on, "LLL y", locale=locale))


def number(value: float, places: int | None = None) -> str:
    """A number with this reader's separators; with exactly so many decimal places, if asked."""
    return _number(value, places, locale_code())


@lru_cache(8192)
def _number(value: float, places: int | None, locale: str) -> str:
    pattern = f"#,##0.{'0' * places}" if places else None
    return str(format_decimal(value, pattern, locale=locale))


def percent(*shares: float) -> str:
    """A share of a hundred, or between which two it lies, as this reader writes it."""
    return _("%(figures)s%%", figures="–".join(number(share) for share in shares))


Unit = Literal["day", "hour", "minute", "second"]
STEPS: tuple[tuple[int, Unit], ...] = (
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
)
"""How long ago is told in the largest of these that has passed once, beyond days in weeks."""


def when(at: datetime, *, to_the_day: bool = False) -> dict[str, str]:
    """A moment as components show it: for machines, exactly, and how long ago; or as its day alone,
    where no more is known."""
    if to_the_day:
        return {"at": local_day(at).isoformat(), "at_exact": day(at), "age": day(at)}
    return {"at": at.isoformat(timespec="seconds"), "at_exact": moment(at), "age": ago(at)}


def ago(at: datetime) -> str:
    """How long ago in words; beyond a month the day itself."""
    seconds = int((now() - at).total_seconds())
    if abs(seconds) > 30 * 86_400:
        return day(at)
    if -45 < seconds < 45:
        return _("just now")
    size, unit = next(step for step in STEPS if abs(seconds) >= step[0])
    return _distance(seconds % size - seconds, unit, locale_code())


@lru_cache(4096)
def _distance(seconds: int, unit: Unit, locale: str) -> str:
    distance = timedelta(seconds=seconds)
    words = format_timedelta(distance, unit, threshold=1.5, add_direction=True, locale=locale)
    return str(words)
