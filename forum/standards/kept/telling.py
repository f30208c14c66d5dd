"""Whom a breach is told to, and whether there still is one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, or_, select
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.core.events import Event
from forum.departments.models import Deputy
from forum.departments.queries import is_away
from forum.standards.kept import facts
from forum.standards.kept.models import PromiseMark
from forum.standards.models import Standard


def broken_days(standard_ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """The days on which somebody but its owner found a promise of a standard broken, and says so
    still: (standard, day). One query."""
    query = (
        select(PromiseMark.standard_id, PromiseMark.on_day)
        .join(Standard, Standard.id == PromiseMark.standard_id)
        .where(
            PromiseMark.standard_id.in_(standard_ids),
            PromiseMark.kept.is_(False),
            or_(Standard.owner_id.is_(None), Standard.owner_id != PromiseMark.person_id),
        )
        .distinct()
    )
    return frozenset((row[0], row[1].isoformat()) for row in db.session.execute(query))


def is_mended(event_id: Any) -> ColumnElement[bool]:
    """Whether a breach that an event told of is nobody's word any more, as SQL."""
    told, mark = aliased(Event), aliased(PromiseMark)
    stands = exists().where(
        mark.standard_id == told.object_id,
        mark.kept.is_(False),
        cast(mark.on_day, String) == told.payload["day"].as_string(),
    )
    return exists().where(told.id == event_id, told.type == facts.BROKEN.name, ~stands)


def in_charge_of(standard_ids: Collection[int]) -> dict[int, list[int]]:
    """The owner of each standard, and who stands in for one who is away. Two queries."""
    owners = select(Standard.id, Standard.owner_id).where(Standard.id.in_(standard_ids))
    deputies = (
        select(Standard.id, Deputy.deputy_id)
        .join(Deputy, Deputy.person_id == Standard.owner_id)
        .where(Standard.id.in_(standard_ids), is_away())
    )
    found: dict[int, list[int]] = {}
    for query in (owners, deputies):
        for standard_id, person_id in db.session.execute(query):
            if person_id is not None:
                found.setdefault(standard_id, []).append(person_id)
    return found
