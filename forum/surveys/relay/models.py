"""What was asked about a text, and what its author answered, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import LongText, Model
from forum.surveys.models import NO_ROWID


class VoiceQuestion(Model):
    """What a department asks whoever wrote a text; who asked is known, who is asked is not."""

    __tablename__ = "voice_question"
    __table_args__ = (
        Index("ix_voice_question_wave", "wave_id"),
        Index("ix_voice_question_department", "department_id"),
        Index("ix_voice_question_by", "by_id"),
    )

    key: Mapped[str] = mapped_column(ForeignKey("survey_text.key"), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    lang: Mapped[str] = mapped_column(default="")
    body: Mapped[LongText]


class VoiceAnswer(Model):
    """What the author answered, under the key of their text: no person, no time, no number."""

    __tablename__ = "voice_answer"
    __table_args__: Any = (NO_ROWID,)

    key: Mapped[str] = mapped_column(ForeignKey("voice_question.key"), primary_key=True)
    lang: Mapped[str] = mapped_column(default="")
    body: Mapped[LongText]
