"""Which services count: those there are, or those there were at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import flash

from forum.core.calendar import midnight
from forum.core.clock import now
from forum.core.i18n import _, local_day
from forum.departments.models import Service, ServiceChange, ServiceState
from forum.departments.services.history import newest_until
from forum.departments.services.queries import STANDING, standing


class Source(NamedTuple):
    """A table that holds edges, the column that numbers their services, and what counts of it."""

    model: Any
    number: Any
    where: Sequence[Any]


def source(as_of: date | None) -> Source:
    """Services as they are, or as they were when a day was over."""
    if as_of is None:
        return Source(Service, Service.id, [Service.state != ServiceState.ENDED, *STANDING])
    over = midnight(as_of + timedelta(days=1))
    counted = [
        ServiceChange.id.in_(newest_until(over)),
        ServiceChange.state != ServiceState.ENDED,
        *standing(ServiceChange, over),
    ]
    return Source(ServiceChange, ServiceChange.service_id, counted)


def read_day(asked: str) -> date | None:
    """The day somebody asks for. None for today, and for one that is not known, with a notice."""
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = date.max
    today = local_day(now())
    if not 1900 < day.year < 9000 or day > today:
        flash(_("This day is not known or lies ahead; you see the map of today."), "warning")
        return None
    return day if day < today else None
