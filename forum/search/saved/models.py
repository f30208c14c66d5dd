"""Searches that somebody keeps, and what each of them has told already."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class Alert(StrEnum):
    """How soon somebody hears of what is new in a saved search."""

    NEVER = "never"
    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(Model):
    """A search as its address says it, under a name; its owner alone sees it.

    Its alert tells of events after `since`, and of nothing that is older than `known_from`
    (microseconds): see `told.know`.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("person_id", "address_key"),
        CheckConstraint("alert IN ('never', 'at-once', 'daily', 'weekly')", name="alert"),
        Index("ix_saved_search_alert", "alert"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    address: Mapped[LongText]
    address_key: Mapped[str]
    alert: Mapped[str] = mapped_column(default=Alert.NEVER)
    since: Mapped[int] = mapped_column(BigInteger, default=0)
    known_from: Mapped[int] = mapped_column(BigInteger, default=0)
    feed_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]


class ToldThing(Model):
    """A thing that a saved search found: it waits to be told while `told_at` is empty, and is never
    told again afterwards."""

    __tablename__ = "told_thing"
    __table_args__ = (
        UniqueConstraint("saved_search_id", "kind", "thing_id"),
        Index(
            "ix_told_thing_waiting",
            "saved_search_id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id"))
    kind: Mapped[str]
    thing_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(default=now)
    told_at: Mapped[datetime | None]
