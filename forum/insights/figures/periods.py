"""Months, quarters and years of the company: how an address writes them, and what lies in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from forum.core.calendar import company_day, midnight
from forum.core.i18n import _, locale_code

WRITTEN = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4]))?\Z", re.ASCII)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
YEARS_BACK = 10


def months_on(month: date, count: int) -> date:
    """The first day of the month that lies so many months on, or back for fewer than none."""
    whole = month.year * 12 + month.month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)


def first_of_month(on: date) -> date:
    """The first day of its month."""
    return on.replace(day=1)


def first_of_quarter(on: date) -> date:
    """The first day of its quarter."""
    return date(on.year, (on.month - 1) // 3 * 3 + 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year, from its first day up to but without `until`."""

    size: str
    start: date

    @property
    def until(self) -> date:
        """The day after its last."""
        return months_on(self.start, MONTHS[self.size])

    @property
    def last_month(self) -> date:
        """The first day of its last month."""
        return months_on(self.until, -1)

    @property
    def name(self) -> str:
        """As an address writes it: 2026, 2026-Q4, 2026-11."""
        if self.size == "year":
            return f"{self.start:%Y}"
        if self.size == "quarter":
            return f"{self.start:%Y}-Q{(self.start.month + 2) // 3}"
        return f"{self.start:%Y-%m}"

    @property
    def label(self) -> str:
        """As the reader says it."""
        if self.size == "year":
            return f"{self.start:%Y}"
        if self.size == "quarter":
            number = (self.start.month + 2) // 3
            return _("Q%(number)d %(year)d", number=number, year=self.start.year)
        return str(format_date(self.start, "LLLL y", locale=locale_code()))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it."""
        return midnight(self.start), midnight(self.until)

    def moved(self, count: int) -> Period:
        """The one so many periods on."""
        return Period(self.size, months_on(self.start, count * MONTHS[self.size]))

    def sized(self, size: str) -> Period:
        """The period of another size around its last day that has come."""
        last = min(self.until - timedelta(days=1), max(company_day(), self.start))
        return period_around(last, size)

    def holds(self, month: date) -> bool:
        """Whether a month lies in it."""
        return self.start <= month < self.until


def period_around(on: date, size: str) -> Period:
    """The month, quarter or year that a day lies in."""
    if size == "year":
        return Period(size, date(on.year, 1, 1))
    return Period(size, first_of_quarter(on) if size == "quarter" else first_of_month(on))


def read_period(written: str) -> Period | None:
    """What an address names; None for what it cannot mean, and for what has not begun."""
    found = WRITTEN.match(written)
    if found is None:
        return None
    year, month, quarter = found.groups()
    if month:
        period = Period("month", date(int(year), int(month), 1))
    elif quarter:
        period = Period("quarter", date(int(year), int(quarter) * 3 - 2, 1))
    else:
        period = Period("year", date(int(year), 1, 1))
    today = company_day()
    return (
        period if period.start <= today and period.start.year >= today.year - YEARS_BACK else None
    )


def this_period() -> Period:
    """What is shown to who asks for nothing: the quarter that goes on."""
    return period_around(company_day(), "quarter")
