"""Reminders of what is to be confirmed: one piece of news a person, for all that is due.

Each working day has a round. What became due soon, or overdue, since the round before is told; so
nobody is told of the same thing twice for the same reason. Who was told is a position in the
round, moved in the write that tells, so that a crash neither loses nor doubles anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.calendar import is_working
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.site import site
from forum.standards import facts
from forum.standards.confirming import due
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import bounds, has_confirmed
from forum.standards.confirming.models import ReminderRound
from forum.standards.models import Standard, Version, VersionState

MORNING = 8
"""The company's hour before which nobody is reminded."""
BATCH = 200


def sweep() -> None:
    """Remind in the company's daytime, on days it works."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if here.hour >= MORNING and is_working(here.date()):
        remind(here.date())


def remind(today: date) -> int:
    """Go on with a day's round, or begin it; how many people were told."""
    told, found = 0, _round(today)
    while found.done_at is None:
        people = _next_people(found)
        end_read()
        if not _tell(found, people):
            break
        told += len(people)
        found = _round(today)
    return told


def _round(today: date) -> ReminderRound:
    """The day's round. The first of all tells nothing: what waited before it was there is old."""
    query = select(ReminderRound).execution_options(populate_existing=True)
    known = db.session.scalars(query.where(ReminderRound.day == today)).first()
    if known is not None:
        return known
    newest = query.where(ReminderRound.day < today).order_by(ReminderRound.day.desc())
    before = db.session.scalars(newest.limit(1)).first()
    soon, late = due.soon_before(today), due.late_before(today)
    begun = {
        "day": today,
        "soon_from": before.soon_until if before else soon,
        "soon_until": max(soon, before.soon_until) if before else soon,
        "late_from": before.late_until if before else late,
        "late_until": max(late, before.late_until) if before else late,
        "position": 0,
        "done_at": None if before else now(),
    }
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    with transaction():
        db.session.execute(insert(ReminderRound).values(begun).on_conflict_do_nothing())
    return db.session.scalars(query.where(ReminderRound.day == today)).one()


def _next_people(found: ReminderRound) -> Sequence[int]:
    """The next of whom something became due. One query."""
    shown = (Version.standard_id == Standard.id) & (Version.number == Standard.in_force)
    until = max(found.soon_until, found.late_until)
    waits = exists(
        select(Version.id)
        .join(Standard, shown)
        .where(
            Standard.state == VersionState.IN_FORCE,
            # Follows from the last, and is cheap: most have confirmed most of what asks them.
            ~has_confirmed(Version.id, Person.id, Standard.renew_months, bounds(until)),
            asks(Version.id, Person),
            or_(
                _became(found.soon_from, found.soon_until),
                _became(found.late_from, found.late_until),
            ),
        )
        .correlate(Person)
    )
    query = select(Person.id).where(Person.id > found.position, may_confirm(), waits)
    return list(db.session.scalars(query.order_by(Person.id).limit(BATCH)))


def _became(since: Any, until: Any) -> ColumnElement[bool]:
    """What was asked before the one moment and not before the other."""
    if since >= until:
        return false()
    return and_(due.is_asked_before(until, Person), ~due.is_asked_before(since, Person))


def _tell(found: ReminderRound, people: Sequence[int]) -> bool:
    """Tell them and move on, in one write; False where another process was faster.

    Fewer than a batch are the last, so that the others are not all asked about once more.
    """
    moved: dict[str, Any] = {"position": people[-1]} if people else {}
    if len(people) < BATCH:
        moved["done_at"] = now()
    with transaction():
        claimed = db.session.execute(
            update(ReminderRound)
            .where(
                ReminderRound.day == found.day,
                ReminderRound.position == found.position,
                ReminderRound.done_at.is_(None),
            )
            .values(**moved)
            .execution_options(synchronize_session=False)
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            return False
        if people:
            told = list(people)
            record(facts.CONFIRMATIONS_DUE, by=None, about=("confirmations", 0), people=told)
    return True
