"""What departments say to their results: we heard, we will, we will not."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Id, Model


class Reply(Model):
    """What a department owes a wave in which it was told something about, and what it said.

    `due_on` is the last day; `reminders` were sent, the next on `next_on`, None when there is none.
    """

    __tablename__ = "survey_reply"
    __table_args__ = (
        UniqueConstraint("wave_id", "department_id"),
        Index("ix_survey_reply_department", "department_id"),
        Index("ix_survey_reply_next", "next_on"),
        Index("ix_survey_reply_by", "by_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    due_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(default=0)
    next_on: Mapped[date | None]
    heard_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    will_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    will_not_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]


class ReplyIdea(Model):
    """An idea that a department answers a result with."""

    __tablename__ = "survey_reply_idea"
    __table_args__ = (Index("ix_survey_reply_idea_idea", "idea_id"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("survey_reply.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
