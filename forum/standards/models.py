"""Process standards: a numbered page, its versions, its audience and who has read it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    APPROVAL = "approval"
    COMING = "coming"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


NEXT = (VersionState.DRAFT, VersionState.APPROVAL, VersionState.COMING)
"""A version that is not in force yet; a standard has at most one."""
CLOSED = (VersionState.DRAFT, VersionState.APPROVAL)
"""What only its editors, and those who are asked to approve it, see."""
_NEXT = text("state IN ('draft', 'approval', 'coming')")


class Standard(Model):
    """A page with a number; `in_force` is the version readers see, None until published.

    What readers see is copied here from that version; `state` is draft, coming while the first
    version waits for its day, in force or retired. A retired standard keeps the number of its last
    version. After `renew_months` a confirmation counts no more. `lock` counts every change, so
    that nobody overwrites what they have not seen. `translated` names the languages, with spaces
    between, into which something of it was.
    """

    __tablename__ = "standard"
    __table_args__ = (
        Index("ix_standard_state", "state", "sequence"),
        Index("ix_standard_updated", "updated_at", "id"),
        Index("ix_standard_owner_department", "owner_department_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)
    title: Mapped[str]
    excerpt: Mapped[str] = mapped_column(default="")
    lang: Mapped[str] = mapped_column(default="en")
    state: Mapped[str] = mapped_column(default=VersionState.DRAFT)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    deputy_id: Mapped[int | None] = mapped_column(BigInteger)
    in_force: Mapped[int | None]
    in_force_since: Mapped[datetime | None]
    review_on: Mapped[date | None]
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_why: Mapped[str] = mapped_column(default="")
    renew_months: Mapped[int | None]
    translated: Mapped[str] = mapped_column(default="")
    lock: Mapped[int] = mapped_column(default=1)
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Version(Model):
    """One text of a standard with its own title, owner and audience, readable forever.

    A standard has at most one next version and one in force: the database sees to it.
    `superseded_at` is when it went out of force, whether replaced or retired; `clauses` how many it
    has, None until they are written down; `opening` tells one beginning, before any clause, from
    another. A `minor` change keeps the confirmations of the version
    before; `asked_at` is since when it is to be confirmed.
    """

    __tablename__ = "standard_version"
    __table_args__ = (
        UniqueConstraint("standard_id", "number"),
        Index(
            "uq_standard_version_draft",
            "standard_id",
            unique=True,
            sqlite_where=_NEXT,
            postgresql_where=_NEXT,
        ),
        Index(
            "uq_standard_version_in_force",
            "standard_id",
            unique=True,
            sqlite_where=text("state = 'in_force'"),
            postgresql_where=text("state = 'in_force'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=VersionState.DRAFT)
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(default="en")
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    clauses: Mapped[int | None]
    opening: Mapped[str | None]
    change: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(default=now)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    superseded_at: Mapped[datetime | None]
    minor: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None]


class VersionDepartment(Model):
    """A department in the audience of a version."""

    __tablename__ = "version_department"
    __table_args__ = (Index("ix_version_department_department", "department_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class VersionIdea(Model):
    """An idea a version came from; several ideas may feed one version."""

    __tablename__ = "version_idea"
    __table_args__ = (Index("ix_version_idea_idea", "idea_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)


class Acknowledgement(Model):
    """“I have read this version”: on which way, and entered by whom if not by themselves."""

    __tablename__ = "acknowledgement"
    __table_args__ = (Index("ix_acknowledgement_person", "person_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    way: Mapped[str] = mapped_column(default="page")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
