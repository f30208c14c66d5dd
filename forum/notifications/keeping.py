"""Putting news into inboxes, and keeping every unread count exact, in the open write."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.db import db
from forum.notifications.models import Notification

ROWS = 500
"""Rows in one statement."""


def insert(rows: list[dict[str, Any]]) -> Counter[int]:
    """Insert what is not there yet; how many new rows each person has."""
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    added: Counter[int] = Counter()
    for start in range(0, len(rows), ROWS):
        query = (
            dialect(Notification.__table__)
            .values(rows[start : start + ROWS])
            .on_conflict_do_nothing()
            .returning(Notification.person_id)
        )
        added.update(db.session.execute(query).scalars())
    return added


def count(counts: Counter[int]) -> None:
    """Move the unread counts; in the order of ids, so that two writers cannot lock each other."""
    for person_id in sorted(p for p, change in counts.items() if change):
        db.session.execute(
            update(Person)
            .where(Person.id == person_id)
            .values(unread=Person.unread + counts[person_id])
            .execution_options(synchronize_session=False)
        )
