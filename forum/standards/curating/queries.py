"""Lists for those who look after standards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.departments.models import Department
from forum.standards.models import NEXT, Standard, Version, VersionState

MOST = 100
"""Standards in one list, and taken at once."""
NEAR = timedelta(days=30)


def _lines() -> Any:
    return (
        select(
            Standard.id,
            Standard.number,
            Standard.title,
            Standard.lang,
            Standard.review_on,
            Standard.lock,
            Person.name.label("owner"),
            Department.name.label("department"),
        )
        .outerjoin(Person, Person.id == Standard.owner_id)
        .outerjoin(Department, Department.id == Standard.owner_department_id)
        .limit(MOST + 1)
    )


def due_soon() -> Sequence[Row[Any]]:
    """What is to be reviewed within a month, late or without a day, the latest first. One query."""
    query = _lines().where(
        Standard.state == VersionState.IN_FORCE,
        or_(Standard.review_on <= company_day() + NEAR, Standard.review_on.is_(None)),
    )
    ordered = query.order_by(Standard.review_on.is_(None), Standard.review_on, Standard.id)
    return db.session.execute(ordered).all()


def owner_left() -> Sequence[Row[Any]]:
    """Standards in force or in draft that nobody here owns, by their department. One query."""
    gone = or_(
        Standard.owner_id.is_(None),
        Person.deactivated_at.is_not(None),
        Person.erased_at.is_not(None),
    )
    query = _lines().where(Standard.state != VersionState.RETIRED, gone)
    ordered = query.order_by(Department.name, Person.name, Standard.sequence)
    return db.session.execute(ordered).all()


def chosen(ids: Sequence[int]) -> list[Standard]:
    """Standards that were ticked, in their order. One query."""
    query = select(Standard).where(Standard.id.in_(list(ids)[:MOST]))
    return list(db.session.scalars(query.order_by(Standard.sequence)))


def newest_version_ids(standard_ids: Sequence[int]) -> list[int]:
    """The versions of standards that are still written in or in force. One query."""
    living = (*NEXT, VersionState.IN_FORCE)
    query = select(Version.id).where(
        Version.standard_id.in_(list(standard_ids)), Version.state.in_(living)
    )
    return list(db.session.scalars(query))
