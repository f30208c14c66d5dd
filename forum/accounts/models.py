"""People, their sessions, and the tokens that let them in once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, validates

from forum.accounts.names import name_key
from forum.core.clock import now
from forum.core.db import Id, JsonDict, Model

ACTIVE_FOR = timedelta(days=90)
"""Somebody who signed in within this time counts as active."""


class Role(StrEnum):
    """What somebody may do in the whole forum."""

    EMPLOYEE = "employee"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Kind(StrEnum):
    """How somebody belongs to the company."""

    STAFF = "staff"
    BOARD = "board"
    CONSULTANT = "consultant"


def _key_of_name(context: DefaultExecutionContext) -> str:
    parameters = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return name_key(str(parameters.get("name", "")))


class Person(Model):
    """Somebody who signs in, by e-mail or staff number."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("role IN ('employee', 'moderator', 'admin')", name="role"),
        CheckConstraint("kind IN ('staff', 'board', 'consultant')", name="kind"),
        Index("ix_person_name", "name_key", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default=_key_of_name)
    email: Mapped[str | None] = mapped_column(unique=True)
    login: Mapped[str | None] = mapped_column(unique=True)
    job_title: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(default=Role.EMPLOYEE)
    kind: Mapped[str] = mapped_column(default=Kind.STAFF)
    locale: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    department_id: Mapped[int | None] = mapped_column(
        ForeignKey("department.id", use_alter=True), index=True
    )
    epoch: Mapped[int] = mapped_column(default=1)
    unread: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    signed_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    imported_from: Mapped[str | None] = mapped_column(unique=True)

    @validates("name")
    def _keep_key(self, _field: str, name: str) -> str:
        self.name_key = name_key(name)
        return name

    @property
    def moderates(self) -> bool:
        """Moderators, and admins, who may do what a moderator may."""
        return self.role in (Role.MODERATOR, Role.ADMIN)

    @property
    def administers(self) -> bool:
        """Administrators."""
        return self.role == Role.ADMIN

    @property
    def is_consultant(self) -> bool:
        """Whether they see only what touches the departments they are attached to."""
        return self.kind == Kind.CONSULTANT and not self.moderates

    @property
    def can_sign_in(self) -> bool:
        """Neither deactivated nor erased."""
        return self.deactivated_at is None and self.erased_at is None

    @property
    def is_active(self) -> bool:
        """Whether they count in figures: not deactivated, signed in within 90 days."""
        recent = self.signed_in_at is not None and self.signed_in_at > now() - ACTIVE_FOR
        return self.can_sign_in and recent


class PersonSession(Model):
    """One signed-in browser, listed for its owner and revocable; it was used up to half a day after
    `seen_at`."""

    __tablename__ = "person_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(default="")
    shared: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None] = mapped_column(default=now)


class Purpose(StrEnum):
    """What a one-time token lets its holder do."""

    INVITATION = "invitation"
    SIGN_IN_CODE = "sign-in-code"
    PASSWORD_RESET = "password-reset"  # noqa: S105
    EMAIL_OLD = "email-old"
    EMAIL_NEW = "email-new"


class OneTimeToken(Model):
    """A link or code that works once, for one purpose, until it expires."""

    __tablename__ = "one_time_token"

    id: Mapped[Id]
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    data: Mapped[JsonDict] = mapped_column(default=dict)


class SignInFailure(Model):
    """A failed sign-in, counted per account and per address so that it holds across workers."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_key_at", "key", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
