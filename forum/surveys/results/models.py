"""What a closed wave says, written down once: only what may be told is here."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model

SCOPES = ("service", "pair", "provider", "customer", "tree", "all")
"""What figures are of: a service, all services of a department to another, all of or to one, all of
one and of those below it, and everything."""


class WaveReport(Model):
    """A wave's figures, and the smallest number of people they are of.

    `ready` once all of them are written. How many took part, and how many of those who were asked
    did not, stand there only where both are k people at least: from the rest follows who did.
    """

    __tablename__ = "wave_report"
    __table_args__: Any = {}

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    k: Mapped[int]
    took_part: Mapped[int | None]
    others: Mapped[int | None]
    told_on: Mapped[date]
    ready: Mapped[bool] = mapped_column(default=False)


class WaveFrame(Model):
    """The company's tree as it was when a wave opened: who is asked follows from it.

    From another one other figures would be told, and from both together those of few would follow.
    """

    __tablename__ = "wave_frame"
    __table_args__ = (Index("ix_wave_frame_department", "department_id"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)


class WaveResult(Model):
    """How often each value of an item was chosen, in a whole; of how many `people` at least.

    `counts` are numbers with spaces between, from the lowest value on. They are `worth` as many
    people's answers, since one person may give several of them: by it their range is as wide as it
    is. 0 where it was not found out yet.
    """

    __tablename__ = "wave_result"
    __table_args__ = (
        CheckConstraint(f"scope IN {SCOPES}", name="scope"),
        Index("ix_wave_result_of", "scope", "one", "other", "wave_id"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    one: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    other: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_item_version.id"), primary_key=True)
    counts: Mapped[str]
    people: Mapped[int]
    worth: Mapped[int] = mapped_column(default=0)


class WaveOverall(Model):
    """The mean of a whole's items from 1 to 5, of as many answers as the item with the most has; so
    that lists and the map read one row for each. It follows from figures that are told.

    `versions` are those of its items, as numbers with spaces between: means of others are not
    compared. Empty where it was not found out yet.
    """

    __tablename__ = "wave_overall"
    __table_args__ = (
        CheckConstraint(f"scope IN {SCOPES}", name="scope"),
        Index("ix_wave_overall_of", "scope", "one", "other", "wave_id"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    one: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    other: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mean: Mapped[float] = mapped_column(Double)
    n: Mapped[int]
    people: Mapped[int]
    versions: Mapped[str] = mapped_column(default="")


class WaveVoice(Model):
    """At which whole a text is told, with others, in the order of their random keys."""

    __tablename__ = "wave_voice"
    __table_args__: Any = (
        Index("ix_wave_voice_of", "wave_id", "scope", "one", "other"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(ForeignKey("survey_text.key"), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    scope: Mapped[str]
    one: Mapped[int] = mapped_column(BigInteger)
    other: Mapped[int] = mapped_column(BigInteger)
    people: Mapped[int]
