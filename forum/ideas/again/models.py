"""What brings a declined idea back to the moderators, once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model

WATCHED = text("met_at IS NULL")


class Condition(Model):
    """A day, or so many departments that still need it; whichever of the two comes true first.

    `met_at`: it came true, and the idea has returned. `answered_at`: a moderator left it at the No.
    """

    __tablename__ = "decision_condition"
    __table_args__ = (
        Index("ix_decision_condition_idea", "idea_id"),
        Index(
            "ix_decision_condition_watched",
            "on_day",
            sqlite_where=WATCHED,
            postgresql_where=WATCHED,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    on_day: Mapped[date | None]
    departments: Mapped[int | None]
    met_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class StillNeeded(Model):
    """Somebody still needs a declined idea. Secret as a vote: read only to count departments, and
    to tell its owner."""

    __tablename__ = "still_needed"
    __table_args__ = (Index("ix_still_needed_person", "person_id"),)

    condition_id: Mapped[int] = mapped_column(ForeignKey("decision_condition.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    at: Mapped[datetime] = mapped_column(default=now)
