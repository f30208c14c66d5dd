"""Merges of ideas, with a record of what moved, so that each can be taken back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model

STANDING = text("undone_at IS NULL")


class Merge(Model):
    """A child became part of a parent; it stands until it is undone, one at a time for a child.

    `moved` and `both` count supporters who came along and who were there already; `imported` and
    `imported_both` the same of support that is a number, and goes back as one.
    """

    __tablename__ = "idea_merge"
    __table_args__ = (
        Index("ix_idea_merge_parent", "parent_id"),
        Index(
            "ix_idea_merge_standing",
            "child_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    parent_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    from_kind: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    comment_id: Mapped[int | None] = mapped_column(BigInteger)
    moved: Mapped[int] = mapped_column(default=0)
    both: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)
    imported_both: Mapped[int] = mapped_column(default=0, server_default="0")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PersonPart(StrEnum):
    """What of a person moves with an idea."""

    VOTE = "vote"
    FOLLOW = "follow"


class MergedPerson(Model):
    """Somebody's vote or wish to hear that moved; as secret as the vote itself.

    `both`: they were on the parent already. Also since when the child's was there and, of votes,
    what it said; and since when the one on the parent is: one given since is another.
    """

    __tablename__ = "merged_person"
    __table_args__ = (Index("ix_merged_person_person", "person_id"),)

    merge_id: Mapped[int] = mapped_column(ForeignKey("idea_merge.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    both: Mapped[bool]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    revision: Mapped[int | None]
    at: Mapped[datetime | None]
    here_at: Mapped[datetime | None]


class RowPart(StrEnum):
    """Which of an idea's rows move with it."""

    COMMENT = "comment"
    SLOT = "slot"


class MergedRow(Model):
    """A comment that moved, or the slot that was opened on the parent."""

    __tablename__ = "merged_row"
    __table_args__: Any = {}

    merge_id: Mapped[int] = mapped_column(ForeignKey("idea_merge.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class IdeaAuthor(Model):
    """A co-author, who writes an idea beside its author; `merge_id` where they came with an idea,
    none where they were invited or imported."""

    __tablename__ = "idea_author"
    __table_args__ = (Index("ix_idea_author_person", "person_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("idea_merge.id"))
    at: Mapped[datetime] = mapped_column(default=now)
