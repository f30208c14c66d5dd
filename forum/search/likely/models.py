"""Pairs of ideas that probably say the same, and how far the night's round has come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class LikelyDuplicate(Model):
    """Two ideas, the older first, how alike they are (0 to 1), and the words that made it."""

    __tablename__ = "likely_duplicate"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_likely_duplicate_second", "second_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    score: Mapped[float]
    words: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(default=now)
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DuplicateRound(Model):
    """The one row of the round: its day, and the last idea it looked at, None when it is over.

    `since` is when the round before began; ideas that have not changed since are not compared anew.
    """

    __tablename__ = "duplicate_round"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    began_at: Mapped[datetime]
    since: Mapped[datetime | None]
    swept_to: Mapped[int | None] = mapped_column(BigInteger)
