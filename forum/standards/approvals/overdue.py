"""Emergency publications that nobody has looked at by their day: told once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, select, update

from forum.core.db import db, end_read, transaction
from forum.core.events import Event, record
from forum.standards.approvals import facts
from forum.standards.approvals.asking import moderators
from forum.standards.approvals.models import Release
from forum.standards.models import Standard, Version, VersionState

BATCH = 100


class _Late(NamedTuple):
    """A version in force whose day to be looked at has passed."""

    standard_id: int
    version: int
    due_on: date
    published_by_id: int | None
    owner_id: int | None


def tell(today: date) -> int:
    """Tell whoever can look, and the owner; of how many publications. An event says that it was."""
    told = last = 0
    while batch := db.session.execute(_late(today, after=last).limit(BATCH)).all():
        may_look = moderators()
        with transaction():
            told += sum(_tell(_Late._make(row), today, may_look) for row in batch)
        last = batch[-1].id
        end_read()
    return told


def _late(today: date, *, after: int = 0) -> Any:
    """Those not told yet, in the order of their standards' ids. What was told is known by the
    version, since moments that came with an import may lie ahead."""
    said = exists().where(
        Event.object_kind == "standard",
        Event.object_id == Standard.id,
        Event.type == facts.EMERGENCY_OVERDUE.name,
        Event.payload["version"].as_integer() == Version.number,
    )
    return (
        select(Standard.id, Version.number, Release.review_on)
        .add_columns(Version.published_by_id, Standard.owner_id)
        .join(Version, Version.standard_id == Standard.id)
        .join(Release, Release.version_id == Version.id)
        .where(
            Standard.id > after,
            Release.review_on < today,
            Release.reviewed_at.is_(None),
            Version.state == VersionState.IN_FORCE,
            ~said,
        )
        .order_by(Standard.id)
    )


def _tell(each: _Late, today: date, may_look: Collection[int]) -> bool:
    """One of them in the open write; False where another process told it, or somebody looked."""
    # The standard's row is held, so that of two processes one sees what the other has told.
    db.session.execute(
        update(Standard).where(Standard.id == each.standard_id).values(lock=Standard.lock)
    )
    if db.session.execute(_late(today).where(Standard.id == each.standard_id)).first() is None:
        return False
    others = set(may_look) - {each.published_by_id}
    asked = {*(others or may_look), each.owner_id} - {None}
    record(
        facts.EMERGENCY_OVERDUE,
        by=None,
        about=("standard", each.standard_id),
        version=each.version,
        due=each.due_on.isoformat(),
        people=sorted(person for person in asked if person is not None),
    )
    return True


def waiting(standard_ids: Collection[int]) -> dict[int, int]:
    """The versions of standards that wait to be looked at, by the standard. One query."""
    query = (
        select(Version.standard_id, Version.number)
        .join(Release, and_(Release.version_id == Version.id, Release.emergency_why != ""))
        .where(
            Version.standard_id.in_(standard_ids),
            Version.state == VersionState.IN_FORCE,
            Release.reviewed_at.is_(None),
        )
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
