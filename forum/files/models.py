"""Uploaded pictures and what they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Upload(Model):
    """A re-encoded picture; seen by its uploader, and by whoever may see what it is used in."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_used", "used_kind", "used_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sha256: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_kind: Mapped[str | None]
    used_id: Mapped[int | None]
