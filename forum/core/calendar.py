"""Working days of the company: no weekends, no public holidays, none of the days it keeps free.

Public holidays come from the library `holidays`, which is named nowhere else and imported only
where a country is chosen: a forum without one never pays for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from forum.core.clock import now
from forum.core.i18n import locale_code
from forum.core.site import Site, site

BY_LANGUAGE = "auto"
"""The setting that follows the site's language: Russia's holidays for a Russian forum."""
COUNTRY_OF = {"ru": "RU"}
WEEKEND = (5, 6)
FAR = 3660
"""Days to look at before giving up: with every day free there is no working day to find."""
LONGEST_BREAK = 400
ONE_DAY = timedelta(days=1)


def company_day(at: datetime | None = None) -> date:
    """The company's day of a moment, now by default; also where nobody asks for a page."""
    return (at or now()).astimezone(ZoneInfo(site().time_zone)).date()


def start_of_day(at: datetime | None = None) -> datetime:
    """The first moment of the company's day of a moment, now by default: for what may not be known
    to the minute."""
    return midnight(company_day(at))


def midnight(on: date) -> datetime:
    """The first moment of one of the company's days."""
    return datetime.combine(on, time.min, ZoneInfo(site().time_zone)).astimezone(UTC)


def is_working(on: date) -> bool:
    """Whether the company works that day."""
    return _is_working(on, *_free(site()))


def add_working_days(start: date, days: int) -> date:
    """The working day that lies so many working days after a day, or before it for fewer than none.

    With 0 the day itself, or the next one that is worked.
    """
    rules = _free(site())
    step, left, on = (ONE_DAY if days >= 0 else -ONE_DAY), abs(days), start
    for _ in range(FAR):
        if left == 0 and _is_working(on, *rules):
            break
        on += step
        left -= bool(left) and _is_working(on, *rules)
    return on


def working_days(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; 0 when it is not later."""
    rules = _free(site())
    span = min((end - start).days, FAR)
    return sum(_is_working(start + ONE_DAY * n, *rules) for n in range(1, span + 1))


def _free(known: Site) -> tuple[str, frozenset[date]]:
    return country_of(known), _own_days(known.free_days)


def country_of(known: Site) -> str:
    """Whose public holidays the company keeps; empty for none."""
    if known.holidays == BY_LANGUAGE:
        return COUNTRY_OF.get(known.default_locale, "")
    return known.holidays


def _is_working(on: date, country: str, own: frozenset[date]) -> bool:
    if on in own:
        return False
    if not country:
        return on.weekday() not in WEEKEND
    return on in _worked(country, on.year)


@lru_cache(64)
def _worked(country: str, year: int) -> frozenset[date]:
    """The days of a year a country works: also Saturdays that make up for a bridge day."""
    from holidays import country_holidays

    known = country_holidays(country, years=[year])
    first = date(year, 1, 1)
    days = (first + ONE_DAY * n for n in range(366))
    return frozenset(on for on in days if on.year == year and known.is_working_day(on))


@lru_cache(8)
def _own_days(lines: tuple[str, ...]) -> frozenset[date]:
    return frozenset(on for line in lines for on in days_of(line))


def days_of(line: str) -> list[date]:
    """The days that “2026-12-31” or “2026-12-24..2026-12-31” names. Raises ValueError."""
    first, _dots, last = line.partition("..")
    start = date.fromisoformat(first.strip())
    end = date.fromisoformat(last.strip()) if last.strip() else start
    if not 0 <= (end - start).days <= LONGEST_BREAK:
        raise ValueError("a break ends after it begins, within a year or so")
    return [start + ONE_DAY * n for n in range((end - start).days + 1)]


def read_free_days(typed: str) -> tuple[str, ...]:
    """What was typed as lines of days, sorted, each once. Raises ValueError naming the first slip.

    A day may be written as 2026-12-31 or 31.12.2026, two with `..` or a dash between as a break.
    """
    return tuple(sorted({_line(word) for word in re.split(r"[\s,;]+", _joined(typed)) if word}))


def _joined(typed: str) -> str:
    # Spaces first: looked for before each dash, a long run of them takes time that grows squared.
    return re.sub(r" ?(\.\.+|…|–|—) ?", "..", " ".join(typed.split()))


def _line(word: str) -> str:
    try:
        days = days_of("..".join(_iso(part) for part in word.split("..")))
    except ValueError:
        raise ValueError(word) from None
    return str(days[0]) if len(days) == 1 else f"{days[0]}..{days[-1]}"


def _iso(part: str) -> str:
    return re.sub(r"\A(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", _turned, part)


def _turned(found: re.Match[str]) -> str:
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def countries() -> list[tuple[str, str]]:
    """Countries whose holidays are known, by name in the reader's language."""
    return _countries(locale_code())


@lru_cache(4)
def _countries(locale: str) -> list[tuple[str, str]]:
    from holidays import list_supported_countries

    names = Locale.parse(locale).territories
    codes: Iterable[str] = (code for code in list_supported_countries() if len(code) == 2)
    return sorted(((code, names[code]) for code in codes if code in names), key=lambda c: c[1])
