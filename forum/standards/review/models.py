"""Rows of reviews: what was found, by whom, and how each standard is looked after."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, JsonDict, Model
from forum.standards.categories.models import Category


class Outcome(StrEnum):
    """What a review found. `OVERTAKEN` is nobody's word: a new version or retirement came first."""

    VALID = "valid"
    UPDATED = "updated"
    CHANGES = "changes"
    OVERTAKEN = "overtaken"


class Review(Model):
    """One look at a version in force; open until it has an outcome, at most one a standard.

    `evidence` are the kinds that opened it, none where somebody just looked; `due_before` and
    `due_after` the day of the next review before and after, so that it can be taken back; reviews
    made at once share a `batch`, the id of the first.
    """

    __tablename__ = "standard_review"
    __table_args__ = (
        Index("ix_standard_review_standard", "standard_id", "id"),
        Index("ix_standard_review_batch", "batch"),
        Index(
            "uq_standard_review_open",
            "standard_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    version: Mapped[int]
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    evidence: Mapped[JsonDict] = mapped_column(default=dict)
    outcome: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    batch: Mapped[int | None]


class Care(Model):
    """How a standard is looked after: its own interval and category, and what it was reminded of.

    `reminded` counts the reminders sent for the review due on `reminded_for`; `looked_on` is the
    day evidence was last looked for, None when something has changed since.
    """

    __tablename__ = "standard_care"
    __table_args__ = (Index("ix_standard_care_category", "category_id"),)

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"), primary_key=True)
    every_months: Mapped[int | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id))
    reminded_for: Mapped[date | None]
    reminded: Mapped[int] = mapped_column(default=0)
    looked_on: Mapped[date | None]
