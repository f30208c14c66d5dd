"""What becomes due by the clock: reminders of matters that nobody touches."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from forum.accounts.models import Person, Role
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.moderation import facts
from forum.moderation.models import OPEN, Matter

REMIND_AFTER = timedelta(hours=48)
BATCH = 50
MOST_REMINDED = 100
"""Moderators who hear of one matter."""


def remind() -> int:
    """Remind moderators, once, of each matter that nobody has touched for two days; how many."""
    overdue = select(Matter.id, Matter.author_id).where(
        Matter.state.in_(OPEN),
        Matter.reminded_at.is_(None),
        Matter.moved_at < now() - REMIND_AFTER,
    )
    rows = db.session.execute(overdue.order_by(Matter.id).limit(BATCH)).all()
    if not rows:
        return 0
    people = _moderators()
    with transaction():
        return sum(
            _remind(matter_id, [p for p in people if p != author]) for matter_id, author in rows
        )


def _moderators() -> list[int]:
    query = select(Person.id).where(
        Person.role.in_((Role.MODERATOR, Role.ADMIN)), Person.deactivated_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Person.id).limit(MOST_REMINDED)))


def _remind(matter_id: int, people: list[int]) -> int:
    due = (Matter.id == matter_id, Matter.state.in_(OPEN), Matter.reminded_at.is_(None))
    reminded = db.session.execute(update(Matter).where(*due).values(reminded_at=now()))
    if not reminded.rowcount:  # type: ignore[attr-defined]
        return 0
    record(facts.REMINDED, by=None, about=("matter", matter_id), people=people)
    return 1
