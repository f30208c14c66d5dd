"""What becomes of owners and audiences when a department is merged or archived."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from forum.core.db import db
from forum.core.i18n import _
from forum.departments.hooks import Follower, Seat
from forum.standards.models import NEXT, Standard, Version, VersionDepartment, VersionState

LIVING = (*NEXT, VersionState.IN_FORCE)


def open_things(_department_id: int) -> int:
    """None: a standard may outlive its department, its owner is a person."""
    return 0


def release(_department_id: int) -> None:
    """Nothing waits, so nothing is taken back."""


def move(old_id: int, new_id: int) -> None:
    """The heir owns, and belongs to the audience of, every version that is not history."""
    for model in (Standard, Version):
        db.session.execute(
            update(model)
            .where(model.owner_department_id == old_id)
            .values(owner_department_id=new_id)
        )
    living = select(Version.id).where(Version.state.in_(LIVING))
    have = select(VersionDepartment.version_id).where(VersionDepartment.department_id == new_id)
    mine = select(VersionDepartment.version_id).where(
        VersionDepartment.department_id == old_id, VersionDepartment.version_id.in_(living)
    )
    moving = list(db.session.scalars(mine))
    present = set(db.session.scalars(have))
    db.session.execute(
        delete(VersionDepartment).where(
            VersionDepartment.department_id == old_id, VersionDepartment.version_id.in_(moving)
        )
    )
    db.session.add_all(
        VersionDepartment(version_id=version_id, department_id=new_id)
        for version_id in moving
        if version_id not in present
    )
    db.session.flush()


def seats_of(person_id: int) -> list[Seat]:
    """Standards somebody owns, or whose owner's deputy they are. One query."""
    owns = Standard.owner_id == person_id
    query = select(Standard.number, Standard.title, owns.label("owns")).where(
        or_(owns, Standard.deputy_id == person_id), Standard.state != VersionState.RETIRED
    )
    return [
        Seat(_words(row), f"/standards/{row.number}")
        for row in db.session.execute(query.order_by(Standard.sequence).limit(100))
    ]


def _words(row: Any) -> str:
    names = {"number": row.number, "title": row.title}
    if row.owns:
        return _("Owner of %(number)s: %(title)s", **names)
    return _("Owner’s deputy of %(number)s: %(title)s", **names)


FOLLOWER = Follower("standards", open_things, release, move)
