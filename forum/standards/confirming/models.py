"""Whom a version asks besides departments, and how far reminders have come."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model


class Way(StrEnum):
    """How somebody confirmed: on the page, on paper, with the version before a minor change, or by
    training."""

    PAGE = "page"
    PAPER = "paper"
    CARRIED = "carried"
    TRAINING = "training"


class What(StrEnum):
    """By what people are named."""

    ROLE = "role"
    KIND = "kind"


class VersionPeople(Model):
    """A role or a kind to which the audience of a version is narrowed down."""

    __tablename__ = "version_people"
    __table_args__ = (CheckConstraint("what IN ('role', 'kind')", name="what"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class ReminderRound(Model):
    """A day's reminders: what was asked for between two moments, and the last person reminded.

    `soon` counts what is due soon, `late` what is overdue. A round goes on where it stopped.
    """

    __tablename__ = "confirmation_round"
    __table_args__: Any = {}

    day: Mapped[date] = mapped_column(primary_key=True)
    soon_from: Mapped[datetime]
    soon_until: Mapped[datetime]
    late_from: Mapped[datetime]
    late_until: Mapped[datetime]
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    done_at: Mapped[datetime | None]
