"""Invitations to write, suggested edits, summaries in the other language, improvements."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class AuthorInvitation(Model):
    """Whom an author asked to write with them; a declined one stays, so that nobody asks twice."""

    __tablename__ = "author_invitation"
    __table_args__ = (Index("ix_author_invitation_person", "person_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    declined_at: Mapped[datetime | None]


class SuggestionState(StrEnum):
    """What became of a suggested edit."""

    OPEN = "open"
    TAKEN = "taken"
    LEFT = "left"
    WITHDRAWN = "withdrawn"


class Suggestion(Model):
    """Another wording of an idea; `base` is the revision it was written over, `revision` the one
    it became."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("ix_suggestion_idea", "idea_id", "state"),
        Index("ix_suggestion_by", "by_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    base: Mapped[int]
    title: Mapped[str]
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    state: Mapped[str] = mapped_column(default=SuggestionState.OPEN)
    at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    revision: Mapped[int | None]


class Summary(Model):
    """An idea in two sentences of the other language; removed ones stay for their history."""

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("idea_id", "lang"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    lang: Mapped[str]
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]


class SummaryRevision(Model):
    """What a summary said at one time, and who wrote it."""

    __tablename__ = "summary_revision"
    __table_args__ = (UniqueConstraint("summary_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"))
    number: Mapped[int]
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Improvement(Model):
    """What a department posted as done already, for others to adopt."""

    __tablename__ = "improvement"

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id"), primary_key=True, autoincrement=False
    )
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    done_on: Mapped[date | None]


class Adoption(Model):
    """A department that does it too, since or from a day."""

    __tablename__ = "adoption"
    __table_args__ = (
        UniqueConstraint("idea_id", "department_id"),
        Index("ix_adoption_department", "department_id"),
        Index("ix_adoption_by", "by_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    adopted_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)
