"""Reading one's news."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.notifications import keeping
from forum.notifications.models import Notification


def mark_read(person: Person, notification_id: int) -> None:
    """Mark one's own notification as read, with what lies behind it; twice is the same as once."""
    with transaction():
        _mark(
            person,
            or_(Notification.id == notification_id, Notification.behind_id == notification_id),
        )


def mark_all_read(person: Person, *, up_to: datetime) -> None:
    """Mark as read what the person has been shown: everything up to this moment."""
    with transaction():
        _mark(person, Notification.at <= up_to)
        _let_out(person)


def _mark(person: Person, which: ColumnElement[bool]) -> None:
    """Concealed rows stay as they are: they are not counted, and may come back."""
    marked = db.session.execute(
        update(Notification)
        .where(
            Notification.person_id == person.id,
            Notification.read_at.is_(None),
            Notification.concealed.is_(False),
            which,
        )
        .values(read_at=now())
        .returning(Notification.behind_id)
        .execution_options(synchronize_session=False)
    )
    keeping.count(Counter({person.id: -sum(row.behind_id is None for row in marked)}))


def _let_out(person: Person) -> None:
    """What came behind a notice after it was shown stands for itself, once that is read."""
    head = aliased(Notification)
    read = select(head.id).where(head.person_id == person.id, head.read_at.is_not(None))
    let_out = db.session.execute(
        update(Notification)
        .where(
            Notification.person_id == person.id,
            Notification.read_at.is_(None),
            Notification.concealed.is_(False),
            Notification.behind_id.in_(read),
        )
        .values(behind_id=None)
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    )
    keeping.count(Counter({person.id: len(let_out.all())}))
