"""What waits in somebody's inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Notification(Model):
    """One piece of news for one person; `kind` says why they hear of it.

    `concealed` ones lead to what the person may not see any more; they are neither shown nor
    counted. `Person.unread` counts the others that are not read, exactly. News that gather several
    events, as those of a saved search, belong to none.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notification_inbox", "person_id", "at", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            "at",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notification_object", "object_kind", "object_id"),
        Index("ix_notification_comment", "comment_id"),
        Index("ix_notification_event", "event_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int]
    comment_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    concealed: Mapped[bool] = mapped_column(default=False)
