"""Rows that are written once: what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.db import db

ROWS = 500
"""Rows of one statement: SQLite takes so many variables and no more."""


def add_missing(model: Any, values: Sequence[Mapping[str, Any]], *told: Any) -> list[Any]:
    """Insert what is not there yet, in the open write; the columns told of what was new."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    found: list[Any] = []
    for start in range(0, len(values), ROWS):
        part = [dict(row) for row in values[start : start + ROWS]]
        query: Any = insert(model).values(part).on_conflict_do_nothing()
        result = db.session.execute(query.returning(*told) if told else query)
        found.extend(result.all() if told else ())
    return found
