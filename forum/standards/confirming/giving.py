"""Writing confirmations: one row a person and version, written anew once it has run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.standards.confirming.confirmed import bounds
from forum.standards.confirming.models import Way
from forum.standards.models import Acknowledgement, Standard, Version, VersionState

NOT_IN_FORCE = lazy("Only the version in force can be confirmed as read.")


def give(
    standard: Standard,
    version: Version,
    people: Sequence[int],
    *,
    way: Way,
    at: datetime,
    by_id: int | None = None,
) -> list[int]:
    """Note in the open write that people have read a version; those of whom this was new.

    Raises Conflict when it is not in force any more.
    """
    hold(version)
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


def hold(version: Version) -> None:
    """Let no other version come into force before the write ends. Raises Conflict when
    one is already."""
    query = select(Version.id).where(
        Version.id == version.id, Version.state == VersionState.IN_FORCE
    )
    if db.session.scalar(query.with_for_update(read=True)) is None:
        raise Conflict(str(NOT_IN_FORCE))


def _has_run_out(standard: Standard) -> ColumnElement[bool]:
    until = bounds().get(standard.renew_months or 0)
    return Acknowledgement.at <= until if until is not None else false()
