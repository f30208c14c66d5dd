"""What waits for somebody's confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind, Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.standards.confirming import due
from forum.standards.confirming.audience import asks
from forum.standards.confirming.confirmed import has_confirmed
from forum.standards.confirming.standing import asked_at, ran_out_at
from forum.standards.models import Acknowledgement, Standard, Version, VersionState

MOST = 200
"""Standards on the page; confirming some brings up the next."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A version in force that somebody is to confirm; `before` is the one they confirmed last."""

    number: str
    title: str
    lang: str
    change: str
    version: int
    before: int | None
    ran_out_at: datetime | None
    due_on: date

    @property
    def late(self) -> bool:
        """Whether the last day has passed."""
        return self.due_on < company_day()


def pending_for(reader: Person) -> list[Pending]:
    """What somebody is to confirm, what is due first in front. One query."""
    if reader.kind == Kind.CONSULTANT:
        return []
    query = _waiting(reader).add_columns(*_columns(reader), *due.joined(reader.id))
    rows = db.session.execute(query.order_by(Version.asked_at, Version.id).limit(MOST))
    found = [_pending(reader, row) for row in rows]
    return sorted(found, key=lambda each: (each.due_on, each.number))


def _waiting(reader: Person) -> Any:
    shown = (Version.standard_id == Standard.id) & (Version.number == Standard.in_force)
    return (
        select(Version.id)
        .join(Standard, shown)
        .where(
            Standard.state == VersionState.IN_FORCE,
            asks(Version.id, reader),
            ~has_confirmed(Version.id, reader.id, Standard.renew_months),
        )
    )


def _columns(reader: Person) -> Sequence[Any]:
    earlier = aliased(Version)
    before = (
        select(func.max(earlier.number))
        .join(Acknowledgement, Acknowledgement.version_id == earlier.id)
        .where(earlier.standard_id == Standard.id, Acknowledgement.person_id == reader.id)
        .correlate(Standard)
    )
    read_at = select(Acknowledgement.at).where(
        Acknowledgement.version_id == Version.id, Acknowledgement.person_id == reader.id
    )
    return (
        Standard.number,
        Version.title,
        Version.lang,
        Version.change,
        Version.number.label("version"),
        func.coalesce(Version.asked_at, Version.published_at).label("asked_at"),
        Standard.renew_months,
        before.scalar_subquery().label("before"),
        read_at.scalar_subquery().label("read_at"),
    )


def _pending(reader: Person, row: Any) -> Pending:
    gone = ran_out_at(row.renew_months, row.read_at)
    joined = (row.member_since, row.became_at)
    return Pending(
        number=row.number,
        title=row.title,
        lang=row.lang,
        change=row.change,
        version=row.version,
        before=None if gone else row.before,
        ran_out_at=gone,
        due_on=due.due_on(asked_at(row.asked_at, reader, joined, gone)),
    )
