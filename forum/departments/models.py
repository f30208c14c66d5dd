"""The company's tree, who belongs where since when, and who answers for whom."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class Department(Model):
    """A node of the company's tree; provisional while only an imported file has named it."""

    __tablename__ = "department"
    __table_args__ = (
        CheckConstraint("hue BETWEEN 0 AND 11", name="hue"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    hue: Mapped[int] = mapped_column(default=0)
    description: Mapped[LongText] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))


class DepartmentSlug(Model):
    """An earlier address of a department, which still leads there."""

    __tablename__ = "department_slug"
    __table_args__: Any = {}

    slug: Mapped[str] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)


class DepartmentChange(Model):
    """History of a department: renamed, moved, merged, archived. Values are ids or old names."""

    __tablename__ = "department_change"

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    what: Mapped[str]
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Membership(Model):
    """A person's time in a department; the open one is their department now."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_department", "department_id", "until"),
        Index("ix_membership_person", "person_id", "until"),
        Index(
            "uq_membership_open",
            "person_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]


class Representative(Model):
    """Somebody who answers for a department."""

    __tablename__ = "representative"
    __table_args__ = (
        UniqueConstraint("department_id", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Deputy(Model):
    """Who answers in somebody's place while they are away, the last day included."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("person_id <> deputy_id", name="somebody_else"),
        CheckConstraint("since <= until", name="order"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]


class Attachment(Model):
    """How a consultant is let in: what touches this department, from a moment until another."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]


class SideKind(StrEnum):
    """What stands at an end of a service, where it is not a whole department."""

    TEAM = "team"
    ROLE = "role"
    PERSON = "person"


class ServiceState(StrEnum):
    """How far both sides agree on a service."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    ENDED = "ended"


class Side(Model):
    """A team or a role of a department, or a person. Identical ones are one row."""

    __tablename__ = "side"
    __table_args__ = (
        UniqueConstraint("kind", "department_id", "name"),
        UniqueConstraint("person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    kind: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Edge:
    """What a service says, and what its history says that it said.

    `provider_id` and `customer_id` are the departments that the sides stand in; a side of its own
    is named beside them, and without one the department itself is meant. Only somebody without a
    department, as of the board, stands in none.
    """

    provider_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    provider_side_id: Mapped[int | None] = mapped_column(ForeignKey("side.id"), index=True)
    customer_side_id: Mapped[int | None] = mapped_column(ForeignKey("side.id"), index=True)
    name: Mapped[str]
    delivered: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    criticality: Mapped[str] = mapped_column(default="")
    provider_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    customer_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default=ServiceState.CONFIRMED.value)
    proposed_by: Mapped[str] = mapped_column(default="")
    denials: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(default="")


OPEN_STATES = (ServiceState.PROPOSED, ServiceState.DISPUTED)
"""The states in which a service waits for somebody's word."""
_OPEN = text(f"state IN {tuple(state.value for state in OPEN_STATES)}")


def _one_edge(name: str, columns: tuple[str, str], where: str) -> Index:
    """One service of a name between two sides, of those that have not ended."""
    only = text(f"state <> 'ended' AND {where}")
    return Index(name, *columns, "name", unique=True, sqlite_where=only, postgresql_where=only)


class Service(Edge, Model):
    """An edge of the map: a provider serves a customer."""

    __tablename__ = "service"
    __table_args__ = (
        _one_edge(
            "uq_service_departments",
            ("provider_id", "customer_id"),
            "provider_side_id IS NULL AND customer_side_id IS NULL",
        ),
        _one_edge(
            "uq_service_to_side",
            ("provider_id", "customer_side_id"),
            "provider_side_id IS NULL",
        ),
        _one_edge(
            "uq_service_from_side",
            ("provider_side_id", "customer_id"),
            "customer_side_id IS NULL",
        ),
        _one_edge(
            "uq_service_sides",
            ("provider_side_id", "customer_side_id"),
            "provider_side_id IS NOT NULL AND customer_side_id IS NOT NULL",
        ),
        Index("ix_service_provider_id", "provider_id"),
        Index("ix_service_open", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(default=1)


class ServiceChange(Edge, Model):
    """What a service was from a moment on: a row for each change, never changed itself."""

    __tablename__ = "service_change"
    __table_args__ = (
        Index("ix_service_change_service", "service_id", "at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str]
