"""What is written behind a colon: numbers, ages, days, and words of a fixed list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from forum.core.clock import now
from forum.core.i18n import company_zone
from forum.core.words import lemma, normalize

FOREVER = 2**62
"""Beyond every number there is."""
FIRST_YEAR, LAST_YEAR = 1970, 2200
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})(\+)?")
_RANGE = re.compile(r"(\d{1,9})(?:\.\.|-|–)(\d{1,9})")
_AGE = re.compile(r"(>=|<=|>|<)?\s*(\d{1,4})\s*([^\W\d_]+)\.?")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_RUSSIAN_DAY = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})")
_COMPARED = re.compile(r"(>=|<=|>|<)?\s*(.+)")


class Span(NamedTuple):
    """Numbers from `low` on and below `high`."""

    low: int
    high: int


def number_span(text: str) -> Span | None:
    """`>20`, `>=20`, `20+`, `<5`, `5`, `5..10`."""
    between = _RANGE.fullmatch(text)
    if between:
        return Span(int(between[1]), int(between[2]) + 1)
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, number = found[1] or (">=" if found[3] else "="), int(found[2])
    return SPANS[sign](number)


SPANS: dict[str, Callable[[int], Span]] = {
    ">": lambda number: Span(number + 1, FOREVER),
    ">=": lambda number: Span(number, FOREVER),
    "<": lambda number: Span(0, number),
    "<=": lambda number: Span(0, number + 1),
    "=": lambda number: Span(number, number + 1),
}
_UNITS = {
    1: "d day days д дн день дня дней",
    7: "w week weeks н нед неделя недели недель",
    30: "m month months м мес месяц месяца месяцев",
    365: "y year years г год года лет",
}
_DAYS = {word: days for days, words in _UNITS.items() for word in words.split()}


def since_span(text: str) -> Span | None:
    """When something began that has lasted `>10d`, as moments; `<10d` for less."""
    found = _AGE.fullmatch(normalize(text))
    days = _DAYS.get(found[3]) if found else None
    if found is None or days is None:
        return None
    edge = micros(now() - timedelta(days=days * int(found[2])))
    return Span(edge, FOREVER) if (found[1] or ">").startswith("<") else Span(0, edge)


class Days(NamedTuple):
    """From the beginning of the first day to that of the last."""

    first: date
    last: date


def day_span(text: str, today: date) -> Days | None:
    """A day, a month, a year, or a word such as `last-week`, in either language."""
    plain = re.sub(r"[\s_]+", "-", normalize(text))
    known = DAY_WORDS.get(plain)
    if known is not None:
        return known(today)
    found = _DAY.fullmatch(plain)
    if found:
        return _days(found[1], found[2], found[3])
    found = _RUSSIAN_DAY.fullmatch(plain)
    return _days(found[3], found[2], found[1]) if found else _ago(plain, today)


def _days(year: str, month: str | None, day: str | None) -> Days | None:
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        return None
    if day:
        return Days(first, first + timedelta(days=1))
    return Days(first, _next_month(first) if month else first.replace(year=first.year + 1))


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _ago(plain: str, today: date) -> Days | None:
    """`10d`: the day that many days ago."""
    found = _AGE.fullmatch(plain)
    days = _DAYS.get(found[3]) if found and not found[1] else None
    if found is None or days is None or days * int(found[2]) > 365 * 50:
        return None
    first = today - timedelta(days=days * int(found[2]))
    return Days(first, first + timedelta(days=1))


def _week(today: date, back: int) -> Days:
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return Days(monday, monday + timedelta(days=7))


def _month(today: date, back: int) -> Days:
    first = today.replace(day=1)
    for _each in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return Days(first, _next_month(first))


def _year(today: date, back: int) -> Days:
    first = date(today.year - back, 1, 1)
    return Days(first, date(first.year + 1, 1, 1))


NAMED_DAYS: tuple[tuple[str, str, Callable[[date], Days]], ...] = (
    ("today", "сегодня", lambda today: Days(today, today + timedelta(days=1))),
    ("yesterday", "вчера", lambda today: Days(today - timedelta(days=1), today)),
    ("this-week", "эта-неделя", lambda today: _week(today, 0)),
    ("last-week", "прошлая-неделя", lambda today: _week(today, 1)),
    ("this-month", "этот-месяц", lambda today: _month(today, 0)),
    ("last-month", "прошлый-месяц", lambda today: _month(today, 1)),
    ("this-year", "этот-год", lambda today: _year(today, 0)),
    ("last-year", "прошлый-год", lambda today: _year(today, 1)),
)
DAY_WORDS = {word: days for english, russian, days in NAMED_DAYS for word in (english, russian)}


def moments(days: Days) -> Span:
    """Days of the company as moments."""
    zone = ZoneInfo(company_zone())
    first, last = (datetime.combine(day, time(), zone) for day in days)
    return Span(micros(first), micros(last))


def micros(at: datetime) -> int:
    """A moment as the index keeps it."""
    return int(at.astimezone(UTC).timestamp() * 1_000_000)


def compared(text: str) -> tuple[str, str]:
    """A sign, if there is one, and what comes after it."""
    found = _COMPARED.fullmatch(text)
    return (found[1] or "", found[2]) if found else ("", text)


class Choices:
    """Values out of a fixed list, each with the words for it in both languages."""

    def __init__(self, english: dict[str, str], russian: dict[str, str]) -> None:
        """For each value its words, with blanks between them; the first one is shown."""
        self._words = {
            "en": {value: words.split() for value, words in english.items()},
            "ru": {value: words.split() for value, words in russian.items()},
        }

    @cached_property
    def _value(self) -> dict[str, str]:
        """Values by the forms of their words; worked out when asked, for it takes a dictionary."""
        return {
            form: value
            for of_language in self._words.values()
            for value, words in of_language.items()
            for word in (value, *words)
            for form in _forms(word)
        }

    def value(self, text: str) -> str | None:
        """The value that a word stands for, in any of its forms."""
        return next((self._value[form] for form in _forms(text) if form in self._value), None)

    def word(self, value: str, locale: str) -> str:
        """What a value is called in a language."""
        return self._words[locale][value][0]

    @property
    def values(self) -> Iterable[str]:
        """Every value."""
        return self._words["en"].keys()

    def all_words(self, locale: str) -> Iterable[tuple[str, str]]:
        """Every word with its value, those of one language first."""
        for language in sorted(self._words, key=lambda known: known != locale):
            for value, words in self._words[language].items():
                for word in words:
                    yield word, value


def _forms(word: str) -> tuple[str, ...]:
    plain = re.sub(r"[\s_]+", "-", normalize(word))
    return plain, lemma(plain)


KINDS = Choices(
    {
        "idea": "idea",
        "comment": "comment",
        "standard": "standard",
        "person": "person people",
        "department": "department",
        "service": "service",
    },
    {
        "idea": "идея",
        "comment": "комментарий",
        "standard": "стандарт",
        "person": "человек сотрудник",
        "department": "отдел",
        "service": "услуга",
    },
)
STAGES = Choices(
    {
        "open": "open",
        "review": "review in-review",
        "accepted": "accepted",
        "standardised": "standardised standardized became-a-standard",
        "done": "done",
        "declined": "declined rejected",
        "merged": "merged",
        "withdrawn": "withdrawn",
        "in_force": "in-force",
    },
    {
        "open": "открыта открытая открыто открыты",
        "review": "рассмотрение на-рассмотрении",
        "accepted": "принята",
        "standardised": "стандарт стала-стандартом",
        "done": "выполнена сделана готово",
        "declined": "отклонена отказ",
        "merged": "объединена",
        "withdrawn": "отозвана",
        "in_force": "действует действующий",
    },
)
SORTS = Choices(
    {"relevance": "relevance best", "votes": "votes", "new": "new newest", "active": "active"},
    {
        "relevance": "совпадение",
        "votes": "голоса голосов",
        "new": "новые новое",
        "active": "активные активность",
    },
)
VERSIONS = Choices(
    {"old": "old older previous superseded", "all": "all any"},
    {"old": "старые прежние прошлые старая прежняя", "all": "все любые любая"},
)
HAVING = Choices({"standard": "standard"}, {"standard": "стандарт"})
ME = frozenset(("me", "my", "mine", "я", "меня", "мое", "мои", "мне"))


def is_me(text: str) -> bool:
    """Whether somebody means themselves."""
    return normalize(text) in ME
