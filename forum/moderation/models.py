"""What waits for moderators: matters, the flags that open them, notes; and what is in the trash."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class State(StrEnum):
    """Whose turn a matter is."""

    WAITING = "waiting"
    AUTHOR = "author"
    REPAIRED = "repaired"
    CLOSED = "closed"


OPEN = (State.WAITING, State.REPAIRED)
"""States in which moderators have the turn."""


class Outcome(StrEnum):
    """What a moderator decided on a matter; undecided is empty."""

    HIDDEN = "hidden"
    DISAGREED = "disagreed"
    IGNORED = "ignored"
    DELETED = "deleted"
    APPROVED = "approved"


class Reason(StrEnum):
    """Why somebody flags a thing; few, so that one can be chosen at a glance."""

    RUDE = "rude"
    PRIVATE = "private"
    SPAM = "spam"
    WRONG_PLACE = "wrong-place"
    OTHER = "other"


FLAGS, FIRST_POST = "flags", "first-post"
"""Kinds of matters. Whoever adds another names it and registers its work (see `work`)."""


GIVEN_BACK = "given-back"
"""What a decision ended where nobody could repair the thing any more."""


class Matter(Model):
    """A thing that moderators look at, once a kind as long as it is not closed.

    `serial` grows with every decision and its undoing: news of an earlier one stand no longer.
    `moved_at` is when it last came to the moderators, which is what a reminder counts from.
    `before` is the state that the decision ended, or GIVEN_BACK; of a repair, that nobody could
    make it.
    """

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'author', 'repaired', 'closed')", name="state"),
        Index(
            "uq_matter_open",
            "kind",
            "thing_kind",
            "thing_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_matter_thing", "thing_kind", "thing_id", "id"),
        Index("ix_matter_waiting", "kind", "state", "moved_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    kind: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[int]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default=State.WAITING)
    outcome: Mapped[str] = mapped_column(default="")
    before: Mapped[str] = mapped_column(default="")
    serial: Mapped[int] = mapped_column(default=0)
    flag_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    moved_at: Mapped[datetime] = mapped_column(default=now)
    reminded_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    why_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))

    @property
    def given_back(self) -> bool:
        """Whether it came back to moderators because nobody can repair the thing any more."""
        return self.state == State.REPAIRED and self.before == State.AUTHOR


class Flag(Model):
    """One person's reason to look at a thing; who it was is for moderators only."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("matter_id", "person_id"),
        Index("ix_flag_person", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class MatterNote(Model):
    """What moderators tell one another about a matter."""

    __tablename__ = "matter_note"
    __table_args__: Any = {"sqlite_autoincrement": True}

    id: Mapped[Id]
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Trashed(Model):
    """An idea in the trash: since when, by whom, why, and whether it was hidden before."""

    __tablename__ = "trashed"
    __table_args__: Any = {}

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    was_hidden: Mapped[bool] = mapped_column(default=False)
