"""Reminders on the morning before: one for all sessions of a day, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from forum.core.calendar import company_day, midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.core.modules import is_on
from forum.core.reminders import MORNING
from forum.core.site import site
from forum.training import facts
from forum.training.models import Seat, Session
from forum.training.sessions.seats import AT_ONCE
from forum.training.sessions.times import local


def sweep() -> None:
    """Remind those with a seat in the sessions of tomorrow of which nobody was reminded."""
    if not is_on("training") or local(now(), site().time_zone).hour < MORNING:
        return
    day = company_day() + timedelta(days=1)
    with transaction():
        claimed = db.session.execute(
            update(Session)
            .where(
                Session.starts_at >= midnight(day),
                Session.starts_at < midnight(day + timedelta(days=1)),
                Session.cancelled_at.is_(None),
                Session.reminded_at.is_(None),
            )
            .values(reminded_at=now())
            .returning(Session.id)
            .execution_options(synchronize_session=False)
        )
        people = _sitting(list(claimed.scalars()))
        for start in range(0, len(people), AT_ONCE):
            part = people[start : start + AT_ONCE]
            record(facts.REMINDED, by=None, about=("training-day", day.toordinal()), people=part)


def _sitting(session_ids: list[int]) -> list[int]:
    query = (
        select(Seat.person_id)
        .where(Seat.session_id.in_(session_ids), Seat.waiting.is_(False))
        .distinct()
        .order_by(Seat.person_id)
    )
    return list(db.session.scalars(query)) if session_ids else []
