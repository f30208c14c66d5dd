"""Ideas, the departments they affect and their answers, votes, stages and decisions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class StageKind(StrEnum):
    """What a stage means to the rules; a company may have several stages of one kind."""

    DRAFT = "draft"
    OPEN = "open"
    REVIEW = "review"
    ACCEPTED = "accepted"
    STANDARDISED = "standardised"
    DONE = "done"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


VOTABLE = (StageKind.OPEN, StageKind.REVIEW)
FINAL = (
    StageKind.STANDARDISED,
    StageKind.DONE,
    StageKind.DECLINED,
    StageKind.MERGED,
    StageKind.WITHDRAWN,
)


class AnswerKind(StrEnum):
    """What an affected department says; `waiting` while it is open."""

    WAITING = "waiting"
    HELPS = "helps"
    NO_EFFECT = "no_effect"
    NEEDS_CHANGE = "needs_change"
    HARMS = "harms"


NEEDS_REASON = (AnswerKind.NEEDS_CHANGE, AnswerKind.HARMS)


class Stage(Model):
    """A step on the way of an idea; rules ask the kind. The first of a kind has it as its slug.

    One that was removed stays, for the history of ideas that went through it.
    """

    __tablename__ = "stage"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    position: Mapped[int]
    name_en: Mapped[str] = mapped_column(default="", server_default="")
    name_ru: Mapped[str] = mapped_column(default="", server_default="")
    meaning_en: Mapped[str] = mapped_column(default="", server_default="")
    meaning_ru: Mapped[str] = mapped_column(default="", server_default="")
    hue: Mapped[int | None]
    days: Mapped[int | None]
    enter: Mapped[str] = mapped_column(default="moderators", server_default="moderators")
    leave: Mapped[str] = mapped_column(default="moderators", server_default="moderators")
    removed_at: Mapped[datetime | None]


class Idea(Model):
    """A text and the departments it affects. Its current text is the revision of that number."""

    __tablename__ = "idea"
    __table_args__ = (
        CheckConstraint("vote_count >= 0", name="vote_count"),
        Index("ix_idea_new", "stage_kind", "posted_at", "id"),
        Index("ix_idea_posted", "posted_at", "id"),
        Index("ix_idea_supported", "support", "id"),
        Index("ix_idea_stage_supported", "stage_kind", "support", "id"),
        Index("ix_idea_active", "active_at", "id"),
        Index("ix_idea_stage_active", "stage_kind", "active_at", "id"),
        Index("ix_idea_balanced", "balanced", "id"),
        Index("ix_idea_stage_balanced", "stage_kind", "balanced", "id"),
        Index("ix_idea_author", "author_id", "posted_at", "id"),
        Index("ix_idea_department", "author_department_id", "posted_at", "id"),
        Index("ix_idea_owner", "owner_department_id", "stage_kind", "due_on"),
        Index(
            "ix_idea_pinned",
            "pinned_at",
            sqlite_where=text("pinned_at IS NOT NULL"),
            postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        Index(
            "ix_idea_hidden",
            "hidden_at",
            "id",
            sqlite_where=text("hidden_at IS NOT NULL"),
            postgresql_where=text("hidden_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    stage_kind: Mapped[str]
    stage_since: Mapped[datetime] = mapped_column(default=now)
    title: Mapped[str]
    excerpt: Mapped[str] = mapped_column(default="")
    lang: Mapped[str] = mapped_column(default="en")
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    posted_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    active_at: Mapped[datetime] = mapped_column(default=now)
    unsure: Mapped[bool] = mapped_column(default=False)
    vote_count: Mapped[int] = mapped_column(default=0)
    imported_votes: Mapped[int] = mapped_column(default=0)
    support: Mapped[int] = mapped_column(default=0)
    balanced: Mapped[float] = mapped_column(default=0.0)
    comment_count: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    owner_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    hidden_at: Mapped[datetime | None]
    trashed_at: Mapped[datetime | None]
    """What is in the trash is hidden as well."""
    purged_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    source_id: Mapped[str | None] = mapped_column(unique=True)
    source_digest: Mapped[str | None]
    anonymous: Mapped[str] = mapped_column(default="", server_default="")
    """Who may learn who posted it without a name (`anonymous.models.Level`); empty for a signed
    one."""
    gains: Mapped[str] = mapped_column(default="", server_default="")
    """Who gains from it (`gains.GAINS`); empty where nobody said."""


class IdeaRevision(Model):
    """What an idea said at one time, readable for as long as the idea is."""

    __tablename__ = "idea_revision"
    __table_args__ = (
        UniqueConstraint("idea_id", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    number: Mapped[int]
    title: Mapped[str]
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    editor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def of(cls, idea: Idea, editor_id: int, at: datetime) -> IdeaRevision:
        """What the idea says at this moment, as that person left it."""
        return cls(
            idea_id=idea.id,
            number=idea.revision,
            title=idea.title,
            problem_id=idea.problem_id,
            proposal_id=idea.proposal_id,
            editor_id=editor_id,
            at=at,
        )


class Answer(Model):
    """An affected department's slot; `revision` is the idea's revision it was given on.

    Its clock: `due_on` is the last day to answer, `allowed_days` how many working days it gives,
    `nudged` how many reminders were sent and `nudge_on` the day of the next; `paused_at` since when
    it rests. Slots that were imported, or are older than the clock, have none.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("idea_id", "department_id"),
        CheckConstraint(
            "answer IN ('waiting', 'helps', 'no_effect', 'needs_change', 'harms')", name="answer"
        ),
        Index("ix_answer_department", "department_id", "answer", "asked_at"),
        Index(
            "ix_answer_nudge",
            "nudge_on",
            sqlite_where=text("nudge_on IS NOT NULL"),
            postgresql_where=text("nudge_on IS NOT NULL"),
        ),
        Index(
            "ix_answer_late",
            "due_on",
            sqlite_where=text("answer = 'waiting' AND paused_at IS NULL"),
            postgresql_where=text("answer = 'waiting' AND paused_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    answer: Mapped[str] = mapped_column(default=AnswerKind.WAITING)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date | None]
    allowed_days: Mapped[int | None]
    nudged: Mapped[int] = mapped_column(default=0, server_default="0")
    nudge_on: Mapped[date | None]
    paused_at: Mapped[datetime | None]


class Question(Model):
    """What a department asked the author before it answers, once; a comment under the idea.

    Its clock rests until `closed_at`: the author has answered, or the department has.
    """

    __tablename__ = "answer_question"
    __table_args__ = (
        UniqueConstraint("answer_id", "department_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]


class Handover(Model):
    """“Not ours”: a slot that passed to another department, with the clock it had until then.

    By nobody where the department itself became part of the other one.
    """

    __tablename__ = "answer_handover"
    __table_args__: Any = {"sqlite_autoincrement": True}

    id: Mapped[Id]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    allowed_days: Mapped[int | None]
    nudged: Mapped[int] = mapped_column(default=0)


class AnswerRevision(Model):
    """Every answer a department gave, in order."""

    __tablename__ = "answer_revision"

    id: Mapped[Id]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    answer: Mapped[str]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Vote(Model):
    """One person's support. Secret: read only to count, or to tell its owner."""

    __tablename__ = "vote"
    __table_args__ = (Index("ix_vote_person", "person_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    revision: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)


class Follow(Model):
    """Somebody who wants to hear what happens to an idea from a moment on, or of all of it."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_person", "person_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime | None] = mapped_column(default=now)


class StageChange(Model):
    """Who moved an idea, when, and why."""

    __tablename__ = "stage_change"

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    from_kind: Mapped[str]
    to_kind: Mapped[str]
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Decision(Model):
    """Accept, with an owner department and a date, or decline, with a public reason."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "ix_decision_asked",
            "asked_due_on",
            sqlite_where=text("asked_due_on IS NOT NULL"),
            postgresql_where=text("asked_due_on IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    decision: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    revisit_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    reason_code: Mapped[str] = mapped_column(default="")
    owner_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_on: Mapped[date | None]
    override: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_due_on: Mapped[date | None]
    asked_reason_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))


class Tag(Model):
    """A word people file ideas under."""

    __tablename__ = "tag"

    id: Mapped[Id]
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)


class IdeaTag(Model):
    """An idea filed under a tag."""

    __tablename__ = "idea_tag"
    __table_args__ = (Index("ix_idea_tag_tag", "tag_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
