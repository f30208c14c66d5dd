"""What waits or waited in a person's inbox."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.core.site import site
from forum.notifications.models import DueMail, LastMail, NewsChoice, Notification, Watch
from forum.notifications.queries import seen_ids

BATCH = 200


def about(person_id: int) -> dict[str, Rows]:
    """Their news, but for what they may not see now, and what they want to hear. Seven queries."""
    seen = seen_ids(db.session.get_one(Person, person_id))
    return {
        "inbox": rows(Notification, Notification.id.in_(seen)),
        "choices": rows(NewsChoice, NewsChoice.person_id == person_id),
        "watched": rows(Watch, Watch.person_id == person_id),
        "mailed": rows(LastMail, LastMail.person_id == person_id),
        "to_mail": rows(
            DueMail,
            DueMail.person_id == person_id,
            hide=("object_kind", "object_id", "comment_id", "event_id"),
        ),
    }


def erase(erasure: Erasure) -> None:
    """An inbox nobody opens any more is emptied; nobody is told, and nobody watches them."""
    person_id = erasure.person_id
    for model in (Notification, DueMail, NewsChoice, LastMail, Watch):
        db.session.execute(delete(model).where(model.person_id == person_id))
    db.session.execute(delete(Watch).where(Watch.kind == "person", Watch.thing_id == person_id))
    db.session.execute(update(Person).where(Person.id == person_id).values(unread=0))


def sweep() -> int:
    """Forget what was read longer ago than the company keeps things; how many rows."""
    days = site().retention_days
    if not days:
        return 0
    old = Notification.read_at < now() - timedelta(days=days)
    total = 0
    while ids := list(db.session.scalars(select(Notification.id).where(old).limit(BATCH))):
        with transaction():
            db.session.execute(delete(Notification).where(Notification.id.in_(ids)))
        total += len(ids)
    return total


HOLDING = Holding("notifications", about, erase)
