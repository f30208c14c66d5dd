"""Cases that are worth learning from, the sessions that revisit them, and who came."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class CaseState(StrEnum):
    """Who may read a case: its writer, also the departments that check it, or everybody."""

    DRAFT = "draft"
    CHECKING = "checking"
    OPEN = "open"


class Check(StrEnum):
    """What a department says of a case."""

    WAITING = "waiting"
    FINE = "fine"
    CHANGE = "change"


class Outcome(StrEnum):
    """How a session ends a case."""

    CLARIFY = "clarify"
    IDEA = "idea"
    PRAISE = "praise"
    NONE = "none"


class Case(Model):
    """A situation that was, without anybody's name.

    `origin_kind` and `origin_id` tell what it was made of only until it is open to everybody: a
    case forgets who reported it. `confirmed` are words that look like names and are none.
    """

    __tablename__ = "training_case"
    __table_args__ = (
        Index("ix_training_case_state", "state", "opened_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(default="en")
    month: Mapped[date | None]
    situation_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    happened_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    learned_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    state: Mapped[str] = mapped_column(default=CaseState.DRAFT)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    origin_kind: Mapped[str] = mapped_column(default="")
    origin_id: Mapped[int | None] = mapped_column(BigInteger)
    confirmed: Mapped[LongText] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    opened_at: Mapped[datetime | None]


class CaseDepartment(Model):
    """A department that a case touches, and what it says of the wording."""

    __tablename__ = "training_case_department"
    __table_args__ = (Index("ix_training_case_department_department", "department_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(default=Check.WAITING)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[LongText] = mapped_column(default="")
    at: Mapped[datetime | None]


class CaseService(Model):
    """A service that a case is about; gone with it, as when departments are merged."""

    __tablename__ = "training_case_service"
    __table_args__ = (Index("ix_training_case_service_service", "service_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )


class CaseStandard(Model):
    """A standard that a case is about, whichever of its clauses."""

    __tablename__ = "training_case_standard"
    __table_args__ = (Index("ix_training_case_standard_standard", "standard_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"), primary_key=True)


class CaseClause(Model):
    """A clause that a case is about."""

    __tablename__ = "training_case_clause"
    __table_args__ = (Index("ix_training_case_clause_clause", "clause_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)


class CaseIdea(Model):
    """An idea that came of a case."""

    __tablename__ = "training_case_idea"
    __table_args__ = (Index("ix_training_case_idea_case", "case_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"))


class Session(Model):
    """A meeting that revisits cases.

    `starts_at` is a moment, `zone` where its clock hangs; `serial` counts what calendars have to
    learn, and `uid` is what they know it by. Where it `confirms`, whoever came has confirmed the
    standards it trains. `reminded_at` is when those with a seat were.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        Index("ix_training_session_starts", "starts_at", "id"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("minutes > 0", name="minutes"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    serial: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(default="en")
    about_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    starts_at: Mapped[datetime]
    zone: Mapped[str]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int]
    host_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    confirms: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[LongText] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]


class SessionDepartment(Model):
    """A department that attends."""

    __tablename__ = "training_session_department"
    __table_args__ = (Index("ix_training_session_department_department", "department_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class SessionStandard(Model):
    """A standard that is trained."""

    __tablename__ = "training_session_standard"
    __table_args__ = (Index("ix_training_session_standard_standard", "standard_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"), primary_key=True)


class Invitation(Model):
    """Somebody was asked to come."""

    __tablename__ = "training_invitation"
    __table_args__: Any = (Index("ix_training_invitation_person", "person_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Seat(Model):
    """Somebody signed up: the first of them up to the capacity have a seat, the others wait in the
    order of their ids. `department_id` is theirs of that day; `answered` whether they gave
    feedback, which is kept apart from them.
    """

    __tablename__ = "training_seat"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_training_seat_person", "person_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    waiting: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    attended: Mapped[bool | None]
    answered: Mapped[bool] = mapped_column(default=False)


class Share(Model):
    """How many of a department's people were trained in a standard, when some of them last were.

    Written when a host notes who came and at no other time: a share that moved with somebody who
    leaves would tell whether they had come.
    """

    __tablename__ = "training_share"
    __table_args__: Any = {}

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"), primary_key=True)
    trained: Mapped[int]
    people: Mapped[int]


class AgendaItem(Model):
    """A case on the agenda of a session, and how it ended there."""

    __tablename__ = "training_agenda"
    __table_args__ = (
        UniqueConstraint("session_id", "case_id"),
        Index("ix_training_agenda_case", "case_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("training_case.id"))
    place: Mapped[int] = mapped_column(default=0)
    dropped: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None]
    note: Mapped[LongText] = mapped_column(default="")
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime | None]


class Feedback(Model):
    """What somebody who came said of a session: nobody's, without a time, under a random key."""

    __tablename__ = "training_feedback"
    # SQLite would number rows as they come.
    __table_args__: Any = (
        Index("ix_training_feedback_session", "session_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    useful: Mapped[int]
    better: Mapped[int]
