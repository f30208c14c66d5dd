"""Putting news into inboxes, and keeping every unread count exact, in the open write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.notifications.kinds import Kind
from forum.notifications.models import DueMail, Notification

ROWS = 500
"""Rows in one statement."""
_PEOPLE: Any = Person.__table__
MOVE_COUNT = (
    update(_PEOPLE)
    .where(Person.id == bindparam("whose"))
    .values(unread=Person.unread + bindparam("by"))
)


def insert(rows: list[dict[str, Any]]) -> Counter[int]:
    """Insert what is not there yet; how many new rows each person sees."""
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    added: Counter[int] = Counter()
    for start in range(0, len(rows), ROWS):
        query = (
            dialect(Notification.__table__)
            .values(rows[start : start + ROWS])
            .on_conflict_do_nothing()
            .returning(Notification.person_id, Notification.concealed)
        )
        added.update(row.person_id for row in db.session.execute(query) if not row.concealed)
    return added


def take_back(event: Event, kind: Kind) -> list[int]:
    """Take news of this kind, of an event's thing and older than it, out of all inboxes; who had
    it unread, once for each. One statement."""
    query = (
        delete(Notification)
        .where(
            Notification.object_kind == event.object_kind,
            Notification.object_id == event.object_id,
            Notification.kind == kind,
            Notification.event_id < event.id,
        )
        .returning(Notification.person_id, Notification.read_at, Notification.concealed)
    )
    return [row[0] for row in db.session.execute(query) if row[1] is None and not row[2]]


def forget(event_ids: Collection[int]) -> list[int]:
    """Take what some events told out of all inboxes, and what of it is still to be mailed; who had
    it unread. Two statements, none for no events."""
    if not event_ids:
        return []
    due = delete(DueMail).where(DueMail.event_id.in_(event_ids))
    db.session.execute(due.execution_options(synchronize_session=False))
    query = (
        delete(Notification)
        .where(Notification.event_id.in_(event_ids))
        .returning(Notification.person_id, Notification.read_at, Notification.concealed)
    )
    return [row[0] for row in db.session.execute(query) if row[1] is None and not row[2]]


def remove_unread(event_ids: Sequence[int]) -> Counter[int]:
    """Take away the unread news of some events, and what lies behind them, which later events will
    bring again; by how much each unread count moves."""
    theirs = select(Notification.id).where(_unread_of(event_ids))
    behind = delete(Notification).where(
        Notification.behind_id.in_(theirs), Notification.read_at.is_(None)
    )
    db.session.execute(behind.execution_options(synchronize_session=False))
    gone = (
        delete(Notification)
        .where(_unread_of(event_ids))
        .returning(Notification.person_id, Notification.behind_id)
    )
    rows = db.session.execute(gone.execution_options(synchronize_session=False))
    counts: Counter[int] = Counter()
    counts.subtract(row.person_id for row in rows if row.behind_id is None)
    return counts


def _unread_of(event_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(
        Notification.event_id.in_(event_ids),
        Notification.read_at.is_(None),
        Notification.concealed.is_(False),
    )


def count(counts: Counter[int]) -> None:
    """Move the unread counts; in the order of ids, so that two writers cannot lock each other. One
    query for everybody."""
    changes = [{"whose": p, "by": change} for p, change in sorted(counts.items()) if change]
    if changes:
        db.session.connection().execute(MOVE_COUNT, changes)
