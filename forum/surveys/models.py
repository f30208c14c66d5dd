"""What is asked, the waves that ask it, who was asked, who took part, and what was answered.

An answer has a random key and nothing else of its own: no time, no sequence, no person, and no tie
to the other answers of who gave it. Who took part stands apart, without a time.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model

NO_ROWID: dict[str, Any] = {"sqlite_with_rowid": False}
"""SQLite then stores rows in the order of their key, and numbers none as it comes."""


class ItemKind(StrEnum):
    """How an item is answered: 1 to 5, 0 to 10, or in words."""

    SCALE = "scale"
    RECOMMEND = "recommend"
    TEXT = "text"


class WaveState(StrEnum):
    """How far a wave has come."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


class Purpose(StrEnum):
    """Why a wave asks: as every quarter, before a change, or after it."""

    REGULAR = "regular"
    BASELINE = "baseline"
    AFTER = "after"


class SurveyItem(Model):
    """Something that can be asked; what it says is in its versions."""

    __tablename__ = "survey_item"
    __table_args__ = (
        CheckConstraint("kind IN ('scale', 'recommend', 'text')", name="kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]


class ItemVersion(Model):
    """One wording of an item, which never changes: another wording is another version."""

    __tablename__ = "survey_item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("survey_item.id"))
    number: Mapped[int]
    en: Mapped[LongText]
    ru: Mapped[LongText]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Wave(Model):
    """One round of asking, from a midnight of the company until another.

    `k`, the items and the names of its services are frozen when it opens. `position` is how far
    asking has come; `asked_all_at` when everybody was asked; `mixed_at` when its answers were
    rewritten in random order, after which they may be read.
    """

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'running', 'closed')", name="state"),
        CheckConstraint("purpose IN ('regular', 'baseline', 'after')", name="purpose"),
        CheckConstraint("opens_at < closes_at", name="order"),
        Index("ix_wave_state", "state", "closes_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(default="en")
    state: Mapped[str] = mapped_column(default=WaveState.PLANNED)
    purpose: Mapped[str] = mapped_column(default=Purpose.REGULAR)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    months: Mapped[int] = mapped_column(default=3)
    k: Mapped[int | None]
    most_people: Mapped[int | None]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    to_ask: Mapped[int] = mapped_column(default=0)
    asked_all_at: Mapped[datetime | None]
    mixed_at: Mapped[datetime | None]


class WaveService(Model):
    """A service a wave asks about, named as it was when the wave opened; `asked` is how many people
    were asked about it."""

    __tablename__ = "wave_service"
    __table_args__ = (
        Index("ix_wave_service_service", "service_id"),
        Index("ix_wave_service_provider", "provider_id", "wave_id"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    name: Mapped[str]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    provider_name: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    customer_name: Mapped[str] = mapped_column(default="")
    asked: Mapped[int] = mapped_column(default=0)


class WaveItem(Model):
    """An item a wave asks, in the wording of the day it opened."""

    __tablename__ = "wave_item"
    __table_args__ = (Index("ix_wave_item_version", "version_id"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_item_version.id"), primary_key=True)
    position: Mapped[int]


class WaveRequest(Model):
    """Somebody was asked, on a day; `questions` is what that takes out of their month."""

    __tablename__ = "wave_request"
    __table_args__: Any = (
        Index("ix_wave_request_person", "person_id", "asked_on"),
        Index("ix_wave_request_due", "due_on", "reminders"),
        NO_ROWID,
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    questions: Mapped[int] = mapped_column(default=0)
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_on: Mapped[date | None]


class WaveSample(Model):
    """A service that somebody was asked about; forgotten when the wave closes."""

    __tablename__ = "wave_sample"
    __table_args__: Any = (Index("ix_wave_sample_person", "person_id"), NO_ROWID)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class WaveLot(Model):
    """The secret by which a wave draws lots, while it runs: whoever knew it could work out whom the
    wave asked about what."""

    __tablename__ = "wave_lot"
    __table_args__: Any = (NO_ROWID,)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    key: Mapped[str]


class WaveParticipation(Model):
    """Somebody took part in a wave: nothing else is known of it, not even when."""

    __tablename__ = "wave_participation"
    __table_args__: Any = (Index("ix_wave_participation_person", "person_id"), NO_ROWID)

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class SurveyAnswer(Model):
    """One item answered for one service, under a random key."""

    __tablename__ = "survey_answer"
    __table_args__: Any = (
        CheckConstraint("value BETWEEN 0 AND 10", name="value"),
        Index("ix_survey_answer_cell", "wave_id", "service_id", "version_id", "value"),
        NO_ROWID,
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_item_version.id"))
    value: Mapped[int]


class SurveyText(Model):
    """What somebody wrote of a service, under a random key."""

    __tablename__ = "survey_text"
    __table_args__: Any = (Index("ix_survey_text_wave", "wave_id", "service_id"), NO_ROWID)

    key: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_item_version.id"))
    lang: Mapped[str] = mapped_column(default="")
    body: Mapped[LongText]
