"""The company's tree, who belongs where since when, and who answers for whom."""

from __future__ import annotations

from datetime import date, datetime
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


class Service(Model):
    """An edge of the map: a provider serves a customer."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("provider_id", "customer_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    provider_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    name: Mapped[str]
    criticality: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
