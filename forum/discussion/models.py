"""Threads and comments. Ideas and standards each hold a thread."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Question(StrEnum):
    """A comment that asks something; empty where it does not."""

    OPEN = "open"
    RESOLVED = "resolved"


class Side(StrEnum):
    """Where a comment stands; empty where it takes no side."""

    WORKS = "works"
    BREAKS = "breaks"


MARKED = "official_at IS NOT NULL OR question <> '' OR side <> ''"
"""The comments that are more than words: few of many, so they have an index of their own."""


class Thread(Model):
    """Where comments hang; `subject` names the kind of thing that holds it."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_subject", "subject", "subject_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    subject: Mapped[str]
    subject_id: Mapped[int] = mapped_column(default=0)


class Comment(Model):
    """A contribution under an idea or a standard; replies have a parent, and no replies.

    `side_department_id` is the department its writer had when they took the side.
    """

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread", "thread_id", "created_at", "id"),
        Index(
            "ix_comment_deleted",
            "deleted_at",
            sqlite_where=text("deleted_at IS NOT NULL AND purged_at IS NULL"),
            postgresql_where=text("deleted_at IS NOT NULL AND purged_at IS NULL"),
        ),
        Index(
            "ix_comment_marked",
            "thread_id",
            sqlite_where=text(MARKED),
            postgresql_where=text(MARKED),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    source_id: Mapped[str | None]
    official_at: Mapped[datetime | None]
    question: Mapped[str] = mapped_column(default="")
    side: Mapped[str] = mapped_column(default="")
    side_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))


class CommentRevision(Model):
    """What a comment said at one time."""

    __tablename__ = "comment_revision"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    at: Mapped[datetime] = mapped_column(default=now)
