"""Two equal languages: gettext, the reader's locale, dates and numbers in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    gettext,
    lazy_gettext,
)
from flask_babel import ngettext as plain_ngettext

from forum.core.clock import now

LOCALES = ("en", "ru")
LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}


def _(message: str, **variables: Any) -> str:
    """A message in the reader's language, with its variables filled in."""
    return str(gettext(message, **variables))


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """A message that depends on a number, with the language's own plural forms."""
    return str(plain_ngettext(singular, plural, num, **variables))


lazy = lazy_gettext

__all__ = ["LOCALES", "_", "day", "install", "lazy", "local_day", "moment", "ngettext", "number"]


def install(app: Flask) -> None:
    """Wire gettext to the reader's choice, then the cookie, then the browser, then the site."""
    from forum.core.config import PACKAGE

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PACKAGE / "translations")
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=choose_locale, timezone_selector=company_zone)
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    app.jinja_env.filters.update(ago=ago, moment=moment, day=day, number=number)


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
    return str(g.get("site_zone", "UTC")) if has_app_context() else "UTC"


def locale_code() -> str:
    """`en` or `ru`."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def local_day(at: datetime) -> date:
    """The company's day of a moment."""
    return at.astimezone(ZoneInfo(company_zone())).date()


def moment(at: datetime) -> str:
    """Date and time as this reader writes them."""
    return str(format_datetime(at, "medium"))


def day(on: date | datetime) -> str:
    """A day as this reader writes it."""
    if isinstance(on, datetime):
        on = local_day(on)
    return str(format_date(on, "medium", rebase=False))


def number(value: float) -> str:
    """A number with this reader's separators."""
    return str(format_decimal(value))


def ago(at: datetime) -> str:
    """How long ago in words; beyond a month the day itself."""
    distance = at - now()
    if abs(distance) > timedelta(days=30):
        return day(at)
    if timedelta(seconds=-45) < distance <= timedelta():
        return _("just now")
    return str(format_timedelta(distance, add_direction=True, locale=locale_code()))
