"""Who is asked to rate an idea, and how they rated it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Criterion(StrEnum):
    """What is rated."""

    VALUE = "value"
    COST = "cost"
    OBSTACLES = "obstacles"


class Mark(StrEnum):
    """How much of it there is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_APPLICABLE = "na"


class Expert(Model):
    """Somebody asked to rate an idea; what they say counts once `submitted_at` is set."""

    __tablename__ = "scorecard_expert"
    __table_args__ = (
        UniqueConstraint("idea_id", "person_id"),
        Index("ix_scorecard_expert_person", "person_id", "submitted_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Score(Model):
    """One criterion, rated by one expert, with a note."""

    __tablename__ = "scorecard_score"

    expert_id: Mapped[int] = mapped_column(ForeignKey("scorecard_expert.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
