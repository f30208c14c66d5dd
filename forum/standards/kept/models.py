"""What people say of promises, and the clauses that ideas would change."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, JsonDict, Model

NEVER = date(9999, 12, 31)
"""The first day of nothing."""


class Side(StrEnum):
    """On which side of a promise somebody stands."""

    CUSTOMER = "customer"
    PROVIDER = "provider"


class PromiseMark(Model):
    """Somebody found a promise kept, or broken, on a day; said again that day, it is replaced.

    `department_id` and `side` are those of the day.
    """

    __tablename__ = "promise_mark"
    __table_args__ = (
        UniqueConstraint("clause_id", "person_id", "on_day"),
        Index("ix_promise_mark_standard", "standard_id", "clause_id", "on_day"),
        Index("ix_promise_mark_person", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    side: Mapped[str]
    kept: Mapped[bool]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    on_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)


class PromiseCount(Model):
    """What the marks of a clause say since a day, as `counting` counted them.

    `changed` counts the writes since ever, `counted` is its value that the figures are of, and
    `first_on` the first day in them. `groups` are the figures by side, month and both.
    """

    __tablename__ = "promise_count"
    __table_args__ = (Index("ix_promise_count_standard", "standard_id"),)

    clause_id: Mapped[int] = mapped_column(
        ForeignKey("clause.id"), primary_key=True, autoincrement=False
    )
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    kept: Mapped[int]
    total: Mapped[int]
    people: Mapped[int]
    first_on: Mapped[date] = mapped_column(default=NEVER)
    groups: Mapped[JsonDict] = mapped_column(default=dict)
    changed: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)


class IdeaClause(Model):
    """The clause that an idea is about: what it would change, or found wanting."""

    __tablename__ = "idea_clause"
    __table_args__ = (Index("ix_idea_clause_clause", "clause_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
