"""When a standard is looked at again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.site import site
from forum.standards.review.models import Care

MONTHS = range(1, 121)
"""The intervals there may be: a month to ten years."""
SOON = 3
"""Months after which a standard that needs changes is looked at again, if nothing came of it."""


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def months_of(standard_ids: Sequence[int]) -> dict[int, int]:
    """Each standard's interval: its own, else the company's. One query."""
    query = select(Care.standard_id, Care.every_months).where(
        Care.standard_id.in_(list(standard_ids)), Care.every_months.is_not(None)
    )
    own: dict[int, Any] = {row[0]: row[1] for row in db.session.execute(query)}
    return {number: own.get(number, site().review_months) for number in standard_ids}


def next_day(standard_id: int) -> date:
    """The day of the review after one today. One query."""
    return add_months(company_day(), months_of([standard_id])[standard_id])
