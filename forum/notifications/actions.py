"""Reading one's news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.notifications.models import Notification


def mark_read(person: Person, notification_id: int) -> None:
    """Mark one's own notification as read; twice is the same as once."""
    _mark(person, Notification.id == notification_id)


def mark_all_read(person: Person, *, up_to: datetime) -> None:
    """Mark as read what the person has been shown: everything up to this moment."""
    _mark(person, Notification.at <= up_to)


def _mark(person: Person, which: ColumnElement[bool]) -> None:
    """Concealed rows stay as they are: they are not counted, and may come back."""
    with transaction():
        marked = db.session.execute(
            update(Notification)
            .where(
                Notification.person_id == person.id,
                Notification.read_at.is_(None),
                Notification.concealed.is_(False),
                which,
            )
            .values(read_at=now())
            .execution_options(synchronize_session=False)
        )
        if marked.rowcount:  # type: ignore[attr-defined]
            db.session.execute(
                update(Person)
                .where(Person.id == person.id)
                .values(unread=Person.unread - marked.rowcount)  # type: ignore[attr-defined]
                .execution_options(synchronize_session=False)
            )
