"""Newcomers, whose first posts wait for a moderator where the company wants it; and suspensions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import Id, Model, db
from forum.core.errors import Forbidden
from forum.core.i18n import _, moment
from forum.core.paging import read_moment
from forum.core.site import site
from forum.core.texts import Text


class Trust(Model):
    """A newcomer whose posts need not wait any more."""

    __tablename__ = "trust"
    __table_args__: Any = {}

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Suspension(Model):
    """Somebody may read but not write until a moment; `ended_at` when it was lifted before."""

    __tablename__ = "suspension"
    __table_args__: Any = {"sqlite_autoincrement": True}

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime]
    why_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    ended_at: Mapped[datetime | None]


SUSPENDED_UNTIL = (
    select(func.max(Suspension.until))
    .where(Suspension.person_id == Person.id, Suspension.ended_at.is_(None))
    .correlate(Person)
    .scalar_subquery()
)
"""Until when the query's person may not write; it may lie in the past."""


def must_wait(person: Person) -> bool:
    """Whether what somebody posts waits for a moderator: they came after the company began to want
    it, and nobody has trusted them yet. One query where it is wanted, of newcomers only."""
    begun = read_moment(site().newcomers_from)
    if begun is None or person.moderates or person.created_at < begun:
        return False
    return db.session.get(Trust, person.id) is None


def suspended_until(person: Person) -> datetime | None:
    """Until when somebody may not write, None for those who may. No query in their own request."""
    along = g.get("along") if has_request_context() else None
    if along is not None and g.person is person:
        until: datetime | None = along.get("suspended_until")
    else:
        until = db.session.scalar(
            select(func.max(Suspension.until)).where(
                Suspension.person_id == person.id, Suspension.ended_at.is_(None)
            )
        )
    return until if until is not None and until > now() else None


def refuse_suspended(person: Person) -> None:
    """Refuse a change by somebody who is suspended, saying why and until when. One query then."""
    until = suspended_until(person)
    if until is None:
        return
    query = (
        select(Text.plain)
        .join(Suspension, Suspension.why_id == Text.id)
        .where(Suspension.person_id == person.id, Suspension.ended_at.is_(None))
        .order_by(Suspension.until.desc())
    )
    why = db.session.scalar(query.limit(1)) or ""
    said = _("Until %(until)s you can read but not write.", until=moment(until))
    raise Forbidden(f"{said} {why}".strip())
