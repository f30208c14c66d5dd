"""What waits in somebody's inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Notification(Model):
    """One piece of news for one person; `kind` says why they hear of it."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notification_inbox", "person_id", "id"),
        Index("ix_notification_event", "event_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int]
    comment_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
