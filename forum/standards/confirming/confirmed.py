"""Who has confirmed a version, and for how long that counts."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased

from forum.core.clock import now
from forum.core.db import UTCDateTime
from forum.standards.models import Acknowledgement

MONTHS = (3, 6, 12, 24, 36)
"""After how many months a standard may ask again."""


def months_from(at: datetime, months: int) -> datetime:
    """The same day so many months later, or before for fewer than none; the last of a month that
    is too short."""
    years, month = divmod(at.month - 1 + months, 12)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def bounds(at: datetime | None = None) -> dict[int, datetime]:
    """For each number of months, the moment up to which confirmations have run out."""
    return {months: months_from(at or now(), -months) for months in MONTHS}


def bound_later() -> dict[int, Any]:
    """The same for a statement that is built once; `bounds_now` fills them."""
    return {months: bindparam(f"older_{months}", type_=UTCDateTime()) for months in MONTHS}


def bounds_now() -> dict[str, datetime]:
    """What fills `bound_later`."""
    return {f"older_{months}": at for months, at in bounds().items()}


def counts(
    renew_months: Any, until: Mapping[int, Any] | None = None, *, given: Any = Acknowledgement
) -> ColumnElement[bool]:
    """Whether an acknowledgement counts still, of a standard that asks again after some months."""
    known = until if until is not None else bounds()
    running = (and_(renew_months == months, given.at > bound) for months, bound in known.items())
    return or_(renew_months.is_(None), *running)


def has_confirmed(
    version_id: Any, person_id: Any, renew_months: Any, until: Mapping[int, Any] | None = None
) -> ColumnElement[bool]:
    """Whether somebody has confirmed a version, and that counts still."""
    given = aliased(Acknowledgement)
    mine = (given.version_id == version_id, given.person_id == person_id)
    running = counts(renew_months, until, given=given)
    return exists().where(*mine, running).correlate_except(given)
