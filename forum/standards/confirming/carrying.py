"""What becomes of confirmations when a version comes into force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, insert, literal, select

from forum.core.db import db
from forum.standards.confirming.audience import people_of
from forum.standards.confirming.models import Way
from forum.standards.models import Acknowledgement, Standard, Version, VersionDepartment


def ask(standard: Standard, draft: Version, *, at: datetime) -> None:
    """Decide whom a draft asks anew, in the open write that puts it in force.

    A minor change keeps the confirmations of the version before it, and since when these are asked
    for, unless it is for others than that was. A material change asks everybody from now on.
    """
    draft.asked_at = at
    before = _in_force(standard) if draft.minor else None
    if before is None:
        draft.minor = False
        return
    if _audience(before) == _audience(draft):
        draft.asked_at = before.asked_at or at
    kept = select(
        literal(draft.id, BigInteger()),
        Acknowledgement.person_id,
        Acknowledgement.at,
        literal(Way.CARRIED.value),
    ).where(Acknowledgement.version_id == before.id)
    columns = ["version_id", "person_id", "at", "way"]
    db.session.execute(insert(Acknowledgement).from_select(columns, kept, include_defaults=False))


def _in_force(standard: Standard) -> Version | None:
    """Held, so that whoever is confirming it is done, and nobody begins."""
    query = select(Version).where(
        Version.standard_id == standard.id, Version.number == (standard.in_force or 0)
    )
    return db.session.scalars(query.with_for_update()).first()


def _audience(version: Version) -> tuple[object, ...]:
    query = select(VersionDepartment.department_id).where(
        VersionDepartment.version_id == version.id
    )
    return (*sorted(db.session.scalars(query)), *people_of(version.id))
