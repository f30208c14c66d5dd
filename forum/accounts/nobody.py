"""Nobody: the row that stands as the author where somebody posted without their name.

It is one for everybody, so that it tells nothing apart, and as somebody erased: it cannot sign in,
is in no list, is found by no search and is told nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS, name_key
from forum.core.db import db

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When nobody came and left: the first anonymous post is nobody's business."""


def nobody() -> Person:
    """The row, made in the open write when it is first needed. Two queries."""
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    made = insert(Person.__table__).values(**columns())
    db.session.execute(made.on_conflict_do_nothing())
    return db.session.scalars(select(Person).where(Person.imported_from == ANONYMOUS)).one()


def columns() -> dict[str, Any]:
    """What the row holds; by `imported_from` an import finds it again."""
    return {
        "name": ANONYMOUS,
        "name_key": name_key(ANONYMOUS),
        "imported_from": ANONYMOUS,
        "created_at": LONG_AGO,
        "deactivated_at": LONG_AGO,
        "erased_at": LONG_AGO,
    }
