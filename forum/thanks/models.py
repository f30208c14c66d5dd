"""Thank-yous: a line, to whom, for what; and where somebody was asked for one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Thanks(Model):
    """One line of thanks; an empty `subject_kind` is for nothing that the forum knows.

    `author_department_id` is the author's department that day. `everyone` says that it went to
    whoever worked on its subject. A withdrawn one is nobody's any more.
    """

    __tablename__ = "thanks"
    __table_args__ = (
        CheckConstraint("(subject_kind = '') = (subject_id IS NULL)", name="subject"),
        Index("ix_thanks_author", "author_id", "at"),
        Index("ix_thanks_subject", "subject_kind", "subject_id", "author_id"),
        Index("ix_thanks_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_department_id: Mapped[int | None] = mapped_column(
        ForeignKey("department.id"), index=True
    )
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"), index=True)
    lang: Mapped[str] = mapped_column(default="en")
    private: Mapped[bool] = mapped_column(default=False)
    everyone: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    hidden_why_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))


class ThanksTo(Model):
    """Somebody whom a thank-you is to, or, without a person, a department.

    Beside a person `department_id` is the one they belonged to that day. Who is not `named` was
    reached as one of everyone who worked on it.
    """

    __tablename__ = "thanks_to"
    __table_args__ = (
        UniqueConstraint("thanks_id", "person_id", "department_id"),
        CheckConstraint("person_id IS NOT NULL OR department_id IS NOT NULL", name="somebody"),
        Index("ix_thanks_to_person", "person_id", "thanks_id"),
        Index("ix_thanks_to_department", "department_id", "thanks_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    thanks_id: Mapped[int] = mapped_column(ForeignKey("thanks.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    named: Mapped[bool] = mapped_column(default=True)


class ThanksNotNow(Model):
    """Somebody was asked to say thank you for a thing, and does not want to be asked again."""

    __tablename__ = "thanks_not_now"
    __table_args__: Any = {}

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
