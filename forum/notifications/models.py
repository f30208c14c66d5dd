"""What waits in somebody's inbox, what is to be mailed, and what people want to hear."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Notification(Model):
    """One piece of news for one person; `kind` says why they hear of it.

    `concealed` ones lead to what the person may not see any more; they are neither shown nor
    counted. Those of the same half hour about the same thing lie behind the first (`behind_id`):
    one notice is shown and counted for all of them. `Person.unread` counts the others that are not
    read, exactly. News that gather several events, as those of a saved search, belong to none.
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
        Index(
            "ix_notification_behind",
            "behind_id",
            sqlite_where=text("behind_id IS NOT NULL"),
            postgresql_where=text("behind_id IS NOT NULL"),
        ),
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
    behind_id: Mapped[int | None] = mapped_column(BigInteger)


class DueMail(Model):
    """A piece of news that is to be mailed; the row goes in the write that puts the mail into the
    outbox, so that no crash loses or doubles it."""

    __tablename__ = "due_mail"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_due_mail_due", "due_at", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int] = mapped_column(BigInteger)
    comment_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
    due_at: Mapped[datetime]


class NewsChoice(Model):
    """What somebody wants otherwise than their role has it: one topic by one way."""

    __tablename__ = "news_choice"
    __table_args__: Any = {}

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]


class Level(StrEnum):
    """How much somebody wants to hear of a thing."""

    IGNORE = "ignore"
    NEW = "new"
    UPDATES = "updates"
    ALL = "all"


class Watch(Model):
    """How much somebody wants to hear of an idea, department, tag, standard or person from a moment
    on.

    Ideas are followed by rows of `Follow`; here is only how much of them.
    """

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint("level IN ('ignore', 'new', 'updates', 'all')", name="level"),
        Index("ix_watch_thing", "kind", "thing_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    level: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=now)


class LastMail(Model):
    """When somebody was mailed news last: the weekly mail is for those who were not."""

    __tablename__ = "last_mail"
    __table_args__: Any = {}

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class MailMark(Model):
    """Up to which event news were mailed; it never goes back, so that reading the log again from
    its beginning mails nothing."""

    __tablename__ = "mail_mark"
    __table_args__: Any = {}

    name: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger)


class DigestWeek(Model):
    """How far the mails of a week have come: the id of the last person who was looked at."""

    __tablename__ = "digest_week"
    __table_args__: Any = {}

    week: Mapped[date] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    done_at: Mapped[datetime | None]
