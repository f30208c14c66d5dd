"""Writing confirmations: one row a person and version, written anew once it has run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.db import db
from forum.standards.confirming.confirmed import bounds
from forum.standards.confirming.models import Way
from forum.standards.models import Acknowledgement, Standard, Version


def give(
    standard: Standard,
    version: Version,
    people: Sequence[int],
    *,
    way: Way,
    at: datetime,
    by_id: int | None = None,
) -> list[int]:
    """Note in the open write that people have read a version; those of whom this was new."""
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    how = {"at": at, "way": way.value, "by_id": by_id}
    given = dialect(Acknowledgement).values(
        [{"version_id": version.id, "person_id": person_id, **how} for person_id in people]
    )
    # RETURNING, because PostgreSQL's driver gives no row count here.
    new = given.on_conflict_do_update(
        index_elements=["version_id", "person_id"], set_=how, where=_has_run_out(standard)
    ).returning(Acknowledgement.person_id)
    return sorted(db.session.scalars(new.execution_options(synchronize_session=False)))


def _has_run_out(standard: Standard) -> ColumnElement[bool]:
    until = bounds().get(standard.renew_months or 0)
    return Acknowledgement.at <= until if until is not None else false()
