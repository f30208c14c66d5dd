"""What an accepted idea promises to move, and whether it did."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Model


class IdeaPromise(Model):
    """An item of a service that an idea promises to move; by whom that was said is kept.

    Once it is measured, the wave that says how this was before; none where none did lately.
    """

    __tablename__ = "idea_promise"
    __table_args__ = (
        Index("ix_idea_promise_service", "service_id"),
        Index("ix_idea_promise_by", "by_id"),
        Index("ix_idea_promise_baseline", "baseline_id"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("survey_item.id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"))


class IdeaMeasure(Model):
    """Since when an idea's standard is in force; from here on the promises stay as they are."""

    __tablename__ = "idea_measure"
    __table_args__ = (
        Index("ix_idea_measure_since", "since", "idea_id"),
        Index("ix_idea_measure_standard", "standard_id"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    since: Mapped[date]


class IdeaOutcome(Model):
    """What a wave after a change says of one promise; only from figures that may be told."""

    __tablename__ = "idea_outcome"
    __table_args__: Any = (
        CheckConstraint("verdict IN ('better', 'worse', 'unclear', 'too_few')", name="verdict"),
        Index("ix_idea_outcome_wave", "wave_id"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("survey_item.id"), primary_key=True)
    verdict: Mapped[str]


class RelationFall(Model):
    """A service of which a regular wave says that it got worse since the one that told of
    it before."""

    __tablename__ = "relation_fall"
    __table_args__ = (Index("ix_relation_fall_sides", "provider_id", "customer_id", "wave_id"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
