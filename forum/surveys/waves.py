"""The days of waves, as the company counts them.

A wave keeps its moments when the company moves to another time zone. Where these are no midnights
by its clocks, what pages say has the hour too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from forum.core.calendar import company_day, start_of_day
from forum.core.i18n import day, moment


def last_day_before(closes_at: datetime) -> date:
    """The last day on which a wave takes answers: the midnight at which it closes is the next."""
    return company_day(closes_at - timedelta(seconds=1))


def is_whole(at: datetime) -> bool:
    """Whether one of the company's days begins then."""
    return at == start_of_day(at)


def first_of(opens_at: datetime) -> str:
    """The first day of a wave in words, with the hour where it is none of the company's."""
    return day(company_day(opens_at)) if is_whole(opens_at) else moment(opens_at)


def last_of(closes_at: datetime) -> str:
    """The last day of a wave in words, or the hour at which it ends in the middle of one."""
    return day(last_day_before(closes_at)) if is_whole(closes_at) else moment(closes_at)
