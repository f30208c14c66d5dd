"""Rows of approval: one for each side that is asked, and one for how a version is released."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Side(StrEnum):
    """Who is asked: the owner's head, a department of the audience, a moderator."""

    HEAD = "head"
    DEPARTMENT = "department"
    MODERATOR = "moderator"


class Said(StrEnum):
    """What one side says."""

    WAITING = "waiting"
    APPROVED = "approved"
    CHANGE = "change"
    ABSTAINED = "abstained"


DONE = (Said.APPROVED, Said.ABSTAINED)
"""What does not stand in the way of publishing."""


class Approval(Model):
    """One side that was asked about a version; who may answer follows from the department as it is
    today.

    A note that stays on a waiting row is the change that was asked of the text before. `counted`
    where the department's answer to the idea counts.
    """

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("version_id", "side", "department_id"),
        Index("ix_approval_department", "department_id"),
        Index("ix_approval_nudge_on", "nudge_on"),
        Index("ix_approval_by", "by_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
    side: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str] = mapped_column(default=Said.WAITING)
    note: Mapped[str] = mapped_column(default="")
    clause: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]
    counted: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    due_on: Mapped[date]
    allowed_days: Mapped[int]
    nudged: Mapped[int] = mapped_column(default=0)
    nudge_on: Mapped[date | None]


class Release(Model):
    """How a version was sent for approval and came, or comes, into force. None for one that was
    simply published.

    `sent` counts how often it was sent; `effective_on` is the day a published version waits for.
    """

    __tablename__ = "version_release"
    __table_args__ = (
        Index("ix_version_release_effective_on", "effective_on"),
        Index("ix_version_release_review_on", "review_on"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    sent: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    over_why: Mapped[str] = mapped_column(default="")
    over_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    effective_on: Mapped[date | None]
    emergency_why: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_note: Mapped[str] = mapped_column(default="")
