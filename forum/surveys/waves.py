"""The days of waves, as the company counts them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from forum.core.calendar import company_day


def last_day_before(closes_at: datetime) -> date:
    """The last day on which a wave takes answers: the midnight at which it closes is the next."""
    return company_day(closes_at - timedelta(seconds=1))
